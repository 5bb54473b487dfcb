-- SPDX-License-Identifier: Apache-2.0
SELECT kind, num, generation, holder, epoch, wrap, made_at
FROM desk_keys WHERE holder = ?1 ORDER BY kind, num, generation
