/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Absolute deadlines. Everything in one list waits for the same span, so the list is in order by itself and putting,
 * moving and dropping cost the same whether ten or ten thousand connections are open. Called by the files of the HTTP
 * door.
 */
#include "http_impl.h"

#include "clock.h"

void http_due_init(struct http *http, enum http_due_line line, int64_t span_ms,
		   void (*fire)(struct http *, struct http_due *))
{
	struct http_due_list *list = &http->due[line];

	list->head.prev = list->head.next = &list->head;
	list->span_ms = span_ms;
	list->fire = fire;
}

void http_due_drop(struct http_due *due)
{
	if (!due->next)
		return;
	due->prev->next = due->next;
	due->next->prev = due->prev;
	due->prev = due->next = NULL;
}

void http_due_put(struct http *http, enum http_due_line line, struct http_due *due)
{
	struct http_due_list *list = &http->due[line];

	http_due_drop(due);
	due->at_ms = clock_mono_ms() + list->span_ms;
	due->prev = list->head.prev;
	due->next = &list->head;
	due->prev->next = due;
	list->head.prev = due;
}

int64_t http_due_run(struct http *http)
{
	int64_t now = clock_mono_ms(), wait = -1;

	for (int i = 0; i < DUE_LINES; i++) {
		struct http_due_list *list = &http->due[i];
		struct http_due *due;

		while ((due = list->head.next) != &list->head && due->at_ms <= now) {
			http_due_drop(due);
			list->fire(http, due);
		}
		if (due != &list->head && (wait < 0 || due->at_ms - now < wait))
			wait = due->at_ms - now;
	}
	return wait;
}
