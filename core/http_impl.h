/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between the files of the HTTP door, and nobody else:
 *   http.c          open, close, libmicrohttpd's callbacks, the glue to the loop
 *   http_due.c      absolute deadlines, in lists of equal length: O(1) each
 *   http_peer.c     address prefixes: buckets and the cap per address
 *   http_side.c     our own epoll, for sockets libmicrohttpd no longer has: lingering closes and streams
 *   http_parse.c    may this request be believed at all (framing, Host)
 *   http_route.c    the route table
 *   http_request.c  what a handler may ask of its request;  http_form.c  names and values, percent-decoded
 *   http_reply.c    answers;  http_asset.c  static bytes;  http_stream.c  server-sent events
 *   http_openapi.c  the table as OpenAPI;  http_metrics.c  figures
 */
#ifndef QT_HTTP_IMPL_H
#define QT_HTTP_IMPL_H

#include "http.h"
#include "mem.h"

#include <microhttpd.h>
#include <sys/socket.h>

/* Every limit of the door. */
enum {
	HTTP_POOL_BYTES = 16 * 1024,     /* libmicrohttpd's, for a connection: 8 KB of headers, the answer's head */
	HTTP_HEADER_COST = 64,           /* libmicrohttpd's record of one header, in the same pool */
	HTTP_ANSWER_BYTES = 3 * 1024,    /* of the pool, kept for the head of the answer: without room there is none */
	HTTP_TARGET_BYTES_MAX = 4096,    /* path and query as sent */
	HTTP_ARGUMENTS_MAX = 32,         /* of a query; libmicrohttpd spins when its pool has no room for more */
	HTTP_PAIRS_MAX = 128,            /* fields of one form */
	HTTP_BACKLOG = 1024,
	HTTP_CONNECTIONS = 1024,
	HTTP_CONNECTIONS_SPARE = 64,     /* accepted to be refused, or while an idle one leaves for it */
	HTTP_HEADER_MS = 10000,
	HTTP_WHOLE_MS = 60000,
	HTTP_QUIET_MS = 15000,           /* silence of a stream before a ":" */
	HTTP_LINGER_MS = 2000,
	HTTP_LINGERING_MAX = 64,
	HTTP_STREAM_UNSENT_BYTES = 256 * 1024,
	HTTP_METHODS = 5,
	HTTP_CLASSES = 5,                /* 1xx … 5xx */
};

/* ---- http_due.c */
struct http_due {
	struct http_due *prev, *next; /* NULL: in no list */
	int64_t at_ms;
};
enum http_due_line { DUE_HEADER, DUE_WHOLE, DUE_IDLE, DUE_QUIET, DUE_LINGER, DUE_LINES };
struct http_due_list {
	struct http_due head;
	int64_t span_ms;
	void (*fire)(struct http *http, struct http_due *due);
};
void http_due_init(struct http *http, enum http_due_line line, int64_t span_ms,
		   void (*fire)(struct http *, struct http_due *));
/* Due after the line's span from now; leaves the line it was in. */
void http_due_put(struct http *http, enum http_due_line line, struct http_due *due);
void http_due_drop(struct http_due *due);
/* Fires what is due; gives ms until the next, -1 none. */
int64_t http_due_run(struct http *http);

/* ---- http_peer.c */
struct http_peer {
	struct http_peer *next;
	uint64_t bucket;
	int connections;
};
enum { HTTP_PEER_SLOTS = 1024 };
uint64_t http_peer_bucket(const struct http *http, const struct sockaddr *addr);
/* May one more come from there? */
bool http_peer_room(const struct http *http, uint64_t bucket);
void http_peer_enter(struct http *http, uint64_t bucket);
void http_peer_leave(struct http *http, uint64_t bucket);
void http_peer_finish(struct http *http);

/* ---- http_side.c: a socket in our own epoll. ready is called with EPOLL… bits. */
struct http_side {
	void (*ready)(struct http_side *side, uint32_t events);
	struct http *http;
	int fd;
};
NODISCARD int http_side_open(struct http *http);
void http_side_close(struct http *http);
NODISCARD int http_side_add(struct http *http, struct http_side *side, uint32_t events);
void http_side_drop(struct http_side *side); /* out of the epoll; closes fd */
/* Keeps a copy of fd open until the peer has read our last answer (it closes, or 2 s), reading away what it still
 * sends: a socket closed with unread bytes makes the kernel throw away what the peer has not read yet. */
void http_linger(struct http *http, int fd);
void http_linger_due(struct http *http, struct http_due *due);

/* ---- the route table, http_route.c */
struct http_node { /* one path, its methods */
	const char *path;
	const struct http_route *route[HTTP_METHODS];
	char allow[64];
};
struct http_table {
	struct http_node *node;
	size_t count;
	uint32_t *slot, slots; /* open addressing over exact paths: node + 1 */
	uint32_t *pattern, patterns;
};
void http_table_init(struct http_table *table, const struct http_route *routes, size_t count);
void http_table_finish(struct http_table *table);
/* -1: not a method of ours. */
int http_method_index(const char *method);
/* The node of a raw path that has the method, else any node of that path (its allow is the answer), else NULL.
 * params gets the values of the {names}, each ended by NUL. */
