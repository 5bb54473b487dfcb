/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the rules make of real text: the spread of risk and desk by class over a file of requests (JSON lines with id,
 * class, text), and precision and recall on hand-labelled ids. Prints figures, never a text. Without the file it says
 * so and ends well, so that the tests run anywhere. Fails when recall of risk >= 2 falls under 0.90 or precision under
 * 0.60 on the labels. screen_report RULES LABELS [REQUESTS]
 */
#include "mem.h"
#include "screen.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LABELS_MAX = 2048, CLASSES_MAX = 32, RISKS = 4, BATCHES = 8, SKIPPED = 77 };
static const char *const desks[] = { "psych", "legal", "social", "" };

struct label {
	char id[32], desks[48];
	int risk, batch;
};
struct class_row {
	char name[24];
	int count, risk[RISKS], desk[ARRAY_LEN(desks)], report;
};
struct score { /* of risk >= 2 */
	int labelled, hit, missed, false_alarm, exact, desk_right;
};
struct report {
	struct screen *screen;
	struct label label[LABELS_MAX];
	size_t labels, classes;
	struct class_row row[CLASSES_MAX];
	struct score batch[BATCHES], all;
	double slowest_ms, sum_ms;
	int texts;
};

static int labels_read(struct report *r, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256];

	if (!f) {
		fprintf(stderr, "screen_report: %s cannot be read; give the file of labels as second argument.\n",
		        path);
		return 1;
	}
	while (r->labels < LABELS_MAX && fgets(line, sizeof(line), f)) {
		struct label *l = &r->label[r->labels];

		if (line[0] != '#' && sscanf(line, "%31s\t%d\t%47s\t%d", l->id, &l->risk, l->desks, &l->batch) == 4)
			r->labels++;
	}
	fclose(f);
	return 0;
}

static struct class_row *class_of(struct report *r, const char *name)
{
	for (size_t i = 0; i < r->classes; i++)
		if (strcmp(r->row[i].name, name) == 0)
			return &r->row[i];
	if (r->classes == CLASSES_MAX)
		return &r->row[CLASSES_MAX - 1];
	snprintf(r->row[r->classes].name, sizeof(r->row[0].name), "%s", name);
	return &r->row[r->classes++];
}

static bool desk_is_right(const char *allowed, const char *desk)
{
	size_t n = desk ? strlen(desk) : 0;

	for (const char *at = allowed; n && (at = strstr(at, desk)); at += n)
		if ((at == allowed || at[-1] == ',') && (at[n] == 0 || at[n] == ','))
			return true;
	return false;
}

static void score_add(struct score *s, const struct label *l, const struct screen_result *read)
{
	bool wanted = l->risk >= 2, said = read->risk >= 2;

	s->labelled++;
	s->hit += wanted && said;
	s->missed += wanted && !said;
	s->false_alarm += !wanted && said;
	s->exact += l->risk == read->risk;
	s->desk_right += desk_is_right(l->desks, read->desk);
}

static void text_add(struct report *r, const char *id, const char *class, const char *text)
{
	struct class_row *row = class_of(r, class);
	struct screen_result read;
	struct timespec began, ended;
	double ms;

	clock_gettime(CLOCK_MONOTONIC, &began);
	screen_text(r->screen, text, NULL, &read);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	ms = (double)(ended.tv_sec - began.tv_sec) * 1e3 + (double)(ended.tv_nsec - began.tv_nsec) / 1e6;
	r->sum_ms += ms;
	r->slowest_ms = ms > r->slowest_ms ? ms : r->slowest_ms;
	r->texts++;
	row->count++;
	row->risk[read.risk]++;
	row->report += read.report;
	for (size_t i = 0; i < ARRAY_LEN(desks); i++)
		row->desk[i] += strcmp(desks[i], read.desk ? read.desk : "") == 0;
	for (size_t i = 0; i < r->labels; i++) {
		const struct label *l = &r->label[i];

		if (strcmp(l->id, id) != 0)
			continue;
		score_add(&r->all, l, &read);
		if (l->batch > 0 && l->batch < BATCHES)
			score_add(&r->batch[l->batch], l, &read);
	}
}

static int requests_read(struct report *r, FILE *f)
{
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, f) > 0) {
		json_t *json = json_loads(line, 0, NULL);
		const char *id = json_string_value(json_object_get(json, "id"));
		const char *class = json_string_value(json_object_get(json, "class"));
		const char *text = json_string_value(json_object_get(json, "text"));

		if (id && class && text)
			text_add(r, id, class, text);
		json_decref(json);
	}
	free(line);
	return r->texts ? 0 : 1;
}

static double share(int part, int whole)
{
	return whole ? (double)part / whole : 1.0;
}

static void score_print(const char *name, const struct score *s)
{
	printf("%-8s n=%-4d risk>=2: %3d labelled  recall %.2f  precision %.2f  | same level %.2f  desk right %.2f\n",
	       name, s->labelled, s->hit + s->missed, share(s->hit, s->hit + s->missed),
	       share(s->hit, s->hit + s->false_alarm), share(s->exact, s->labelled), share(s->desk_right, s->labelled));
}

static void report_print(const struct report *r)
{
	printf("%-8s %6s | risk %5s %5s %5s %5s | psych legal social   none | report\n", "class", "texts", "0", "1",
	       "2", "3");
	for (size_t i = 0; i < r->classes; i++) {
		const struct class_row *c = &r->row[i];

		printf("%-8s %6d |      %5d %5d %5d %5d | %5d %5d %6d %6d | %6d\n", c->name, c->count, c->risk[0],
		       c->risk[1], c->risk[2], c->risk[3], c->desk[0], c->desk[1], c->desk[2], c->desk[3], c->report);
	}
	printf("%d texts, %.3f ms each, slowest %.2f ms\n", r->texts, r->sum_ms / r->texts, r->slowest_ms);
	for (int b = 1; b < BATCHES; b++) {
		char name[16];

		snprintf(name, sizeof(name), "batch %d", b);
		if (r->batch[b].labelled)
			score_print(name, &r->batch[b]);
	}
	score_print("all", &r->all);
}

int main(int argc, char **argv)
{
	struct report *r = mem_new(sizeof(*r));
	AUTO(mem_free) char *why = NULL;
	const struct score *all = &r->all;
	FILE *f;
	int bad;

	if (argc < 3 || screen_load(argv[1], &r->screen, &why) || labels_read(r, argv[2])) {
		fprintf(stderr, "%s\n", why ? why : "usage: screen_report RULES LABELS [REQUESTS]");
		return 2;
	}
	f = argc > 3 ? fopen(argv[3], "r") : NULL;
	if (f) {
		bad = requests_read(r, f);
		fclose(f);
		report_print(r);
	} else {
		bad = SKIPPED;
		printf("screen_report: there is no file of requests here; nothing to measure.\n");
	}
	if (!bad && all->labelled)
		bad = share(all->hit, all->hit + all->missed) < 0.90 ||
		      share(all->hit, all->hit + all->false_alarm) < 0.60;
	screen_free(&r->screen);
	mem_free(&r);
	return bad;
}
