-- SPDX-License-Identifier: Apache-2.0
INSERT INTO cases (
	id, uid, site, desk, state, marks, risk, tick, version, channel, kind, urgency, relation, age_band, gender,
	region, category, groups, prefer, mood, lang, live, owner, touched, opened_by, cover, cover_until,
	disposition, closing_by, messages, opened_at, oldest_at, first_reply_at, replied_at, closed_at, due_at,
	reply_by, screen_until, lease_until, withdrawn_at, erase_at, changed_at, hits, continues, caller_hash,
	caller_epoch, caller_opened_at, show_own, mac)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
	?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46,
	?47, ?48, ?49)
