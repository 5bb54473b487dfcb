/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers with pages. Adds what every page shows in the same place: the crisis strip, the exit, the language. Every page is no-store and
 * neutral in title and icon; nothing of the caller stands in a URL.
 */
#include "page.h"

#include "codes.h"
#include "clock.h"
#include "json.h"
#include "mem.h"
#include "portal_assets.h"
#include "template.h"
#include <string.h>
#include <time.h>

static const char *lookup(const char *name, size_t *bytes)
{
	const struct http_asset *asset = portal_asset(name);

	*bytes = asset ? asset->plain_bytes : 0;
	return asset ? asset->plain : NULL;
}

enum i18n_lang page_lang(struct http_req *req)
{
	const char *path = http_path(req), *field = !strcmp(http_method(req), "POST") ? http_field(req, "lang") : NULL;

	if (field)
		return strcmp(field, "en") ? I18N_ZH_CN : I18N_EN;
	return !strncmp(path, "/en", 3) && (!path[3] || path[3] == '/') ? I18N_EN : I18N_ZH_CN;
}

/* The strip's numbers in the page's language. */
static json_t *strip(const struct conf *conf, enum i18n_lang lang)
{
	json_t *out = json_array();
	int i;

	for (i = 0; i < conf->numbers; i++) {
		const struct conf_number *n = &conf->number[i];

		json_array_append_new(out, json_pack("{s:s, s:s, s:s}", "number", n->number, "name", lang == I18N_EN ? n->name_en : n->name_zh,
		                                     "hours", lang == I18N_EN ? n->hours_en : n->hours_zh));
	}
	return out;
}

void page_reply(struct http_req *req, int status, const char *template, json_t *data)
{
	const struct conf *conf = intake_of(req)->conf;
	enum i18n_lang lang = page_lang(req);
	struct buf out = { 0 };

	json_object_set_new(data, "lang", json_string(i18n_tag(lang)));
	json_object_set_new(data, "en", json_boolean(lang == I18N_EN));
	json_object_set_new(data, "base", json_string(lang == I18N_EN ? "/en" : ""));
	json_object_set_new(data, "home", json_string(lang == I18N_EN ? "/en" : "/"));
	json_object_set_new(data, "other_home", json_string(lang == I18N_EN ? "/" : "/en"));
	json_object_set_new(data, "name", json_string(lang == I18N_EN ? conf->name_en : conf->name_zh));
	json_object_set_new(data, "exit_url", json_string(conf->exit_url));
	json_object_set_new(data, "numbers", strip(conf, lang));
	json_object_set_new(data, "page", json_string(template));
	template_fill(template, data, lang, lookup, &out);
	json_release(&data);
	http_set(req, "Vary", "Accept-Encoding");
	http_reply(req, status, "text/html; charset=utf-8", out.data ? out.data : "", out.bytes);
	buf_finish(&out);
}

void page_error(struct http_req *req, int status, const char *code, const char *detail, void *ctx UNUSED)
{
	const struct http_route *route = http_route(req);
	json_t *problem;

	if (!route ? !strncmp(http_path(req), "/api/", 5) : !(route->flags & HTTP_PAGE)) {
		problem = json_pack("{s:o, s:s, s:i, s:s}", "type", json_sprintf("/problems/%s", code), "title", code, "status", status,
		                    "detail", detail ? detail : code);
		http_reply_json(req, status, problem);
		return;
	}
	page_reply(req, status, "error.html", json_pack("{s:i, s:s, s:b, s:b}", "status", status, "code", code, "missing", status == 404,
	                                                "busy", status == 503));
}

json_t *page_choices(enum i18n_lang lang, const char *prefix, const char *const *codes, const char *chosen)
{
	json_t *out = json_array();

	for (; *codes; codes++) {
		AUTO(mem_free) char *key = mem_format("%s.%s", prefix, *codes);

		json_array_append_new(out, json_pack("{s:s, s:s, s:b}", "id", *codes, "name", i18n_text(lang, key), "chosen",
		                                     chosen && !strcmp(chosen, *codes)));
	}
	return out;
}

char *page_time(enum i18n_lang lang, int64_t at_ms)
{
	time_t at = (time_t)(at_ms / 1000) + 8 * 3600, now = (time_t)(clock_wall_ms() / 1000) + 8 * 3600;
	struct tm t;

	if (!at_ms)
		return mem_text("");
	gmtime_r(&at, &t); /* shifted by eight hours: Asia/Shanghai has had no summer time since 1991 */
	if (at / 86400 == now / 86400)
		return mem_format(lang == I18N_EN ? "today %02d:%02d" : "今天 %02d:%02d", t.tm_hour, t.tm_min);
	if (lang == I18N_EN)
		return mem_format("%d-%02d-%02d %02d:%02d", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min);
	return mem_format("%d月%d日 %02d:%02d", t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min);
}

void page_asset(struct http_req *req)
{
	size_t i;

	for (i = 0; i < PORTAL_ASSETS; i++) {
		const struct http_asset *a = &portal_assets[i];

		if (a->immutable && !strcmp(a->path, http_path(req))) {
			http_reply_asset(req, a);
			return;
		}
	}
	http_error(req, 404, "not_found", NULL);
}

void page_favicon(struct http_req *req)
{
	http_reply_asset(req, portal_asset("root/favicon.svg"));
}

void page_before(struct http_req *req)
{
	page_reply(req, 200, "before.html", json_object());
}

void page_safe(struct http_req *req)
{
	page_reply(req, 200, "safe.html", json_object());
}

void page_help(struct http_req *req)
{
	page_reply(req, 200, "help.html", json_object());
}
