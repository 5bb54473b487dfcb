/* SPDX-License-Identifier: Apache-2.0 */
/* See store_house.h. */
#include "store_house.h"

#include "fuzz.h"

#include "conf.h"
#include "mem.h"

#include <string.h>

const uint8_t store_house_key[STORE_KEY_BYTES] = "the row key of this test alone!";

static const struct store_blob some = { "sealed, as far as anybody can tell", 34 };

static int fill_staff(struct store *s)
{
	struct staff_row who = { .user = "psych1", .name = "甲", .site = 1, .roles = 1, .state = "active", .presence = "on", .capacity = -1,
		                 .salt = some, .auth = some, .public = some, .secret = some, .mac = some, .kdf_bytes = 8192,
		                 .kdf_passes = 1, .lang = "zh-CN", .settings = "{}" };
	struct session_row session = { .hash = { store_house_key, 32 }, .keys = some, .until_at = INT64_MAX };
	struct epoch_row epoch = { 7, "intake", { store_house_key, 32 }, some, 1 };
	int r = store_staff_add(s, &who);

	session.staff = who.id;
	if (!r)
		r = store_staff_desk_set(s, who.id, 1, true);
	if (!r)
		r = store_session_add(s, &session);
	return r ? r : store_epoch_put(s, &epoch);
}

static int fill_case(struct store *s, int i)
{
	struct case_row row = { .uid = "a case of tests", .site = 1, .desk = 1, .state = i % 2 ? CASE_WAITING : CASE_IN_PROGRESS, .risk = i % 4,
		                .version = 1, .channel = "web", .kind = "consult", .urgency = "normal", .relation = "self",
		                .age_band = "unsaid", .gender = "unsaid", .region = "", .category = "", .groups = "[]", .prefer = "{}",
		                .lang = "zh-CN", .owner = i % 2 ? 0 : 1, .hits = "[]", .caller_epoch = 1, .messages = 1 };
	struct message_row message = { .n = -1, .kind = "message", .alias = "", .hits = "[]", .blob = some };
	struct wrap_row wrap = { .target = "desk", .desk = 1, .generation = 1, .epoch = 7, .sealer = "intake", .note_key = 1, .blob = some };
	struct queue_row queue = { .desk = 1, .rank = i, .what = "case", .risk = i % 4, .since = 1, .why = "new" };
	struct event_row event = { .site = 1, .desk = 1, .kind = "submitted", .detail = "" };
	struct job_row job = { .service = "desk.psych", .bundle = some, .sealer = "intake", .epoch = 7, .generation = 1 };
	struct followup_row followup = { .desk = 1, .kind = "followup", .due_at = 1, .state = "open", .staff = 1, .note = -1 };
	struct contact_row contact = { .site = 1, .channel = "web", .type = "message", .staff = 1, .facts = "{}" };
	int r = store_case_insert(s, &row);

	message.case_id = wrap.case_id = queue.case_id = event.case_id = job.case_id = followup.case_id = contact.case_id = row.id;
	if (!r)
		r = store_message_add(s, &message);
	if (!r)
		r = store_wrap_put(s, &wrap);
	if (!r)
		r = store_queue_put(s, &queue);
	if (!r)
		r = store_event_add(s, &event);
	if (!r)
		r = store_job_add(s, &job);
	if (!r)
		r = store_followup_add(s, &followup);
	if (!r)
		r = store_contact_add(s, &contact);
	return r ? r : store_audit_add(s, 1, "read", row.id, "");
}

static int fill(struct store *s, struct store_op *op UNUSED)
{
	struct conf conf;
	char *why = NULL;
	int r;

	if (conf_load(NULL, NULL, &conf, &why))
		fuzz_broken(__FILE__, __LINE__, why);
	r = store_desks_sync(s, &conf);
	if (!r)
		r = fill_staff(s);
	for (int i = 0; !r && i < STORE_HOUSE_CASES; i++)
		r = fill_case(s, i);
	return r;
}

void store_house_make(const char *path)
{
	struct store_op op = { .run = fill };
	struct store *s = NULL;
	char *why = NULL;

	if (store_open_write(path, store_house_key, &s, &why))
		fuzz_broken(__FILE__, __LINE__, why);
	FUZZ_MUST(store_apply(s, (struct store_op *const[]){ &op }, 1) == 0 && !op.result);
	store_close(&s);
}

static size_t text_seen;

/* A text a room would use: never NULL in a row that was given. */
static void see(const char *text)
{
	FUZZ_MUST(text != NULL);
	text_seen += strlen(text);
}

