/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of the book: one line a message, its own fields above it. A new message begins here; the router's tables then refuse
 * to start until somebody handles it. Knows names and bounds, never what a message means.
 */
#include "book.h"

#include "casefile.h"
#include <stdint.h>

#define ID 1, INT64_MAX, NULL
#define HEX(n) n, n, NULL
#define TEXT(min, max) min, max, NULL
#define RANGE(min, max) min, max, NULL
#define FIELDS(a) a, ARRAY_LEN(a)
#define NONE NULL, 0
/* A message has SOCK_FRAMES_MAX frames: header, command, service and JSON, so 12 blobs. A new case carries a message, a
 * bundle, perhaps a contact, and so nine wraps: the caller's and eight desks' (CONF_DESKS_MAX). */
enum { BLOBS_MAX = 12, WRAPS_MAX = 9, RATINGS_MAX = 12, STAFF_DESKS_MAX = 11 };

static const char *const sealers[] = { "intake", "web", NULL };
static const char *const release_reasons[] = { "end", "conflict", "unsuited", NULL };
static const char *const presences[] = { "off", "on", "break", "wrap_up", NULL };
static const char *const note_kinds[] = { "note", "summary", "contact", NULL };
static const char *const followup_kinds[] = { "followup", "callback_check", "call_back", NULL };
static const char *const followup_results[] = { "reached", "seen", "no_answer", "not_seen", "moved", NULL };
static const char *const live_acts[] = { "typing", "pause", "resume", "end", NULL };
static const char *const staff_states[] = { "active", "disabled", "left", NULL };

static const struct json_field epoch_put[] = {
	{ "sealer", JSON_CODE, true, 0, 0, sealers },  { "number", JSON_INT, true, ID },
	{ "public", JSON_HEX, true, HEX(32) },         { "signature", JSON_HEX, true, HEX(64) },
	{ "made_at", JSON_INT, true, ID },
};
/* What a new case says of itself, from the portal, the telephone or a foreign front end. */
#define NEW_CASE                                                                                                       \
	{ "uid", JSON_HEX, true, HEX(16) }, { "site", JSON_TEXT, true, TEXT(1, 15) },                                  \
	{ "desk", JSON_TEXT, true, TEXT(1, 15) }, { "unsure", JSON_BOOL, false, 0, 0, NULL },                          \
	{ "channel", JSON_CODE, true, 0, 0, case_channel_words }, { "facts", JSON_OBJ, false, 0, 0, NULL },            \
	{ "tick", JSON_INT, false, RANGE(0, 2) }, { "risk", JSON_INT, true, RANGE(0, 3) },                             \
	{ "hits", JSON_LIST, false, RANGE(0, 32) }, { "live", JSON_BOOL, false, 0, 0, NULL },                          \
	{ "continues", JSON_OBJ, false, 0, 0, NULL }, { "message_id", JSON_HEX, true, HEX(8) },                        \
	{ "contact_id", JSON_HEX, false, HEX(8) }, { "caller_hash", JSON_HEX, false, HEX(32) },                        \
	{ "epoch", JSON_INT, true, ID }, { "generation", JSON_OBJ, true, 0, 0, NULL },                                 \
	{ "worker_generation", JSON_INT, false, ID }, { "wraps", JSON_LIST, true, RANGE(1, WRAPS_MAX) }

static const struct json_field intake_submit[] = { NEW_CASE };
static const struct json_field order_create[] = { NEW_CASE, { "call", JSON_OBJ, false, 0, 0, NULL },
	                                          { "began_at", JSON_INT, false, ID },
	                                          { "seconds", JSON_INT, false, RANGE(0, 86400) },
	                                          { "type", JSON_CODE, false, 0, 0, contact_type_words } };
static const struct json_field intake_open[] = { { "auth", JSON_HEX, true, HEX(32) } };
static const struct json_field intake_read[] = { { "after", JSON_INT, false, RANGE(-1, INT32_MAX) },
	                                         { "since", JSON_INT, false, RANGE(0, INT64_MAX) } };
