/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one configuration file (libconfig), walked by a schema: every key declared with type, unit and range, unknown
 * keys refused, every error a sentence with file and line. etc/qingting.conf is the commented sample holding every
 * default. Durations and sizes are strings with units ("5s", "10min", "16MiB").
 */
#ifndef QT_CONF_H
#define QT_CONF_H

#include "macros.h"
#include <stdbool.h>
#include <stdint.h>

/* Eight desks: a request carries one wrap for each (book_rows.c). */
enum { CONF_DESKS_MAX = 8, CONF_SITES_MAX = 64, CONF_NUMBERS_MAX = 8, CONF_HOURS_MAX = 14, CONF_NAMES_MAX = 8 };

struct conf_number { /* a crisis number on the strip */
	char number[24], name_zh[64], name_en[64], hours_zh[64], hours_en[64];
};
/* Opening hours: day 1 Monday … 7 Sunday; minutes of the day, Asia/Shanghai; to may exceed 1440 (past midnight). */
struct conf_hours {
	int day, from_min, to_min;
};
struct conf_site {
	char id[16];      /* GB/T 2260 code of the unit, "450100" */
	char parent[16];  /* "" for the top */
	char name_zh[64], name_en[64];
};
struct conf_clock { /* deadlines of one desk; working days as of calendar; 0 none */
	int64_t first_reply_ms, accept_days_half; /* accept in half working days */
	int close_consult_days, close_help_days, close_complaint_days, close_protection_days, extension_days;
};
struct conf_desk {
	char kind[16];    /* "legal", "psych", "social" … */
	char name_zh[64], name_en[64];
	bool open;
	struct conf_clock clock;
};
struct conf_endpoint { /* one per role: intake, web, worker, open, hints */
	char address[128];     /* "" = ipc://DATA/run/<role>.sock */
};
struct conf_curve_key { char public_key[41], role[16]; };

struct conf {
	char data_dir[256], file[256];
	char etc_dir[256];                       /* rules/, categories, calendars; see conf_etc */
	/* site */
	struct conf_site site[CONF_SITES_MAX];
	int sites;
	char timezone[32];
	char name_zh[64], name_en[64];
	struct conf_number number[CONF_NUMBERS_MAX];
	int numbers;
	char consent_zh[2048], consent_en[2048]; /* "" = the shipped text */
	char exit_url[256];                      /* neutral site of quick exit */
	/* desks */
	struct conf_desk desk[CONF_DESKS_MAX];
	int desks;
	char duty_desk[16];                      /* where "unsure" goes; "psych" */
	struct conf_hours hours[CONF_HOURS_MAX];
	int hours_count;
	bool staffed_always;
	/* portal (intake) and console (web) */
	bool portal_on;
	char portal_host[64], console_host[64], ops_host[64];
	int portal_port, console_port, portal_ops_port, console_ops_port; /* ops default: port + 10 */
	char portal_names[CONF_NAMES_MAX][128], console_names[CONF_NAMES_MAX][128]; /* further Host values */
	int portal_names_count, console_names_count;
	bool console_tls_proxy;                  /* behind TLS: cookie __Host-qt, Secure */
	int portal_connections, console_connections;
	/* bus */
	struct conf_endpoint bus_intake, bus_web, bus_worker, bus_open, bus_hints;
	char bus_server_public[41];              /* CURVE public key of the router, "" on ipc */
	struct conf_curve_key curve_key[32];
	int curve_keys;
	bool curve_provisioning, open_serves_desks;
	int worker_sockets;                      /* 4 */
	int64_t lease_ms, heartbeat_ms, expire_ms, retry_ms;   /* worker lease 20 s; 1 s; 10 s; back-off 0.5 s */
	int attempts_max;                        /* 3 */
	int batch_max;                           /* operations per commit, 512 */
	/* clocks of the life of a case */
	int64_t claim_lease_ms;                  /* 15 min */
	int64_t unscreened_ms, unscreened_yes_ms;/* 60 s, 10 s */
	int64_t silent_days;                     /* 30 */
	int64_t erase_after_ms;                  /* 7 days */
	/* keys and sessions */
	int64_t kdf_password_bytes, kdf_receipt_bytes; int kdf_password_passes, kdf_receipt_passes; /* 64 MiB t=3; 1 MiB t=1 */
	int64_t epoch_ms;                        /* 10 min */
	int64_t staff_idle_ms, staff_whole_ms;   /* 30 min, 8 h */
	int64_t caller_idle_ms, caller_whole_ms; /* 30 min, 4 h */
	int kdf_queue;                           /* waiting receipt derivations, 256 */
	bool demo;                               /* set by --demo, never by the file */
};

/* 0 done; 1 refused: *why is a gift, one sentence (file, line, what would be right). file NULL = all defaults; a
 * named file must be there. data_dir NULL = "data". */
NODISCARD int conf_load(const char *file, const char *data_dir, struct conf *out, char **why);
/* What the command line may change after the file: --portal HOST:PORT|off, --console HOST:PORT, --demo (refused
 * where a public address would show demo staff). NULL leaves a value. Outcomes and *why as conf_load. */
NODISCARD int conf_override(struct conf *c, const char *portal, const char *console, bool demo, char **why);

/* "HOST:PORT" or "[v6]:PORT" → host, port (1..65535). HOST is an IP address or localhost. 0 or 1. */
NODISCARD int conf_host_port(const char *text, char host[64], int *port);
/* "5s", "10min", "1h 30min": ms s min h d. "16MiB": B KiB MiB GiB. 0 or 1. */
NODISCARD int conf_time_ms(const char *text, int64_t *ms);
NODISCARD int conf_size_bytes(const char *text, int64_t *bytes);
/* "Mon-Fri 09:00-21:00" or "Sat 20:00-02:00" → one row a day, appended. 0 or 1. */
NODISCARD int conf_hours_add(const char *text, struct conf_hours *rows, int *count);
/* True for 127.0.0.0/8 and ::1. */
bool conf_loopback(const char *host);

/* The endpoint of a role: the configured one or ipc://DATA/run/<role>.sock. Gives a string. */
char *conf_endpoint(const struct conf *c, const char *role);
/* A data directory holds keys/ (named files, read at start), db/ (the store, its lock, its copies, found.json),
 * run/ (sockets, *.ready) and log/. conf_db("qingting.db") is DATA/db/qingting.db. A sandboxed process reaches db/
 * only as its struct process says. Gives. */
char *conf_db(const struct conf *c, const char *name);
/* The path of a shipped data file ("rules", "calendar-CN.conf"): below etc_dir, else beside the configuration file
 * when it is there, else where it was built or installed. Gives a string. */
char *conf_etc(const struct conf *c, const char *name);
/* The desk row of a kind, NULL when there is none. */
const struct conf_desk *conf_desk(const struct conf *c, const char *kind);

/* The Markdown table of every key for doc/configuration.md. Gives a string. */
char *conf_doc(void);
/* etc/qingting.conf: every key with its sentence and default. Gives a string. */
char *conf_sample(void);
/* `name=value` lines for ./hotline: desks, portal, console, ops listeners, bus. Gives a string. */
char *conf_summary(const struct conf *c);

#endif
