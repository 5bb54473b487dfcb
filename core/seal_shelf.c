/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small bounded map from an epoch's number to keys: what makes four wraps cost microseconds and a search over many
 * cases cheap. Open addressing, doubling up to its bound; a full one forgets all and starts again.
 */
#include "seal_inner.h"

enum { ROOM_FIRST = 16 };

static size_t shelf_slot(const struct seal_shelf *shelf, int64_t id)
{
	size_t i = (size_t)(((uint64_t)id * 0x9e3779b97f4a7c15u) >> 32) & (shelf->room - 1);

	while (shelf->row[i].id && shelf->row[i].id != id)
		i = (i + 1) & (shelf->room - 1);
	return i;
}

const uint8_t *seal_shelf_find(const struct seal_shelf *shelf, int64_t id)
{
	const struct seal_shelf_row *row;

	if (!shelf->room || !id)
		return NULL;
	row = &shelf->row[shelf_slot(shelf, id)];
	return row->id ? row->value : NULL;
}

static void shelf_grow(struct seal_shelf *shelf)
{
	struct seal_shelf old = *shelf;
	bool full = old.room && old.room * 2 > old.most;

	shelf->room = !old.room ? ROOM_FIRST : full ? old.room : old.room * 2;
	shelf->row = mem_array(shelf->room, sizeof(*shelf->row));
	shelf->used = full ? 0 : old.used;
	for (size_t i = 0; !full && i < old.room; i++)
		if (old.row[i].id)
			shelf->row[shelf_slot(shelf, old.row[i].id)] = old.row[i];
	seal_shelf_finish(&old);
}

void seal_shelf_put(struct seal_shelf *shelf, int64_t id, const uint8_t value[64])
{
	struct seal_shelf_row *row;

	if (!id)
		return;
	if (!seal_shelf_find(shelf, id) && (shelf->used + 1) * 4 > shelf->room * 3)
		shelf_grow(shelf);
	row = &shelf->row[shelf_slot(shelf, id)];
	shelf->used += !row->id;
	row->id = id;
	memcpy(row->value, value, sizeof(row->value));
}

void seal_shelf_finish(struct seal_shelf *shelf)
{
	if (shelf->row)
		seal_wipe(shelf->row, shelf->room * sizeof(*shelf->row));
	mem_free(&shelf->row);
	shelf->room = shelf->used = 0;
}
