-- SPDX-License-Identifier: Apache-2.0
SELECT num, id, site, kind, name_zh, name_en, open, generation
FROM desks ORDER BY num