static void see_blob(struct store_blob blob)
{
	const uint8_t *p = blob.data;

	for (size_t i = 0; i < blob.bytes; i++)
		text_seen += p[i];
}

static void see_case(const struct case_row *row)
{
	const char *const texts[] = { row->channel,  row->kind,     row->urgency, row->relation, row->age_band, row->gender,
		                      row->region,   row->category, row->groups,  row->prefer,   row->lang,     row->hits };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		see(texts[i]);
	FUZZ_MUST(row->state <= CASE_ARCHIVED && row->risk >= 0 && row->risk <= 3);
}

static void read_people(struct store *s)
{
	struct staff_row *staff, who;
	struct desk_row *desks;
	struct site_row *sites;
	struct session_row session;
	struct epoch_row epoch;
	size_t n, i;

	if (!store_staff_list(s, &staff, &n))
		for (i = 0; i < n; i++) {
			see(staff[i].user);
			see(staff[i].name);
			see(staff[i].state);
			see(staff[i].presence);
			see_blob(staff[i].secret);
		}
	if (!store_staff_find(s, "psych1", &who))
		see(who.settings);
	if (!store_desk_list(s, &desks, &n))
		for (i = 0; i < n; i++)
			see(desks[i].kind);
	if (!store_site_list(s, &sites, &n))
		for (i = 0; i < n; i++)
			see(sites[i].name_zh);
	if (!store_session_find(s, store_house_key, &session))
		see_blob(session.keys);
	if (!store_epoch_last(s, "intake", &epoch))
		see_blob(epoch.signature);
}

static void read_case(struct store *s, int64_t id)
{
	struct case_row row;
	struct message_row *messages;
	struct wrap_row *wraps;
	struct queue_row *queue;
	struct job_row *jobs;
	struct followup_row *followups;
	struct event_row *events;
	size_t n, i;

	if (store_case_get(s, id, &row))
		return;
	see_case(&row);
	if (!store_message_list(s, id, -1, 50, NULL, true, &messages, &n))
		for (i = 0; i < n; i++) {
			see(messages[i].kind);
			see(messages[i].hits);
			see_blob(messages[i].blob);
		}
	if (!store_wrap_list(s, id, &wraps, &n))
		for (i = 0; i < n; i++) {
			see(wraps[i].target);
			see_blob(wraps[i].blob);
		}
	if (!store_queue_of_case(s, id, &queue, &n))
		for (i = 0; i < n; i++)
			see(queue[i].why);
	if (!store_job_of_case(s, id, &jobs, &n))
		for (i = 0; i < n; i++)
			see(jobs[i].service);
	if (!store_followup_list(s, id, &followups, &n))
		for (i = 0; i < n; i++)
			see(followups[i].kind);
	if (!store_event_of_case(s, id, 0, 50, &events, &n))
		for (i = 0; i < n; i++)
			see(events[i].kind);
}

static void read_lists(struct store *s, const char *cursor)
{
	static const int64_t desks[] = { 1, 2, 3 };
	char next[STORE_CURSOR_BYTES];
	struct store_item *items;
	struct queue_row *queue;
	struct event_row *events;
	struct audit_row *audit;
	struct contact_row *contacts;
	size_t n, i;

	for (int view = STORE_VIEW_WAITING; view <= STORE_VIEW_ALL; view++) {
		struct store_filter filter = { (enum store_view)view, desks, ARRAY_LEN(desks), 1, -1, -1, 0, 0 };

		if (!store_list(s, &filter, cursor, 10, &items, &n, next))
			for (i = 0; i < n; i++)
				see_case(&items[i].row);
	}
	if (!store_queue_page(s, desks, ARRAY_LEN(desks), cursor, 10, &queue, &n, next))
		for (i = 0; i < n; i++)
			see(queue[i].what);
	if (!store_event_after(s, cursor, 10, &events, &n, next))
		for (i = 0; i < n; i++)
			see(events[i].kind);
	if (!store_audit_list(s, 0, 0, cursor, 10, &audit, &n, next))
		for (i = 0; i < n; i++)
			see(audit[i].act);
	if (!store_contact_list(s, 0, cursor, 10, &contacts, &n, next))
		for (i = 0; i < n; i++)
			see(contacts[i].facts);
}

void store_house_read(struct store *store, const char *cursor)
{
	if (store_read_begin(store))
		return;
	read_people(store);
	for (int64_t id = 0; id <= STORE_HOUSE_CASES; id++)
		read_case(store, id);
	read_lists(store, cursor);
	store_read_end(store);
}
