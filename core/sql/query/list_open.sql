-- SPDX-License-Identifier: Apache-2.0
SELECT id, uid, site, desk, state, marks, risk, tick, version, channel, kind, urgency, relation, age_band, gender,
	region, category, groups, prefer, mood, lang, live, owner, touched, opened_by, cover, cover_until,
	disposition, closing_by, messages, opened_at, oldest_at, first_reply_at, replied_at, closed_at, due_at,
	reply_by, screen_until, lease_until, withdrawn_at, erase_at, changed_at, hits, continues, caller_hash,
	caller_epoch, caller_opened_at, show_own, mac
FROM cases WHERE desk = ?1 AND state = ?2 AND risk = ?3 AND id < ?4 AND state NOT IN ('closed','archived')
ORDER BY id DESC
