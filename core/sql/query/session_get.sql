-- SPDX-License-Identifier: Apache-2.0
SELECT id, hash, staff, keys, made_at, used_at, until_at, ended_at
FROM sessions WHERE id = ?1
