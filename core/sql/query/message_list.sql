-- SPDX-License-Identifier: Apache-2.0
SELECT case_id, n, kind, key_id, note_key, author, alias, at, seen_at, recalled_at, risk, hits, screened_at, body
FROM messages WHERE case_id = ?1 AND n > ?2 AND (?4 IS NULL OR instr(',' || ?4 || ',', ',' || kind || ',') > 0) ORDER BY n LIMIT ?3
