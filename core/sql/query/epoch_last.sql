-- SPDX-License-Identifier: Apache-2.0
SELECT number, sealer, public, signature, made_at
FROM epochs WHERE sealer = ?1 ORDER BY number DESC LIMIT 1
