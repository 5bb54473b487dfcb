/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every configuration key there is: name, type, range, default, sentence. Add a row here and nowhere else; the sample
 * file and the manual's table are made from it (`router --sample`, `router --reference`). Keys of one group stand
 * together.
 */
#include "conf_schema.h"

#include <stddef.h>

#define AT(type, member) .offset = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)
#define COUNT_AT(type, member) .offset2 = offsetof(struct type, member)
#define NUMBER(text, zh, en)                                                                                           \
	"\t{ number = \"" text "\"; name_zh = \"" zh "\"; name_en = \"" en                                             \
	"\"; hours_zh = \"24 小时\"; hours_en = \"day and night\"; }"
#define DESK(code, zh, en) "\t{ kind = \"" code "\"; name_zh = \"" zh "\"; name_en = \"" en "\"; }"

enum { DAY_MS = 86400000, HOUR_MS = 3600000, MINUTE_MS = 60000 };
static const int64_t MIB = 1048576;

static const char *const zones[] = { "Asia/Shanghai", NULL };
static const char *const roles[] = { "intake", "web", "worker", "open", NULL };

static const struct conf_key number_keys[] = {
	{ "number", CONF_DIGITS, AT(conf_number, number), .min = 3, .max = 20, .doc = "The telephone number, digits only." },
	{ "name_zh", CONF_TEXT, AT(conf_number, name_zh), .min = 1, .max = 20, .doc = "Who answers, in Chinese." },
	{ "name_en", CONF_TEXT, AT(conf_number, name_en), .min = 1, .max = 60, .doc = "Who answers, in English." },
	{ "hours_zh", CONF_TEXT, AT(conf_number, hours_zh), .max = 20, .fallback = "\"24 小时\"", .doc = "When, in Chinese." },
	{ "hours_en", CONF_TEXT, AT(conf_number, hours_en), .max = 60, .fallback = "\"day and night\"",
	  .doc = "When, in English." },
};
static const struct conf_list numbers = { "number", number_keys, ARRAY_LEN(number_keys), sizeof(struct conf_number), 1,
	                                  CONF_NUMBERS_MAX };

static const struct conf_key site_keys[] = {
	{ "id", CONF_DIGITS, AT(conf_site, id), .min = 2, .max = 12, .doc = "The unit's GB/T 2260 code." },
	{ "parent", CONF_DIGITS, AT(conf_site, parent), .max = 12, .fallback = "\"\"",
	  .doc = "The id of the site above; empty for the top." },
	{ "name_zh", CONF_TEXT, AT(conf_site, name_zh), .min = 1, .max = 20, .doc = "Its name in Chinese." },
	{ "name_en", CONF_TEXT, AT(conf_site, name_en), .min = 1, .max = 60, .doc = "Its name in English." },
};
static const struct conf_list sites = { "site", site_keys, ARRAY_LEN(site_keys), sizeof(struct conf_site), 1,
	                                CONF_SITES_MAX };

static const struct conf_key desk_keys[] = {
	{ "kind", CONF_CODE, AT(conf_desk, kind), .min = 1, .max = 15, .doc = "The desk's code, also its worker's service." },
	{ "name_zh", CONF_TEXT, AT(conf_desk, name_zh), .min = 1, .max = 20, .doc = "Its name in Chinese." },
	{ "name_en", CONF_TEXT, AT(conf_desk, name_en), .min = 1, .max = 60, .doc = "Its name in English." },
	{ "open", CONF_BOOL, AT(conf_desk, open), .fallback = "true", .doc = "Whether the desk takes requests." },
	{ "clock.first_reply", CONF_TIME, AT(conf_desk, clock.first_reply_ms), .min = MINUTE_MS, .max = 7LL * DAY_MS,
	  .fallback = "\"10min\"", .doc = "First reply, while staffed." },
	{ "clock.accept_half_days", CONF_INT, AT(conf_desk, clock.accept_days_half), .max = 20, .fallback = "1",
	  .doc = "Sign for a case (签收), in half working days." },
	{ "clock.close_consult_days", CONF_INT, AT(conf_desk, clock.close_consult_days), .max = 250, .fallback = "1",
	  .doc = "Close a question (咨询), in working days; 0: no limit." },
	{ "clock.close_help_days", CONF_INT, AT(conf_desk, clock.close_help_days), .max = 250, .fallback = "5",
	  .doc = "Close a call for help (求助), in working days." },
	{ "clock.close_complaint_days", CONF_INT, AT(conf_desk, clock.close_complaint_days), .max = 250, .fallback = "15",
	  .doc = "Close a complaint (投诉), in working days." },
	{ "clock.close_protection_days", CONF_INT, AT(conf_desk, clock.close_protection_days), .max = 250, .fallback = "1",
	  .doc = "Close a protection case (保护), in working days." },
	{ "clock.extension_days", CONF_INT, AT(conf_desk, clock.extension_days), .max = 250, .fallback = "15",
	  .doc = "Longest extension (延期), in working days." },
};
static const struct conf_list desks = { "desk", desk_keys, ARRAY_LEN(desk_keys), sizeof(struct conf_desk), 1,
	                                CONF_DESKS_MAX };

