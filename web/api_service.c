/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/service: every code list with its names; the desks by their full ids, since a console may see several
 * sites. */
#include "api.h"

#include "codes.h"

void api_service(struct http_req *req)
{
	struct web *web = web_of(req);
	json_t *out = codes_json(web->conf, web->screen), *desks = json_array();
	struct desk_row *rows;
	size_t n, i;

	if (store_desk_list(web->store, &rows, &n)) {
		json_release(&desks);
		json_release(&out);
		api_fault(req);
		return;
	}
	for (i = 0; i < n; i++)
		json_array_append_new(desks, json_pack("{s:s, s:s, s:{s:s, s:s}, s:b}", "id", rows[i].id, "kind",
		                                       rows[i].kind, "name", "zh-CN", rows[i].name_zh, "en",
		                                       rows[i].name_en, "open", rows[i].open));
	json_object_set_new(out, "desks", desks);
	json_object_set_new(out, "names", json_pack("{s:O}", "product", json_object_get(out, "name")));
	http_reply_json(req, 200, out);
}
