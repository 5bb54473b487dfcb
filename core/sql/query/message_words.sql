-- SPDX-License-Identifier: Apache-2.0
SELECT m.case_id, m.n, m.kind, m.key_id, m.note_key, m.author, m.alias, m.at, m.seen_at, m.recalled_at, m.risk,
	m.hits, m.screened_at, m.body, b.blob
FROM messages AS m LEFT JOIN bodies AS b ON b.id = m.body
WHERE case_id = ?1 AND n > ?2 AND (?4 IS NULL OR instr(',' || ?4 || ',', ',' || kind || ',') > 0) ORDER BY n LIMIT ?3