static const struct json_field intake_say[] = {
	{ "message_id", JSON_HEX, true, HEX(8) },   { "risk", JSON_INT, true, RANGE(0, 3) },
	{ "hits", JSON_LIST, false, RANGE(0, 32) }, { "epoch", JSON_INT, true, ID },
	{ "worker_generation", JSON_INT, true, ID }, { "generation", JSON_INT, true, ID },
};
static const struct json_field intake_facts[] = { { "facts", JSON_OBJ, false, 0, 0, NULL },
	                                          { "tick", JSON_INT, false, RANGE(0, 2) },
	                                          { "show_own", JSON_BOOL, false, 0, 0, NULL } };
static const struct json_field intake_live[] = { { "do", JSON_CODE, true, 0, 0, live_acts } };
static const struct json_field intake_complaint[] = { { "message_id", JSON_HEX, true, HEX(8) },
	                                              { "epoch", JSON_INT, true, ID },
	                                              { "generation", JSON_INT, true, ID } };
static const struct json_field intake_ratings[] = { { "items", JSON_LIST, true, RANGE(1, RATINGS_MAX) } };

static const struct json_field sign_in_begin[] = { { "user", JSON_TEXT, true, TEXT(1, 64) } };
static const struct json_field sign_in[] = { { "user", JSON_TEXT, true, TEXT(1, 64) },
	                                     { "auth", JSON_HEX, true, HEX(32) } };
static const struct json_field session_new[] = {
	{ "user", JSON_TEXT, true, TEXT(1, 64) },
	{ "auth", JSON_HEX, true, HEX(32) },
	{ "new_session_hash", JSON_HEX, true, HEX(32) },
	{ "totp_step", JSON_INT, false, RANGE(0, INT64_MAX) },
};
static const struct json_field session_end[] = { { "id", JSON_INT, false, ID } };
#define NEW_SECRET                                                                                                     \
	{ "salt", JSON_HEX, true, HEX(16) }, { "new_auth", JSON_HEX, true, HEX(32) },                                  \
	{ "kdf_bytes", JSON_INT, true, RANGE(8192, 1 << 30) }, { "kdf_passes", JSON_INT, true, RANGE(1, 16) }
static const struct json_field password[] = { { "auth", JSON_HEX, true, HEX(32) }, NEW_SECRET };
static const struct json_field staff_add[] = {
	{ "user", JSON_TEXT, true, TEXT(2, 32) },  { "name", JSON_TEXT, true, TEXT(1, 32) },
	{ "roles", JSON_LIST, true, RANGE(1, 5) }, { "desks", JSON_LIST, true, RANGE(0, STAFF_DESKS_MAX) },
	{ "public", JSON_HEX, true, HEX(32) },     { "epoch", JSON_INT, true, ID },
	{ "generation", JSON_OBJ, true, 0, 0, NULL }, { "mac", JSON_HEX, true, HEX(16) }, NEW_SECRET,
};
static const struct json_field staff_state[] = { { "id", JSON_INT, true, ID },
	                                         { "state", JSON_CODE, true, 0, 0, staff_states } };
static const struct json_field next[] = { { "desk", JSON_TEXT, false, TEXT(1, 32) } };
static const struct json_field claim[] = { { "task", JSON_INT, false, ID } };
static const struct json_field release[] = { { "reason", JSON_CODE, false, 0, 0, release_reasons } };
static const struct json_field open_reason[] = { { "reason", JSON_TEXT, false, TEXT(1, 200) } };
static const struct json_field reply[] = { { "message_id", JSON_HEX, true, HEX(8) },
	                                   { "note_key", JSON_INT, false, RANGE(0, UINT32_MAX) },
	                                   { "kind", JSON_CODE, false, 0, 0, note_kinds } };
static const struct json_field recall[] = { { "n", JSON_INT, true, RANGE(0, INT32_MAX) } };
static const struct json_field facts[] = { { "facts", JSON_OBJ, true, 0, 0, NULL } };
static const struct json_field risk[] = { { "risk", JSON_INT, true, RANGE(0, 3) },
	                                  { "reason", JSON_TEXT, false, TEXT(1, 200) } };
