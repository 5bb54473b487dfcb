-- SPDX-License-Identifier: Apache-2.0
INSERT OR REPLACE INTO desk_keys (
	kind, num, generation, holder, epoch, wrap, made_at)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7)
