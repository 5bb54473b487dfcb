/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few macros every room uses: cleanup, hand-over, must-check.
 * Sign convention of every fallible function: 0 done; > 0 an outcome from that function's own enum, which the
 * direct caller must handle; < 0 a fault of the world (negative errno), which travels up.
 */
#ifndef QT_MACROS_H
#define QT_MACROS_H

#include <stddef.h>

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define UNUSED __attribute__((unused))

/* AUTO(store_close) struct store *s = NULL;  — the release function takes T **, accepts NULL, nulls it. */
#define AUTO(release) __attribute__((cleanup(release)))

/* Hands a pointer over: yields it and leaves NULL behind. */
#define steal(pp)                                                                                                      \
	__extension__({                                                                                                \
		__typeof__(*(pp)) stolen_ = *(pp);                                                                     \
		*(pp) = NULL;                                                                                          \
		stolen_;                                                                                               \
	})

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
