/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes submits as intake does — sealed words, bundle, wraps — but with a receipt of chance instead of a derived one, which costs
 * intake's pool and not the bus. For bus_load and fill; needs the key files of a founded data directory.
 */
#ifndef QT_BENCH_SEALER_H
#define QT_BENCH_SEALER_H

#include "keyring.h"
#include "sock.h"

#include <jansson.h>

#define SEALER_SITE "450100"
enum { SEALER_DESKS = 3 };
extern const char *const sealer_desks[SEALER_DESKS + 1]; /* kinds */

struct sealer {
	struct keyring_intake *keys;
	struct keyring_public *public;
	struct seal_epoch *epoch;
	char *words;
	size_t bytes;
};
/* words: as many bytes are sealed in each. Dies with a sentence where there are no keys. */
void sealer_open(struct sealer *s, const char *data_dir, size_t bytes);
void sealer_close(struct sealer *s);

struct sealed {
	uint8_t uid[SEAL_UID_BYTES], caller_hash[32], key[32], digest[32];
	uint64_t message_id;
	struct buf message;
	uint8_t bundle[SEAL_WRAP_KEY_BYTES], caller[SEAL_CALLER_WRAP_BYTES], desk[SEALER_DESKS][SEAL_WRAP_CASE_BYTES];
};
/* For the desk of that index. Free the message with buf_finish. */
void sealer_make(struct sealer *s, int desk, struct sealed *out);
/* The frames of epoch.put and intake.submit behind the service frame, appended. */
void sealer_epoch(const struct sealer *s, struct msg *m);
void sealer_submit(const struct sealer *s, int desk, struct sealed *sealed, struct msg *m);

#endif
