-- SPDX-License-Identifier: Apache-2.0
INSERT INTO epochs (
	number, sealer, public, signature, made_at)
VALUES (
	?1, ?2, ?3, ?4, ?5)
