/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row of the second table of sentences: what people hint at, write around or tell of somebody else, and what only
 * looks like it. Tested for "somebody must be told now" (risk >= 2) or not. A row the rules do not read rightly yet
 * stands here with heard = false, so that nobody takes the table for more than it is; a rule that comes to hear it
 * turns the row over.
 */
#ifndef QT_TEST_SCREEN_MORE_H
#define QT_TEST_SCREEN_MORE_H

#include <stdbool.h>
#include <stddef.h>

struct more {
	const char *text;
	int risk;          /* 2: two or more; 0: less */
	const char *desks; /* every desk that would be right, parted by commas; NULL: not asked */
	bool three;        /* must be read as 3 */
	bool heard;
};

#endif
