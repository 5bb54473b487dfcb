/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /api/v1/service: the code lists, and what is true just now — whether the house is open, which desk can answer when, how many wait.
 */
#include "service.h"

#include "codes.h"
#include "house.h"
#include "json.h"

void service_get(struct http_req *req)
{
	struct intake *intake = intake_of(req);
	json_t *out = codes_json(intake->conf, intake->screen), *desks = json_array(), *desk;
	size_t i;

	json_array_foreach(json_object_get(house_service(intake->house), "desks"), i, desk) {
		json_t *row = json_pack("{s:s, s:b, s:I, s:b}", "kind", json_text(desk, "kind"), "open", json_bool(desk, "open", false),
		                        "waiting", (json_int_t)json_int(desk, "waiting", 0), "staffed", json_int(desk, "on_shift", 0) > 0);

		json_set_time(row, "reply_by", json_int(desk, "reply_by", 0));
		json_array_append_new(desks, row);
	}
	json_object_set_new(out, "now", desks);
	json_object_set_new(out, "open", json_boolean(house_open(intake->house)));
	http_reply_json(req, 200, out);
}
