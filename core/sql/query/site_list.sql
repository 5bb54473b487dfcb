-- SPDX-License-Identifier: Apache-2.0
SELECT num, id, parent, name_zh, name_en
FROM sites ORDER BY num
