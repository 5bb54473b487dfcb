/* SPDX-License-Identifier: Apache-2.0 */
/* libqrencode makes the modules; runs of dark ones become rectangles of a path. */
#include "qr.h"

#include "mem.h"
#include <qrencode.h>

static void row_write(struct buf *out, const unsigned char *row, int side, int y)
{
	int x, from;

	for (x = 0; x < side; x++) {
		if (!(row[x] & 1))
			continue;
		for (from = x; x < side && row[x] & 1; x++)
			;
		buf_format(out, "M%d %dh%dv1H%dz", from, y, x - from, from);
	}
}

char *qr_path(const char *text, int *side)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	struct buf out = { 0 };
	int y;

	if (!code)
		return NULL;
	*side = code->width;
	for (y = 0; y < code->width; y++)
		row_write(&out, code->data + (size_t)y * (size_t)code->width, code->width, y);
	QRcode_free(code);
	return out.data;
}
