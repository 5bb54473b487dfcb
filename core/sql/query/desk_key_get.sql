-- SPDX-License-Identifier: Apache-2.0
SELECT kind, num, generation, holder, epoch, wrap, made_at
FROM desk_keys WHERE kind = ?1 AND num = ?2 AND generation = ?3 AND holder = ?4
