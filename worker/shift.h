/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One worker process at work: it asks the router for sealed requests of one desk, opens each once, screens it, reports
 * risk, desk and proposals, and lets go. Made by main.c; the tests make one without a bus.
 */
#ifndef QT_WORKER_SHIFT_H
#define QT_WORKER_SHIFT_H

#include "conf.h"
#include "json.h"
#include "keyring.h"
#include "loop.h"
#include "screen.h"
#include "sock.h"

struct shift;

/* The room of main.c (proc.h). */
int shift_room_open(const struct conf *conf, struct loop *loop, int argc, char **argv, void **room, char **why);
void shift_room_drain(void *room);
void shift_room_close(void **room);

/* A shift of a desk; takes screen, book and the openers of its keys (newest first). */
enum { SHIFT_OPENERS_MAX = 2 };
struct shift *shift_new(const char *desk, struct screen *screen, struct seal_book *book,
                        struct seal_opener *const opener[SHIFT_OPENERS_MAX]);
void shift_free(struct shift **shift);

enum shift_outcome {
	SHIFT_DAMAGED = 1, /* a blob that does not open, or words that are no text: say 400, a human takes it */
	SHIFT_BAD_REQUEST, /* not the message of the contract: likewise */
	SHIFT_OLD_KEYS,    /* sealed for a newer pair than ours: give back and start again with the new key file */
};
/* Opens, screens, wipes. body: the request's JSON; blobs: frames [first, m->count). 0 and *result (gives), or an
 * outcome. */
NODISCARD int shift_work(struct shift *shift, const json_t *body, const struct msg *m, size_t first, json_t **result);

#endif