static const struct json_field assign[] = { { "to", JSON_TEXT, true, TEXT(1, 64) } };
static const struct json_field assign_many[] = { { "moves", JSON_LIST, true, RANGE(1, 1000) },
	                                         { "reason", JSON_TEXT, false, TEXT(1, 200) } };
static const struct json_field undo[] = { { "undo", JSON_HEX, true, HEX(16) } };
static const struct json_field transfer[] = { { "desk", JSON_TEXT, true, TEXT(1, 32) },
	                                      { "generation", JSON_INT, false, ID },
	                                      { "epoch", JSON_INT, false, ID } };
static const struct json_field task[] = {
	{ "desk", JSON_TEXT, true, TEXT(1, 32) },     { "generation", JSON_INT, false, ID },
	{ "epoch", JSON_INT, false, ID },             { "message_id", JSON_HEX, false, HEX(8) },
	{ "note_key", JSON_INT, false, RANGE(0, UINT32_MAX) },
};
static const struct json_field task_end[] = { { "task", JSON_INT, true, ID },
	                                      { "disposition", JSON_CODE, true, 0, 0, case_disposition_words } };
static const struct json_field close_case[] = { { "disposition", JSON_CODE, true, 0, 0, case_disposition_words },
	                                        { "category", JSON_TEXT, false, TEXT(1, 40) },
	                                        { "followup", JSON_OBJ, false, 0, 0, NULL } };
static const struct json_field contact[] = {
	{ "channel", JSON_CODE, true, 0, 0, case_channel_words }, { "type", JSON_CODE, true, 0, 0, contact_type_words },
	{ "began_at", JSON_INT, true, ID },                       { "seconds", JSON_INT, true, RANGE(0, 86400) },
	{ "ticket", JSON_TEXT, false, TEXT(9, 16) },              { "facts", JSON_OBJ, false, 0, 0, NULL },
};
static const struct json_field followup[] = { { "kind", JSON_CODE, true, 0, 0, followup_kinds },
	                                      { "due_at", JSON_INT, true, ID },
	                                      { "message_id", JSON_HEX, false, HEX(8) },
	                                      { "note_key", JSON_INT, false, RANGE(0, UINT32_MAX) } };
static const struct json_field followup_done[] = { { "id", JSON_INT, true, ID },
	                                           { "result", JSON_CODE, true, 0, 0, followup_results } };
static const struct json_field draft[] = { { "kind", JSON_TEXT, true, TEXT(1, 16) },
	                                   { "seq", JSON_INT, true, RANGE(0, INT64_MAX) } };
static const struct json_field presence[] = { { "state", JSON_CODE, true, 0, 0, presences } };

#define CALLER_WRITE (BOOK_CALLER | BOOK_KEY)
#define ON_CASE (BOOK_SESSION | BOOK_TICKET | BOOK_KEY)

