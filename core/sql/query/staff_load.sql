-- SPDX-License-Identifier: Apache-2.0
SELECT count(*), coalesce(sum(1 + risk), 0) FROM cases
WHERE owner = ?1 AND owner IS NOT NULL AND state NOT IN ('closed','archived')
