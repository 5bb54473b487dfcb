-- SPDX-License-Identifier: Apache-2.0
UPDATE cases SET
	uid = ?2, site = ?3, desk = ?4, state = ?5, marks = ?6, risk = ?7, tick = ?8, version = ?9, channel = ?10,
	kind = ?11, urgency = ?12, relation = ?13, age_band = ?14, gender = ?15, region = ?16, category = ?17,
	groups = ?18, prefer = ?19, mood = ?20, lang = ?21, live = ?22, owner = ?23, touched = ?24, opened_by = ?25,
	cover = ?26, cover_until = ?27, disposition = ?28, closing_by = ?29, messages = ?30, opened_at = ?31,
	oldest_at = ?32, first_reply_at = ?33, replied_at = ?34, closed_at = ?35, due_at = ?36, reply_by = ?37,
	screen_until = ?38, lease_until = ?39, withdrawn_at = ?40, erase_at = ?41, changed_at = ?42, hits = ?43,
	continues = ?44, caller_hash = ?45, caller_epoch = ?46, caller_opened_at = ?47, show_own = ?48, mac = ?49
WHERE id = ?1
