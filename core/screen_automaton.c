/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Aho–Corasick over code points: every word of every rule in one machine, so that reading a text costs its length and
 * not the number of rules. Edges stand in one hash table (a dense table over Han would be megabytes of zeros). Latin
 * words only match whole words; a word never reaches over a stop. Pure.
 */
#include "screen_part.h"

#include "mem.h"

#include <assert.h>
#include <string.h>

struct edge {
	uint32_t state, c, to; /* to == 0: empty (no edge leads to the root) */
};
struct screen_automaton {
	struct edge *edge;
	size_t edges, edge_room;  /* a power of two */
	uint32_t *fail, *shorter; /* shorter: the longest proper suffix that is a word's end, 0 = none */
	int *ends;                /* word that ends here, < 0 none */
	size_t states, room;
	size_t *length;
	size_t words;
};

static size_t edge_slot(const struct screen_automaton *a, uint32_t state, uint32_t c)
{
	uint64_t h = ((uint64_t)state << 21 ^ c) * 0x9E3779B97F4A7C15u;
	size_t i = (size_t)(h >> 32) & (a->edge_room - 1);

	while (a->edge[i].to && (a->edge[i].state != state || a->edge[i].c != c))
		i = (i + 1) & (a->edge_room - 1);
	return i;
}

static uint32_t edge_to(const struct screen_automaton *a, uint32_t state, uint32_t c)
{
	return a->edge[edge_slot(a, state, c)].to;
}

static void edge_room_make(struct screen_automaton *a, size_t room)
{
	struct edge *old = a->edge;
	size_t n = a->edge_room;

	a->edge = mem_array(room, sizeof(*a->edge));
	a->edge_room = room;
	for (size_t i = 0; i < n; i++)
		if (old[i].to)
			a->edge[edge_slot(a, old[i].state, old[i].c)] = old[i];
	mem_free(&old);
}

static uint32_t state_new(struct screen_automaton *a)
{
	if (a->states == a->room) {
		a->room = a->room ? 2 * a->room : 256;
		a->fail = mem_resize(a->fail, a->room * sizeof(*a->fail));
		a->shorter = mem_resize(a->shorter, a->room * sizeof(*a->shorter));
		a->ends = mem_resize(a->ends, a->room * sizeof(*a->ends));
	}
	a->fail[a->states] = a->shorter[a->states] = 0;
	a->ends[a->states] = -1;
	return (uint32_t)a->states++;
}

struct screen_automaton *screen_automaton_new(void)
{
	struct screen_automaton *a = mem_new(sizeof(*a));

	edge_room_make(a, 4096);
	state_new(a);
	return a;
}

int screen_automaton_add(struct screen_automaton *a, const struct screen_stream *word)
{
	uint32_t state = 0;

	for (size_t i = 0; i < word->points; i++) {
		size_t slot = edge_slot(a, state, word->point[i].c);

		if (!a->edge[slot].to) {
			a->edge[slot] = (struct edge){ state, word->point[i].c, state_new(a) };
			if (++a->edges * 2 > a->edge_room)
				edge_room_make(a, 2 * a->edge_room);
			slot = edge_slot(a, state, word->point[i].c);
		}
		state = a->edge[slot].to;
	}
	if (!word->points)
		return -1;
	if (a->ends[state] < 0) {
		a->length = mem_resize(a->length, (a->words + 1) * sizeof(*a->length));
		a->length[a->words] = word->points;
		a->ends[state] = (int)a->words++;
	}
	return a->ends[state];
}

static uint32_t state_step(const struct screen_automaton *a, uint32_t state, uint32_t c)
{
	uint32_t to;

	while (!(to = edge_to(a, state, c)) && state)
		state = a->fail[state];
	return to;
}

/* Edges in the order of the states they leave: add() numbers a child after its parent, but not breadth first, so the
 * queue is. */
void screen_automaton_seal(struct screen_automaton *a)
{
	size_t *first = mem_array(a->states + 2, sizeof(*first));
	struct edge *by_state = mem_array(a->edges, sizeof(*by_state));
	uint32_t *queue = mem_array(a->states, sizeof(*queue));
	size_t head = 0, tail = 1;

	for (size_t i = 0; i < a->edge_room; i++)
		if (a->edge[i].to)
			first[a->edge[i].state + 2]++;
	for (size_t i = 2; i < a->states + 2; i++)
		first[i] += first[i - 1];
	for (size_t i = 0; i < a->edge_room; i++)
		if (a->edge[i].to)
			by_state[first[a->edge[i].state + 1]++] = a->edge[i];
	while (head < tail) {
		uint32_t from = queue[head++];

		for (size_t i = first[from]; i < first[from + 1]; i++) {
			struct edge *e = &by_state[i];
			uint32_t fail = from ? state_step(a, a->fail[from], e->c) : 0;

			a->fail[e->to] = fail;
			a->shorter[e->to] = a->ends[fail] >= 0 ? fail : a->shorter[fail];
			queue[tail++] = e->to;
		}
	}
	mem_free(&first);
	mem_free(&by_state);
	mem_free(&queue);
}

size_t screen_automaton_words(const struct screen_automaton *a)
{
	return a->words;
}

static bool point_is_latin(uint32_t c)
{
	return c != ' ' && c < 0x2E80;
}

/* Latin words and numbers match whole; nothing matches over a stop. */
static bool word_stands(const struct screen_stream *s, size_t from, size_t to)
{
	const struct screen_point *p = s->point;

	if (p[from].hard != p[to - 1].hard)
		return false;
	if (from && point_is_latin(p[from].c) && point_is_latin(p[from - 1].c) && p[from].hard == p[from - 1].hard)
		return false;
	return to == s->points || !point_is_latin(p[to - 1].c) || !point_is_latin(p[to].c) ||
	       p[to - 1].hard != p[to].hard;
}

size_t screen_automaton_run(const struct screen_automaton *a, const struct screen_stream *s,
                            struct screen_event **events)
{
	size_t n = 0, room = 64;
	uint32_t state = 0;

	*events = mem_array(room, sizeof(**events));
	for (size_t i = 0; i < s->points; i++) {
		state = state_step(a, state, s->point[i].c);
		for (uint32_t at = a->ends[state] >= 0 ? state : a->shorter[state]; at; at = a->shorter[at]) {
			size_t length = a->length[a->ends[at]];

			assert(length <= i + 1);
			if (!word_stands(s, i + 1 - length, i + 1))
				continue;
			if (n == room)
				*events = mem_resize(*events, (room *= 2) * sizeof(**events));
			(*events)[n++] = (struct screen_event){ (uint32_t)a->ends[at], (int32_t)(i + 1 - length),
				                                (int32_t)(i + 1) };
		}
	}
	return n;
}

void screen_automaton_free(struct screen_automaton **a)
{
	if (!*a)
		return;
	mem_free(&(*a)->edge);
	mem_free(&(*a)->fail);
	mem_free(&(*a)->shorter);
	mem_free(&(*a)->ends);
	mem_free(&(*a)->length);
	mem_free(a);
}
