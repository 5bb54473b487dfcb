/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers with pages. Adds what every page shows in the same place: the crisis strip, the exit, the language. Every page is no-store and
 * neutral in title and icon; nothing of the caller stands in a URL.
 */
#include "page.h"

#include "clock.h"
#include "guard.h"
#include "house.h"
#include "json.h"
#include "mem.h"
#include "portal_assets.h"
#include "template.h"
#include <string.h>
#include <time.h>

enum { SOON_MS = 3600 * 1000, SHANGHAI_S = 8 * 3600, DAY_S = 86400 };

static const char *lookup(const char *name, size_t *bytes)
{
	const struct http_asset *asset = portal_asset(name);

	*bytes = asset ? asset->plain_bytes : 0;
	return asset ? asset->plain : NULL;
}

/* The path without the language. */
static const char *bare_path(const struct http_req *req)
{
	const char *path = http_path(req);

	return !strncmp(path, "/en", 3) && (!path[3] || path[3] == '/') ? path + 3 : path;
}

enum i18n_lang page_lang(const struct http_req *req)
{
	return bare_path(req) != http_path(req) ? I18N_EN : I18N_ZH_CN;
}

/* The same page for whoever reads the other language; a page that only a form leads to becomes the one before it. */
static const char *twin(const struct http_req *req)
{
	static const char *const pages[] = { "/track", "/ticket", "/before", "/safe", "/help" };
	const char *path = bare_path(req);
	size_t i;

	for (i = 0; i < ARRAY_LEN(pages); i++)
		if (!strncmp(path, pages[i], strlen(pages[i])))
			return pages[i];
	return "";
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

static void add_common(const struct http_req *req, enum i18n_lang lang, json_t *data)
{
	const struct conf *conf = intake_of(req)->conf;
	const char *page = twin(req);
	AUTO(mem_free) char *other = lang == I18N_EN ? mem_text(*page ? page : "/") : mem_format("/en%s", page);

	json_object_set_new(data, "lang", json_string(i18n_tag(lang)));
	json_object_set_new(data, "other_lang", json_string(i18n_tag(lang == I18N_EN ? I18N_ZH_CN : I18N_EN)));
	json_object_set_new(data, "base", json_string(lang == I18N_EN ? "/en" : ""));
	json_object_set_new(data, "other_base", json_string(lang == I18N_EN ? "" : "/en"));
	json_object_set_new(data, "home", json_string(lang == I18N_EN ? "/en" : "/"));
	json_object_set_new(data, "other_page", json_string(other));
	json_object_set_new(data, "name", json_string(lang == I18N_EN ? conf->name_en : conf->name_zh));
	json_object_set_new(data, "exit_url", json_string(conf->exit_url));
	json_object_set_new(data, "numbers", strip(conf, lang));
}

static void page_fill(const struct http_req *req, const char *template, json_t *data, struct buf *out)
{
	enum i18n_lang lang = page_lang(req);

	add_common(req, lang, data);
	template_fill(template, data, lang, lookup, out);
	json_release(&data);
}

static void page_send(struct http_req *req, int status, struct buf *page)
{
	guard_headers(req);
	http_reply(req, status, "text/html; charset=utf-8", page->data ? page->data : "", page->bytes);
	if (page->data)
		seal_wipe(page->data, page->bytes);
	buf_finish(page);
}

void page_reply(struct http_req *req, int status, const char *template, json_t *data)
{
	struct buf page = { 0 };

	page_fill(req, template, data, &page);
	page_send(req, status, &page);
}

void page_reply_start(struct http_req *req, const char *template, json_t *(*make)(struct http_req *req, const char *draft, const char *leave),
                      const char *draft, const char *leave)
{
	static const char *const marks[] = { "here-goes-the-draft", "here-goes-the-way-out" };
	struct still *still = &intake_of(req)->start[page_lang(req) == I18N_EN];
	int64_t now = clock_mono_ms();
	struct buf page = { 0 };

	if (!still_fresh(still, now)) {
		page_fill(req, template, make(req, marks[0], marks[1]), &page);
		still_keep(still, page.data, page.bytes, marks, ARRAY_LEN(marks), now);
		buf_clear(&page);
	}
	if (still_fresh(still, now))
		still_write(still, (const char *const[]){ draft, leave }, &page);
	else
		page_fill(req, template, make(req, draft, leave), &page);
	page_send(req, 200, &page);
}

void page_error(struct http_req *req, int status, const char *code UNUSED, const char *detail UNUSED, void *ctx UNUSED)
{
	const struct http_route *route = http_route(req);

	if (route ? (route->flags & HTTP_PAGE) != 0 : strncmp(http_path(req), "/api/", 5) != 0)
		page_reply(req, status, "error.html", json_pack("{s:b, s:b, s:b, s:b}", "missing", status == 404, "busy", status == 503, "long",
		                                                status == 413, "other", status != 404 && status != 503 && status != 413));
}

void page_hours(struct http_req *req, json_t *data)
{
	struct intake *intake = intake_of(req);
	int64_t reply_by = house_reply_by(intake->house, intake->conf->duty_desk);
	AUTO(mem_free) char *when = NULL;

	if (reply_by - clock_wall_ms() < SOON_MS)
		return;
	when = page_time(page_lang(req), reply_by);
	json_object_set_new(data, "later", json_string(when));
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
	time_t at = (time_t)(at_ms / 1000) + SHANGHAI_S, now = (time_t)(clock_wall_ms() / 1000) + SHANGHAI_S;
	int64_t days = at / DAY_S - now / DAY_S;
	struct tm t;

	if (!at_ms)
		return mem_text("");
	gmtime_r(&at, &t); /* shifted by eight hours: Asia/Shanghai has had no summer time since 1991 */
	if (days == 0 || days == 1)
		return mem_format("%s %02d:%02d", i18n_text(lang, days ? "portal.time.tomorrow" : "portal.time.today"), t.tm_hour, t.tm_min);
	if (lang == I18N_EN)
		return mem_format("%d-%02d-%02d %02d:%02d", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min);
	return mem_format("%d月%d日 %02d:%02d", t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min);
}

/* ---- static files and plain pages ------------------------------------------------------------------------------------------------ */

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
	http_error(req, 404, "not_found", "There is nothing here.");
}

void page_favicon(struct http_req *req)
{
	http_reply_asset(req, portal_asset("root/favicon.svg"));
}

void page_before(struct http_req *req)
{
	const struct conf *conf = intake_of(req)->conf;

	page_reply(req, 200, "before.html", json_pack("{s:s}", "consent", page_lang(req) == I18N_EN ? conf->consent_en : conf->consent_zh));
}

void page_safe(struct http_req *req)
{
	page_reply(req, 200, "safe.html", json_object());
}

void page_help(struct http_req *req)
{
	json_t *data = json_object();

	page_hours(req, data);
	page_reply(req, 200, "help.html", data);
}
