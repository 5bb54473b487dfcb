-- SPDX-License-Identifier: Apache-2.0
INSERT INTO jobs (
	id, service, state, attempts, not_before, case_id, n, bundle, crisis_wrap, generation, epoch, sealer, request,
	reply, titanic, made_at, done_at)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
