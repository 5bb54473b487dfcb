-- SPDX-License-Identifier: Apache-2.0
SELECT id, service, state, attempts, not_before, case_id, n, bundle, crisis_wrap, generation, epoch, sealer, request,
	reply, titanic, made_at, done_at
FROM jobs WHERE titanic = ?1 AND titanic IS NOT NULL