const struct http_node *http_table_find(const struct http_table *table, const char *path, int method,
					struct buf *params);

/* ---- names and values, http_form.c */
struct http_pairs {
	struct http_pair {
		const char *name, *value;
	} *pair;
	char *text;
	size_t count, bytes;
	bool read, bad;
};
/* Reads n bytes of name=value&… once. bad: bad escapes, bytes that are not UTF-8, NUL, a name twice, too many. */
void http_pairs_read(struct http_pairs *pairs, const char *text, size_t n);
/* Cuts the text of Cookie headers, which is not encoded; a name may come twice. */
void http_pairs_read_cookies(struct http_pairs *pairs, const char *text, size_t n);
const char *http_pairs_find(const struct http_pairs *pairs, const char *name);
void http_pairs_finish(struct http_pairs *pairs);

/* ---- a connection and its request */
enum http_phase { HTTP_NEW, HTTP_BODY, HTTP_HANDLED, HTTP_ANSWERED, HTTP_TAKEN };
struct http_verdict { /* status 0: fine */
	int status;
	const char *code, *detail, *allow;
	bool close; /* the bytes behind this request cannot be believed */
};
struct http_req {
	struct http_conn *conn;
	const char *target; /* in libmicrohttpd's memory, as are method and path */
	size_t target_bytes;
	const char *method, *path;
	char *query_text;
	const struct http_route *route;
	struct http_verdict verdict;
	struct buf params, headers, body; /* headers: see http_header_next */
	struct http_pairs query, form, cookies;
	json_t *json;
	void *attached;
	void (*attached_free)(void *);
	uint64_t body_bytes; /* declared */
	enum http_phase phase;
	bool begun, bad_target, head, dropped, suspended, in_error, gone, linger;
};
struct http_conn {
	struct http_due due; /* first: the deadline lists give us back by it */
	struct http *http;
	struct MHD_Connection *mhd;
	struct http_conn *prev, *next; /* all of a door */
	uint64_t bucket;
	int fd;
	struct http_req req;
};

/* ---- http_parse.c */
/* Judges what is known when the headers are there: framing, Host, method, route, type and size of the body. */
void http_judge(struct http_req *req, const char *url, const char *method, const char *version);
/* The names of Host this door answers to. */
struct http_names {
	char **name;
	size_t count;
};
void http_names_init(struct http_names *names, const struct http_config *config, int port);
void http_names_finish(struct http_names *names);

/* ---- http_reply.c */
/* Queues response (kept by the caller) and counts. */
void http_queue(struct http_req *req, int status, struct MHD_Response *response);
/* The request is answered by hand and its connection leaves libmicrohttpd (http_stream.c). */
void http_taken(struct http_req *req, int status);
/* Puts the request's headers and the defaults into a response. */
void http_headers_into(struct http_req *req, struct MHD_Response *response);
/* Walks a request's headers: at from 0; false at the end. */
bool http_header_next(const struct buf *headers, size_t *at, const char **name, const char **value);
const char *http_header_set(const struct http_req *req, const char *name);
void http_default_headers(struct http_req *req);
/* The problem document, without asking the room. */
void http_problem(struct http_req *req, int status, const char *code, const char *detail);
void http_answer_verdict(struct http_req *req);

/* ---- http_asset.c: responses that were built once */
struct http_ready {
	struct http_ready *next;
	const struct http_asset *asset;
	int variant;
	struct buf headers;
	struct MHD_Response *response;
};
enum { HTTP_READY_SLOTS = 256 };
void http_ready_finish(struct http *http);

/* ---- http_stream.c */
void http_stream_quiet(struct http *http, struct http_due *due);
/* Tells the rooms of streams that ended; true when there was one. */
bool http_stream_bury(struct http *http);
void http_stream_end_all(struct http *http);

struct http {
	struct http_config config;
	struct loop *loop;
	struct MHD_Daemon *daemon;
	struct watch *watch, *side_watch;
	int listen_fd, side_fd, port;
	bool runnable, closing;
	struct http_due_list due[DUE_LINES];
	struct http_peer *peer[HTTP_PEER_SLOTS];
	uint64_t key[2];
	struct http_table table;
	struct http_names names;
	struct http_ready *ready[HTTP_READY_SLOTS];
	struct http_conn *conns;
	struct http_stream *streams, *ended;
	int connections, stream_count, lingering;
	uint64_t *requests;          /* [route_count + 1][HTTP_CLASSES]; the last row: no route */
	uint64_t refused_connections, deadlines;
	struct buf scratch;          /* of http_stream.c */
};

/* http_listen.c: the listening socket. 0, an http_outcome, or < 0. */
NODISCARD int http_listen(struct http *http);
/* http.c: work for the coming turn of the loop. */
void http_soon(struct http *http);

#endif
