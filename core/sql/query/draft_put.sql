-- SPDX-License-Identifier: Apache-2.0
INSERT INTO drafts (
	staff, case_id, kind, seq, at, blob)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (case_id, staff, kind) DO UPDATE SET seq = excluded.seq, at = excluded.at, blob = excluded.blob
WHERE excluded.seq > seq