static const struct conf_key curve_keys[] = {
	{ "public", CONF_Z85, AT(conf_curve_key, public_key), .min = 40, .doc = "The peer's CURVE public key." },
	{ "role", CONF_WORD, AT(conf_curve_key, role), .words = roles,
	  .doc = "What that key may be: intake, web, worker, open." },
};
static const struct conf_list curves = { "key", curve_keys, ARRAY_LEN(curve_keys), sizeof(struct conf_curve_key), 0,
	                                 32 };

const struct conf_key conf_keys[] = {
	{ "etc_dir", CONF_TEXT, AT(conf, etc_dir), .max = 200, .fallback = "\"\"",
	  .doc = "Where rules/, categories and calendars are; empty: beside this file, else as built." },

	{ "service.name_zh", CONF_TEXT, AT(conf, name_zh), .min = 1, .max = 20, .fallback = "\"12355 青少年服务台\"",
	  .doc = "The name callers see, in Chinese." },
	{ "service.name_en", CONF_TEXT, AT(conf, name_en), .min = 1, .max = 60, .fallback = "\"12355 Youth Hotline\"",
	  .doc = "The name callers see, in English." },
	{ "service.timezone", CONF_WORD, AT(conf, timezone), .words = zones, .fallback = "\"Asia/Shanghai\"",
	  .doc = "How times are shown; stored times are UTC." },
	{ "service.numbers", CONF_LIST, AT(conf, number), COUNT_AT(conf, numbers), .list = &numbers,
	  .fallback = "(\n" NUMBER("110", "报警", "Police") ",\n" NUMBER("120", "急救", "Ambulance") ",\n"
	              NUMBER("12355", "青少年服务台", "Youth hotline") ",\n"
	              NUMBER("12356", "心理援助热线", "Psychological aid line") "\n)",
	  .doc = "The crisis strip on every page." },
	{ "service.consent_zh", CONF_TEXT, AT(conf, consent_zh), .max = 680, .fallback = "\"\"",
	  .doc = "The page \"before you write\", in Chinese; empty: the shipped text." },
	{ "service.consent_en", CONF_TEXT, AT(conf, consent_en), .max = 2000, .fallback = "\"\"",
	  .doc = "The same in English." },
	{ "service.exit_url", CONF_URL, AT(conf, exit_url), .min = 8, .max = 250, .fallback = "\"https://www.baidu.com/\"",
	  .doc = "The neutral site that quick exit opens." },

	{ "sites", CONF_LIST, AT(conf, site), COUNT_AT(conf, sites), .list = &sites,
	  .fallback = "(\n\t{ id = \"450100\"; parent = \"\"; name_zh = \"示例服务台\"; name_en = \"Example desk\"; }\n)",
	  .doc = "The units that answer; a small installation has one." },
	{ "desks", CONF_LIST, AT(conf, desk), COUNT_AT(conf, desks), .list = &desks,
	  .fallback = "(\n" DESK("legal", "法律援助", "Legal aid") ",\n" DESK("psych", "心理疏导", "Psychological support") ",\n"
	              DESK("social", "社工帮扶", "Social work") "\n)",
	  .doc = "The desks of every site." },
	{ "duty_desk", CONF_CODE, AT(conf, duty_desk), .min = 1, .max = 15, .fallback = "\"psych\"",
	  .doc = "The desk that takes what nobody chose a desk for." },

	{ "hours.always", CONF_BOOL, AT(conf, staffed_always), .fallback = "true",
	  .doc = "Staffed day and night; then hours.week does not count." },
	{ "hours.week", CONF_HOURS, AT(conf, hours), COUNT_AT(conf, hours_count), .fallback = "[ \"Mon-Sun 09:00-21:00\" ]",
	  .doc = "Opening hours, Shanghai time: days from-to; a to before its from is past midnight." },

	{ "portal.on", CONF_BOOL, AT(conf, portal_on), .fallback = "true",
	  .doc = "Whether there is a portal; `portal = off` serves a desk that only telephones." },
	{ "portal.listen", CONF_LISTEN, AT(conf, portal_host), COUNT_AT(conf, portal_port), .fallback = "\"127.0.0.1:8355\"",
	  .doc = "Where callers' browsers connect (a TLS proxy stands before it)." },
	{ "portal.names", CONF_NAMES, AT(conf, portal_names), COUNT_AT(conf, portal_names_count), .fallback = "[ ]",
	  .doc = "Further Host names it answers to, such as \"help.example.org\"." },
	{ "portal.connections", CONF_INT, AT(conf, portal_connections), .min = 8, .max = 60000, .fallback = "1024",
	  .doc = "Most connections at once." },
	{ "portal.ops_port", CONF_INT, AT(conf, portal_ops_port), .max = 65535, .fallback = "0",
	  .doc = "Port of its /readyz and /metrics; 0: listen's port + 10." },

	{ "console.listen", CONF_LISTEN, AT(conf, console_host), COUNT_AT(conf, console_port),
	  .fallback = "\"127.0.0.1:8356\"", .doc = "Where counselors' browsers connect." },
	{ "console.names", CONF_NAMES, AT(conf, console_names), COUNT_AT(conf, console_names_count), .fallback = "[ ]",
	  .doc = "Further Host names it answers to." },
	{ "console.connections", CONF_INT, AT(conf, console_connections), .min = 8, .max = 60000, .fallback = "1024",
	  .doc = "Most connections at once; each open console holds one for events." },
	{ "console.ops_port", CONF_INT, AT(conf, console_ops_port), .max = 65535, .fallback = "0",
	  .doc = "Port of its /readyz and /metrics; 0: listen's port + 10." },
	{ "console.tls_proxy", CONF_BOOL, AT(conf, console_tls_proxy), .fallback = "false",
	  .doc = "A TLS proxy stands before it: the cookie is __Host-qt and Secure." },
	{ "ops_host", CONF_LOCAL, AT(conf, ops_host), .fallback = "\"127.0.0.1\"",
	  .doc = "Loopback address of /readyz and /metrics." },

	{ "bus.intake", CONF_ENDPOINT, AT(conf, bus_intake.address), .fallback = "\"\"",
	  .doc = "The router's socket for intake; empty: ipc in the data directory." },
	{ "bus.web", CONF_ENDPOINT, AT(conf, bus_web.address), .fallback = "\"\"", .doc = "The same for web." },
	{ "bus.worker", CONF_ENDPOINT, AT(conf, bus_worker.address), .fallback = "\"\"", .doc = "The same for workers." },
	{ "bus.open", CONF_ENDPOINT, AT(conf, bus_open.address), .fallback = "\"\"", .doc = "The same for foreign peers." },
	{ "bus.hints", CONF_ENDPOINT, AT(conf, bus_hints.address), .fallback = "\"\"",
	  .doc = "Where change hints are published." },
	{ "bus.server_public", CONF_Z85, AT(conf, bus_server_public), .fallback = "\"\"",
	  .doc = "The router's CURVE public key, for tcp; empty: the one in keys/public." },
	{ "bus.keys", CONF_LIST, AT(conf, curve_key), COUNT_AT(conf, curve_keys), .list = &curves, .fallback = "( )",
	  .doc = "CURVE keys of further peers that may connect on tcp, each with its role." },
	{ "bus.provisioning", CONF_BOOL, AT(conf, curve_provisioning), .fallback = "false",
	  .doc = "Tell unknown CURVE keys to try again later, while keys are handed out." },
	{ "bus.open_serves_desks", CONF_BOOL, AT(conf, open_serves_desks), .fallback = "false",
	  .doc = "Let desk workers register on the open socket." },
	{ "bus.worker_sockets", CONF_INT, AT(conf, worker_sockets), .min = 1, .max = 8, .fallback = "4",
	  .doc = "Requests one worker screens at once." },
	{ "bus.lease", CONF_TIME, AT(conf, lease_ms), .min = 200, .max = HOUR_MS, .fallback = "\"20s\"",
	  .doc = "How long a worker may hold a request without a sign of life." },
	{ "bus.heartbeat", CONF_TIME, AT(conf, heartbeat_ms), .min = 50, .max = MINUTE_MS, .fallback = "\"1s\"",
	  .doc = "The router's heartbeat." },
	{ "bus.expire", CONF_TIME, AT(conf, expire_ms), .min = 200, .max = HOUR_MS, .fallback = "\"10s\"",
	  .doc = "An idle worker silent for so long is forgotten." },
	{ "bus.retry", CONF_TIME, AT(conf, retry_ms), .min = 1, .max = MINUTE_MS, .fallback = "\"500ms\"",
	  .doc = "First wait before a request is given out again; doubles." },
	{ "bus.attempts", CONF_INT, AT(conf, attempts_max), .min = 1, .max = 20, .fallback = "3",
	  .doc = "After so many attempts a request is parked for a human." },
	{ "bus.batch", CONF_INT, AT(conf, batch_max), .min = 1, .max = 4096, .fallback = "512",
	  .doc = "Most operations in one commit." },

	{ "life.claim_lease", CONF_TIME, AT(conf, claim_lease_ms), .min = 1000, .max = DAY_MS, .fallback = "\"15min\"",
	  .doc = "A claimed but untouched case goes back after so long." },
	{ "life.unscreened", CONF_TIME, AT(conf, unscreened_ms), .min = 100, .max = HOUR_MS, .fallback = "\"60s\"",
	  .doc = "A request no worker has screened by then goes to a human." },
	{ "life.unscreened_yes", CONF_TIME, AT(conf, unscreened_yes_ms), .min = 100, .max = HOUR_MS, .fallback = "\"10s\"",
	  .doc = "The same after a \"yes\" to the question about self-harm." },
	{ "life.silent_days", CONF_INT, AT(conf, silent_days), .min = 1, .max = 365, .fallback = "30",
	  .doc = "A caller silent for so many days: the case is offered for closing." },
	{ "life.erase_after", CONF_TIME, AT(conf, erase_after_ms), .max = 90LL * DAY_MS, .fallback = "\"7d\"",
	  .doc = "Words a caller asked to erase are destroyed after so long." },

	{ "keys.password_memory", CONF_SIZE, AT(conf, kdf_password_bytes), .min = 8192, .max = 1024 * MIB,
	  .fallback = "\"64MiB\"", .doc = "Argon2id memory for a password." },
	{ "keys.password_passes", CONF_INT, AT(conf, kdf_password_passes), .min = 1, .max = 20, .fallback = "3",
	  .doc = "Argon2id passes for a password." },
	{ "keys.receipt_memory", CONF_SIZE, AT(conf, kdf_receipt_bytes), .min = 8192, .max = 64 * MIB, .fallback = "\"1MiB\"",
	  .doc = "Argon2id memory for a receipt." },
	{ "keys.receipt_passes", CONF_INT, AT(conf, kdf_receipt_passes), .min = 1, .max = 20, .fallback = "1",
	  .doc = "Argon2id passes for a receipt." },
	{ "keys.receipt_queue", CONF_INT, AT(conf, kdf_queue), .min = 1, .max = 10000, .fallback = "256",
	  .doc = "Most receipts waiting to be checked; more are told to try again." },
	{ "keys.epoch", CONF_TIME, AT(conf, epoch_ms), .min = 1000, .max = DAY_MS, .fallback = "\"10min\"",
	  .doc = "How often intake and web make a new sealing key." },

	{ "sessions.staff_idle", CONF_TIME, AT(conf, staff_idle_ms), .min = 1000, .max = DAY_MS, .fallback = "\"30min\"",
	  .doc = "A member idle for so long is signed out." },
	{ "sessions.staff_whole", CONF_TIME, AT(conf, staff_whole_ms), .min = 1000, .max = DAY_MS, .fallback = "\"8h\"",
	  .doc = "Longest session of a member." },
	{ "sessions.caller_idle", CONF_TIME, AT(conf, caller_idle_ms), .min = 1000, .max = DAY_MS, .fallback = "\"30min\"",
	  .doc = "A caller idle for so long types the code again." },
	{ "sessions.caller_whole", CONF_TIME, AT(conf, caller_whole_ms), .min = 1000, .max = DAY_MS, .fallback = "\"4h\"",
	  .doc = "Longest session of a caller." },
};
const size_t conf_key_count = ARRAY_LEN(conf_keys);
