-- SPDX-License-Identifier: Apache-2.0
-- The first schema. Times are UTC milliseconds. Words (blobs) live in `bodies`, wraps in `wraps`; everything else is facts.
-- Append-only folder: a later change is a new file.
-- A CHECK of more than two words is a chain of OR: for a longer IN SQLite builds a table in memory at every INSERT and UPDATE,
-- which made half the cost of a submit.

CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

CREATE TABLE sites (
	num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, parent INTEGER REFERENCES sites(num),
	name_zh TEXT NOT NULL, name_en TEXT NOT NULL
) STRICT;

CREATE TABLE desks (
	num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,          -- "450100.psych"
	site INTEGER NOT NULL REFERENCES sites(num), kind TEXT NOT NULL,
	name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
	open INTEGER NOT NULL DEFAULT 1, generation INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE staff (
	id INTEGER PRIMARY KEY, user TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
	site INTEGER NOT NULL REFERENCES sites(num), roles INTEGER NOT NULL,  -- CASE_ROLE_ bits
	state TEXT NOT NULL CHECK (state IN ('invited','active','disabled','left')),
	presence TEXT NOT NULL DEFAULT 'off' CHECK (presence IN ('off','on','break','wrap_up')),
	capacity INTEGER,                                            -- NULL: no limit
	salt BLOB NOT NULL, auth BLOB NOT NULL,                      -- BLAKE2b of the auth half
	kdf_bytes INTEGER NOT NULL, kdf_passes INTEGER NOT NULL,
	public BLOB NOT NULL, secret BLOB NOT NULL,                  -- X25519; secret sealed under the wrap half
	recovery_salt BLOB, recovery_auth BLOB, recovery_secret BLOB,
	totp BLOB, totp_step INTEGER NOT NULL DEFAULT 0,             -- sealed under the person's key
	must_change INTEGER NOT NULL DEFAULT 0,                      -- one-time code: a new password before anything else
	failures INTEGER NOT NULL DEFAULT 0, wait_until INTEGER NOT NULL DEFAULT 0,
	lang TEXT NOT NULL DEFAULT 'zh-CN', settings TEXT NOT NULL DEFAULT '{}',
	made_at INTEGER NOT NULL, seen_at INTEGER,
	mac BLOB NOT NULL                                            -- by web, over the public row
) STRICT;

CREATE TABLE staff_desks (
	staff INTEGER NOT NULL REFERENCES staff(id), desk INTEGER NOT NULL REFERENCES desks(num),
	PRIMARY KEY (staff, desk)
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_desks_desk ON staff_desks(desk);

-- A desk's secret, sealed to one holder: holder > 0 a person, 0 the recovery sheet. Oversight pairs: desk NULL is not used; kind tells.
CREATE TABLE desk_keys (
	kind TEXT NOT NULL CHECK (kind IN ('desk','oversight')), num INTEGER NOT NULL, generation INTEGER NOT NULL,
	holder INTEGER NOT NULL, epoch INTEGER NOT NULL, wrap BLOB NOT NULL, made_at INTEGER NOT NULL,
	PRIMARY KEY (kind, num, generation, holder)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_keys_holder ON desk_keys(holder);

CREATE TABLE sessions (
	id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, staff INTEGER NOT NULL REFERENCES staff(id),
	keys BLOB NOT NULL,                                          -- keyring sealed under the token
	made_at INTEGER NOT NULL, used_at INTEGER NOT NULL, until_at INTEGER NOT NULL,
	ended_at INTEGER
) STRICT;
CREATE INDEX sessions_staff ON sessions(staff) WHERE ended_at IS NULL;

CREATE TABLE epochs (
	number INTEGER NOT NULL, sealer TEXT NOT NULL CHECK (sealer IN ('intake','web')),
	public BLOB NOT NULL, signature BLOB NOT NULL, made_at INTEGER NOT NULL,
	PRIMARY KEY (sealer, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
	id INTEGER PRIMARY KEY, uid BLOB NOT NULL,
	site INTEGER NOT NULL, desk INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state = 'screening' OR state = 'waiting' OR state = 'assigned' OR state = 'in_progress'
		OR state = 'awaiting_caller' OR state = 'closing_review' OR state = 'closed' OR state = 'archived'),
	marks INTEGER NOT NULL DEFAULT 0, risk INTEGER NOT NULL DEFAULT 0 CHECK (risk BETWEEN 0 AND 3),
	tick INTEGER NOT NULL DEFAULT 0,                             -- floor set by the caller's own tick
	version INTEGER NOT NULL DEFAULT 1,
	channel TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'consult', urgency TEXT NOT NULL DEFAULT 'normal',
	relation TEXT NOT NULL DEFAULT 'self', age_band TEXT NOT NULL DEFAULT 'unsaid', gender TEXT NOT NULL DEFAULT 'unsaid',
	region TEXT NOT NULL DEFAULT '', category TEXT NOT NULL DEFAULT '', groups TEXT NOT NULL DEFAULT '[]',
	prefer TEXT NOT NULL DEFAULT '{}', mood INTEGER, lang TEXT NOT NULL DEFAULT 'zh-CN', live INTEGER NOT NULL DEFAULT 0,
	owner INTEGER, touched INTEGER NOT NULL DEFAULT 0,           -- a reply or note by the owner exists
	opened_by INTEGER,                                           -- first human opening settles the desk
	cover INTEGER, cover_until INTEGER,                          -- who does the due thing of an absent owner, and until when
	disposition TEXT, closing_by INTEGER,                        -- who asked for the closing under review
	messages INTEGER NOT NULL DEFAULT 0,
	opened_at INTEGER NOT NULL, oldest_at INTEGER,               -- oldest unanswered message; NULL: nothing unanswered
	first_reply_at INTEGER, replied_at INTEGER, closed_at INTEGER, due_at INTEGER, reply_by INTEGER,
	screen_until INTEGER, lease_until INTEGER, withdrawn_at INTEGER, erase_at INTEGER, changed_at INTEGER NOT NULL,
	hits TEXT NOT NULL DEFAULT '[]',                             -- rules that hit: ids and risk, no words
	continues INTEGER,                                           -- earlier case of the same caller (chain)
	caller_hash BLOB, caller_epoch INTEGER NOT NULL DEFAULT 1, caller_opened_at INTEGER,
	show_own INTEGER NOT NULL DEFAULT 0,                         -- the caller chose to see their own words
	mac BLOB NOT NULL
) STRICT;
-- Lists read one narrow range per desk, state and level, so no filter scans; new cases land at the end of their range.
CREATE INDEX cases_open ON cases(desk, state, risk, id) WHERE state NOT IN ('closed','archived');
CREATE INDEX cases_ended ON cases(desk, state, risk, closed_at) WHERE state IN ('closed','archived');
CREATE INDEX cases_owner ON cases(owner, id) WHERE owner IS NOT NULL AND state NOT IN ('closed','archived');
CREATE INDEX cases_ended_owner ON cases(owner, state, closed_at) WHERE owner IS NOT NULL AND state IN ('closed','archived');
CREATE INDEX cases_cover ON cases(cover, id) WHERE cover IS NOT NULL;
CREATE INDEX cases_screening ON cases(screen_until) WHERE screen_until IS NOT NULL;
CREATE INDEX cases_lease ON cases(lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX cases_cover_until ON cases(cover_until) WHERE cover_until IS NOT NULL;
CREATE INDEX cases_silent ON cases(replied_at) WHERE state = 'awaiting_caller';
CREATE INDEX cases_erase ON cases(erase_at) WHERE erase_at IS NOT NULL;

-- How many: cases by desk, state and level; queue rows by desk, what and level. Kept by the store in the transaction that changes them.
CREATE TABLE counts (
	desk INTEGER NOT NULL, of TEXT NOT NULL CHECK (of IN ('case','queue')), word TEXT NOT NULL, risk INTEGER NOT NULL,
	n INTEGER NOT NULL, PRIMARY KEY (desk, of, word, risk)
) STRICT, WITHOUT ROWID;

-- What needs a hand at a desk, in serving order. Derived from cases, tasks and follow-ups by the router in the same transaction.
CREATE TABLE queue (
	desk INTEGER NOT NULL, rank INTEGER NOT NULL, case_id INTEGER NOT NULL,
	what TEXT NOT NULL CHECK (what = 'case' OR what = 'task' OR what = 'covered' OR what = 'followup'),
	ref INTEGER NOT NULL DEFAULT 0,
	risk INTEGER NOT NULL, owner INTEGER, since INTEGER NOT NULL, why TEXT NOT NULL,
	PRIMARY KEY (desk, rank, case_id, what, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_case ON queue(case_id);
CREATE INDEX queue_risk ON queue(desk, risk, rank);

CREATE TABLE messages (
	case_id INTEGER NOT NULL, n INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind = 'message' OR kind = 'reply' OR kind = 'note' OR kind = 'summary' OR kind = 'contact'
		OR kind = 'referral' OR kind = 'system'),
	key_id BLOB NOT NULL,                                        -- 8 bytes: message id of the key derivation
	note_key INTEGER NOT NULL DEFAULT 0,                         -- which note key (wraps.note_key) sealed it; 0 the case key
	author INTEGER NOT NULL DEFAULT 0,                           -- staff id; 0 the caller
	alias TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL, seen_at INTEGER, recalled_at INTEGER,
	risk INTEGER NOT NULL DEFAULT 0, hits TEXT NOT NULL DEFAULT '[]', screened_at INTEGER,
	body INTEGER NOT NULL,
	PRIMARY KEY (case_id, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE bodies (id INTEGER PRIMARY KEY, blob BLOB NOT NULL) STRICT;

CREATE TABLE wraps (
	case_id INTEGER NOT NULL,
	target TEXT NOT NULL CHECK (target = 'caller' OR target = 'desk' OR target = 'task' OR target = 'offer'
		OR target = 'oversight'),
	desk INTEGER NOT NULL DEFAULT 0, generation INTEGER NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 0,
	sealer TEXT NOT NULL DEFAULT 'intake',
	note_key INTEGER NOT NULL DEFAULT 1, blob BLOB NOT NULL,
	PRIMARY KEY (case_id, target, desk, note_key)
) STRICT, WITHOUT ROWID;

-- A durable request to a worker service: screening of a message, or a foreign service (TSP, plain Majordomo).
CREATE TABLE jobs (
	id INTEGER PRIMARY KEY, service TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state = 'ready' OR state = 'parked' OR state = 'done'),
	attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0,
	case_id INTEGER, n INTEGER, bundle BLOB, crisis_wrap BLOB,   -- screening; crisis_wrap: kept only if it finds a crisis
	generation INTEGER NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 0, sealer TEXT NOT NULL DEFAULT 'intake',
	request BLOB, reply BLOB, titanic BLOB,                      -- foreign; titanic: 16-byte id
	made_at INTEGER NOT NULL, done_at INTEGER
) STRICT;
CREATE INDEX jobs_ready ON jobs(service, id) WHERE state = 'ready';
CREATE INDEX jobs_done ON jobs(done_at) WHERE done_at IS NOT NULL;
CREATE INDEX jobs_parked ON jobs(id) WHERE state = 'parked';
CREATE INDEX jobs_case ON jobs(case_id) WHERE case_id IS NOT NULL AND state <> 'done';
CREATE UNIQUE INDEX jobs_titanic ON jobs(titanic) WHERE titanic IS NOT NULL;

CREATE TABLE tasks (
	id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, desk INTEGER NOT NULL,
	state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'assigned' OR state = 'done'),
	crisis INTEGER NOT NULL DEFAULT 0,
	asked_by INTEGER NOT NULL, owner INTEGER, disposition TEXT, due_at INTEGER,
	note INTEGER,                                                -- messages.n of what is asked
	made_at INTEGER NOT NULL, ended_at INTEGER
) STRICT;
CREATE INDEX tasks_case ON tasks(case_id);
CREATE INDEX tasks_owner ON tasks(owner) WHERE state = 'assigned';

CREATE TABLE followups (
	id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, desk INTEGER NOT NULL, -- desk: of the case
	kind TEXT NOT NULL CHECK (kind = 'followup' OR kind = 'callback_check' OR kind = 'call_back'),
	due_at INTEGER NOT NULL, state TEXT NOT NULL CHECK (state = 'open' OR state = 'done' OR state = 'moved'),
	result TEXT, staff INTEGER, note INTEGER, made_at INTEGER NOT NULL, done_at INTEGER
) STRICT;
CREATE INDEX followups_case ON followups(case_id);
CREATE INDEX followups_desk ON followups(desk, due_at) WHERE state = 'open';
CREATE INDEX followups_due ON followups(due_at) WHERE state = 'open';

CREATE TABLE contacts (
	id INTEGER PRIMARY KEY, site INTEGER NOT NULL, channel TEXT NOT NULL, type TEXT NOT NULL,
	began_at INTEGER NOT NULL, seconds INTEGER NOT NULL DEFAULT 0, staff INTEGER, case_id INTEGER,
	facts TEXT NOT NULL DEFAULT '{}', made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX contacts_case ON contacts(case_id) WHERE case_id IS NOT NULL;
CREATE INDEX contacts_site ON contacts(site, id);

CREATE TABLE events (
	seq INTEGER PRIMARY KEY, at INTEGER NOT NULL,                -- the newest is never deleted: numbers do not come again
	site INTEGER NOT NULL, desk INTEGER NOT NULL, case_id INTEGER, kind TEXT NOT NULL,
	number INTEGER NOT NULL DEFAULT 0, staff INTEGER, detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX events_case ON events(case_id, seq) WHERE case_id IS NOT NULL;

-- Hash chain: hash = BLAKE2b-256 under the row key over prev ‖ row; meta `audit.head` seals the last line. Never updated or deleted.
CREATE TABLE audit (
	seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, staff INTEGER, act TEXT NOT NULL,
	case_id INTEGER, detail TEXT NOT NULL DEFAULT '', hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_case ON audit(case_id) WHERE case_id IS NOT NULL;
CREATE INDEX audit_staff ON audit(staff) WHERE staff IS NOT NULL;

-- Idempotency: first answer to a key, kept 24 h. No index on the key: keys are random and would scatter every insert; the writer
-- keeps short (first 8 bytes of the key) → id in memory, read at opening from an index that grows at its end, and compares the
-- whole key with the row.
CREATE TABLE answers (
	id INTEGER PRIMARY KEY, short INTEGER NOT NULL, key BLOB NOT NULL, digest BLOB NOT NULL, at INTEGER NOT NULL,
	status INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX answers_recent ON answers(at, short);

CREATE TABLE drafts (
	staff INTEGER NOT NULL, case_id INTEGER NOT NULL, kind TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
	blob BLOB NOT NULL, PRIMARY KEY (case_id, staff, kind)
) STRICT, WITHOUT ROWID;

-- Answers of callers, without ticket and without order of arrival.
CREATE TABLE ratings (
	id INTEGER PRIMARY KEY, desk INTEGER NOT NULL, month TEXT NOT NULL,
	heard INTEGER NOT NULL, helped INTEGER NOT NULL, again INTEGER NOT NULL, words BLOB
) STRICT;
CREATE INDEX ratings_desk ON ratings(desk, month);

CREATE TABLE complaints (
	id INTEGER PRIMARY KEY, case_id INTEGER NOT NULL, at INTEGER NOT NULL, due_at INTEGER,
	key_id BLOB NOT NULL, generation INTEGER NOT NULL, epoch INTEGER NOT NULL, wrap BLOB NOT NULL, blob BLOB NOT NULL,
	answered_at INTEGER
) STRICT;
CREATE INDEX complaints_case ON complaints(case_id);
CREATE INDEX complaints_open ON complaints(id) WHERE answered_at IS NULL;

-- Bulk moves that can be taken back, and moves between desks that wait for somebody with the key.
CREATE TABLE undos (token BLOB PRIMARY KEY, staff INTEGER NOT NULL, until_at INTEGER NOT NULL, moves TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE moves (
	case_id INTEGER PRIMARY KEY, to_desk INTEGER NOT NULL, staff INTEGER NOT NULL, task INTEGER, at INTEGER NOT NULL
) STRICT;