static const struct book_row rows[] = {
	{ "epoch.put", BOOK_INTAKE | BOOK_WEB | BOOK_OPEN, 0, FIELDS(epoch_put), 0, 0,
	  "Makes a sealer's new epoch known before its first use." },
	{ "intake.service", BOOK_INTAKE | BOOK_WEB | BOOK_OPEN, BOOK_READS, NONE, 0, 0,
	  "Which desks are open and keyed, who waits, when a reply can be expected." },
	{ "intake.submit", BOOK_INTAKE | BOOK_OPEN, BOOK_KEY | BOOK_DIGEST, FIELDS(intake_submit), 3, BLOBS_MAX,
	  "A new request: message, worker bundle, wraps, contact; all sealed." },
	{ "intake.key", BOOK_INTAKE, BOOK_READS | BOOK_TICKET, NONE, 0, 0, "The salt of a ticket; a keyed fake for an unknown one." },
	{ "intake.open", BOOK_INTAKE, BOOK_TICKET, FIELDS(intake_open), 0, 0, "Gives the caller's wrap against the right code." },
	{ "intake.read", BOOK_INTAKE, BOOK_CALLER, FIELDS(intake_read), 0, 0, "State, timeline and replies for the caller." },
	{ "intake.say", BOOK_INTAKE, CALLER_WRITE | BOOK_DIGEST, FIELDS(intake_say), 3, 3,
	  "The caller writes back: message, worker bundle, wrap for the psych desk." },
	{ "intake.facts", BOOK_INTAKE, CALLER_WRITE, FIELDS(intake_facts), 0, 0, "Optional facts, any time; the last one counts." },
	{ "intake.withdraw", BOOK_INTAKE, CALLER_WRITE, NONE, 0, 0, "The caller wishes to withdraw." },
	{ "intake.erase", BOOK_INTAKE, CALLER_WRITE, NONE, 0, 0, "The caller wishes their words destroyed." },
	{ "intake.erase_stop", BOOK_INTAKE, CALLER_WRITE, NONE, 0, 0, "The caller takes the wish back." },
	{ "intake.exit", BOOK_INTAKE, BOOK_CALLER, NONE, 0, 0, "Ends every session of the ticket's caller." },
	{ "intake.another", BOOK_INTAKE, CALLER_WRITE, NONE, 0, 0, "Somebody else, please." },
	{ "intake.live", BOOK_INTAKE, BOOK_CALLER, FIELDS(intake_live), 0, 0, "Chat: typing, pause, resume, end." },
	{ "intake.complaint", BOOK_INTAKE, CALLER_WRITE | BOOK_DIGEST, FIELDS(intake_complaint), 2, 2,
	  "A complaint, sealed to the oversight pair; the desk never sees it." },
	{ "intake.rate", BOOK_INTAKE, CALLER_WRITE, NONE, 0, 0, "Marks the ticket rated, once per closing." },
	{ "intake.ratings", BOOK_INTAKE, BOOK_KEY, FIELDS(intake_ratings), 0, BLOBS_MAX, "Answers of several callers, without ticket." },

	{ "order.sign_in_begin", BOOK_WEB, BOOK_READS, FIELDS(sign_in_begin), 0, 0,
	  "Salt and cost of a person's password; a keyed fake for an unknown one." },
	{ "order.sign_in", BOOK_WEB, 0, FIELDS(sign_in), 0, 0, "Checks the auth half; counts failures." },
	{ "order.session", BOOK_WEB, 0, FIELDS(session_new), 1, 1, "Begins a session; its keyring is sealed under the token." },
	{ "order.session_end", BOOK_WEB, BOOK_SESSION, FIELDS(session_end), 0, 0, "Ends this session or another of one's own." },
	{ "order.session_touch", BOOK_WEB, BOOK_SESSION, NONE, 0, 0, "Keeps a session from idling out." },
	{ "order.password", BOOK_WEB, BOOK_SESSION, FIELDS(password), 1, 1, "A new password; other sessions end." },
	{ "order.staff_add", BOOK_WEB, BOOK_SESSION | BOOK_KEY, FIELDS(staff_add), 1, BLOBS_MAX,
	  "Invites a person: sealed secret, then a wrap of each desk's key." },
	{ "order.staff_state", BOOK_WEB, BOOK_SESSION | BOOK_KEY, FIELDS(staff_state), 0, 0, "Enables, disables or lets a person leave." },
	{ "order.presence", BOOK_WEB, BOOK_SESSION, FIELDS(presence), 0, 0, "On shift, on a break, wrapping up, off." },
	{ "order.next", BOOK_WEB, BOOK_SESSION | BOOK_KEY, FIELDS(next), 0, 0, "Claims the next item by server order." },
	{ "order.claim", BOOK_WEB, ON_CASE, FIELDS(claim), 0, 0, "Claims a waiting or covered case, or a task." },
	{ "order.release", BOOK_WEB, ON_CASE, FIELDS(release), 0, 0, "Gives a case back to its desk." },
	{ "order.open", BOOK_WEB, BOOK_SESSION | BOOK_TICKET, FIELDS(open_reason), 0, 0,
	  "Audits a reading before the words leave; settles the desk." },
	{ "order.reply", BOOK_WEB, ON_CASE, FIELDS(reply), 1, 1, "A reply to the caller." },
	{ "order.note", BOOK_WEB, ON_CASE, FIELDS(reply), 1, 1, "A note, summary or contact detail for the desk." },
	{ "order.recall", BOOK_WEB, ON_CASE, FIELDS(recall), 0, 0, "Takes a reply or note back within two minutes." },
	{ "order.facts", BOOK_WEB, ON_CASE | BOOK_VERSION, FIELDS(facts), 0, 0, "Corrects facts of the case." },
	{ "order.risk", BOOK_WEB, ON_CASE | BOOK_VERSION, FIELDS(risk), 0, 0, "Raises or lowers the risk." },
	{ "order.assign", BOOK_WEB, ON_CASE | BOOK_VERSION, FIELDS(assign), 0, 0, "Gives a case to a person of its desk." },
	{ "order.assign_many", BOOK_WEB, BOOK_SESSION | BOOK_KEY, FIELDS(assign_many), 0, 0, "Moves many cases at once, with an undo." },
	{ "order.undo", BOOK_WEB, BOOK_SESSION | BOOK_KEY, FIELDS(undo), 0, 0, "Takes a bulk move back." },
	{ "order.transfer", BOOK_WEB, ON_CASE | BOOK_VERSION, FIELDS(transfer), 0, 1,
	  "Moves a case to the right desk; without a wrap it stays pending." },
	{ "order.task", BOOK_WEB, ON_CASE, FIELDS(task), 1, 2, "Asks another desk for its part: its wrap, a note." },
	{ "order.task_end", BOOK_WEB, ON_CASE, FIELDS(task_end), 0, 0, "Ends a task; its wrap goes." },
	{ "order.close", BOOK_WEB, ON_CASE | BOOK_VERSION, FIELDS(close_case), 0, 0,
	  "Closes with a disposition, or asks for, or confirms, a closing under review." },
	{ "order.refuse", BOOK_WEB, ON_CASE, NONE, 0, 0, "The second person says no to a closing." },
	{ "order.reopen", BOOK_WEB, ON_CASE, NONE, 0, 0, "Takes a closed case up again." },
	{ "order.create", BOOK_WEB, BOOK_SESSION | BOOK_KEY | BOOK_DIGEST, FIELDS(order_create), 2, BLOBS_MAX,
	  "A case taken by telephone or at the counter." },
	{ "order.contact", BOOK_WEB, BOOK_SESSION | BOOK_KEY, FIELDS(contact), 0, 0, "A contact, with or without a case." },
	{ "order.followup", BOOK_WEB, ON_CASE, FIELDS(followup), 0, 1, "Plans a follow-up, callback check or call-back." },
	{ "order.followup_done", BOOK_WEB, ON_CASE, FIELDS(followup_done), 0, 0, "What came of a follow-up." },
	{ "order.urge", BOOK_WEB, ON_CASE, NONE, 0, 0, "A nudge: the owner sees that somebody waits." },
	{ "order.extend", BOOK_WEB, ON_CASE, NONE, 0, 0, "One extension of the limit, before it passes." },
	{ "order.help", BOOK_WEB, ON_CASE, NONE, 0, 0, "Calls the supervisor in." },
	{ "order.draft", BOOK_WEB, BOOK_SESSION | BOOK_TICKET, FIELDS(draft), 0, 1, "Keeps a draft, sealed to its writer." },
	{ "hint.looking", BOOK_WEB, BOOK_SESSION | BOOK_TICKET | BOOK_READS, NONE, 0, 0, "Somebody looks at a case; relayed, never stored." },
	{ "hint.typing", BOOK_WEB, BOOK_SESSION | BOOK_TICKET | BOOK_READS, NONE, 0, 0, "Somebody types; relayed, never stored." },
};

const struct book_row *book_rows(size_t *count)
{
	*count = ARRAY_LEN(rows);
	return rows;
}
