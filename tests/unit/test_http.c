/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the HTTP door for requests that are well-formed: routes, bodies, answers now and later, assets,
 * closing. */
#include "http_kit.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

static void a_route_answers_with_the_headers_common_to_all(void **state)
{
	struct kit *kit = *state;
	struct answer a = get(kit, "GET /hello", NULL);

	assert_int_equal(a.status, 200);
	assert_string_equal(a.body, "hello");
	assert_false(a.ended);
	assert_string_equal(header_of(a, "Content-Type"), "text/plain; charset=utf-8");
	assert_string_equal(header_of(a, "Cache-Control"), "no-store");
	assert_string_equal(header_of(a, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(header_of(a, "Referrer-Policy"), "no-referrer");
	assert_string_equal(header_of(a, "Content-Security-Policy"), "default-src 'self'");
	assert_non_null(header_of(a, "Date"));
	assert_null(header_of(a, "Server"));
}

static void names_in_a_path_are_found_and_exact_paths_come_first(void **state)
{
	struct kit *kit = *state;

	assert_int_equal(get(kit, "GET /cases/A1b2-c~3_.", NULL).status, 200);
	assert_string_equal(kit->seen.data, "A1b2-c~3_.");
	assert_int_equal(get(kit, "GET /cases/next", NULL).status, 200);
	assert_string_equal(kit->seen.data, "/cases/next");
	assert_int_equal(get(kit, "DELETE /cases/77/notes/8", NULL).status, 204);
	assert_string_equal(kit->seen.data, "77 8");
}

static void errors_are_problem_documents(void **state)
{
	struct answer a = get(*state, "GET /nothing", NULL);

	assert_int_equal(a.status, 404);
	assert_string_equal(header_of(a, "Content-Type"), "application/problem+json");
	assert_string_equal(a.body, "{\"type\":\"/problems/not_found\",\"title\":\"Not Found\",\"status\":404,"
				    "\"detail\":\"There is nothing here.\"}");
	assert_false(a.ended);
}

static void page_error(struct http_req *req, int status, const char *code, const char *detail, void *ctx)
{
	struct kit *kit = ctx;

	(void)detail;
	kit->freed++;
	if (http_route(req) && http_route(req)->flags & HTTP_PAGE)
		http_reply(req, status, "text/html", code, strlen(code));
	else if (status == 404)
		http_error(req, 404, code, "From inside.");
	else
		http_reply(req, status, "text/plain", code, strlen(code));
}

static void a_room_shapes_its_errors(void **state)
{
	struct kit *kit = *state;

	kit->config.error = page_error;
	kit_reopen(kit);
	kit->refuse = true;
	assert_string_equal(get(kit, "GET /", NULL).body, "forbidden");
	assert_int_equal(kit->handled, 0);
	kit->refuse = false;
	assert_string_equal(post(kit, "POST /json", "text/plain", "{}").body, "unsupported_media_type");
	/* An error inside its error is the plain one; and what is no HTTP is not shown to the room. */
	assert_non_null(strstr(get(kit, "GET /nothing", NULL).body, "From inside."));
	kit->freed = 0;
	assert_int_equal(ask(kit, "GET /hello HTTP/1.1\r\nHost: evil.test\r\n\r\n").status, 421);
	assert_int_equal(kit->freed, 0);
}

static void a_guard_that_refuses_keeps_the_handler_out(void **state)
{
	struct kit *kit = *state;

	kit->refuse = true;
	assert_int_equal(get(kit, "GET /hello", NULL).status, 403);
	assert_int_equal(kit->handled, 0);
	assert_int_equal(kit->guarded, 1);
}

static void head_is_get_without_the_body(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *head = request(kit, "HEAD /hello", NULL, NULL);
	AUTO(mem_free) char *next = request(kit, "GET /hello", NULL, NULL);
	struct client client;
	struct answer a;

	client_open(kit, &client);
	client_text(kit, &client, head);
	a = client_answer_without_body(kit, &client);
	assert_int_equal(a.status, 200);
	assert_string_equal(header_of(a, "Content-Length"), "5");
	client_text(kit, &client, next);
	assert_string_equal(client_answer(kit, &client).body, "hello");
	client_close(&client);
}

static void an_answer_may_come_later(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *text = request(kit, "GET /later", NULL, NULL);
	struct client client;

	client_open(kit, &client);
	for (int i = 0; i < 3; i++) {
		client_text(kit, &client, text);
		assert_non_null(kit->later);
		assert_int_equal(client.in.bytes, 0);
		assert_false(http_gone(kit->later));
		assert_string_equal(http_path(kit->later), "/later");
		http_reply(kit->later, 200, "text/plain", "now", 3);
		kit->later = NULL;
		assert_string_equal(client_answer(kit, &client).body, "now");
		kit_pass(kit, 0);
		assert_int_equal(kit->freed, i + 1);
	}
	client_close(&client);
}

static void a_client_that_left_is_told_to_who_holds_its_request(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *text = request(kit, "GET /later", NULL, NULL);
	struct client client;

	client_open(kit, &client);
	client_text(kit, &client, text);
	client_close(&client);
	kit_pass(kit, 0);
	assert_true(http_gone(kit->later));
	assert_int_equal(kit->freed, 0);
	http_reply(kit->later, 200, "text/plain", "now", 3);
	kit_pass(kit, 0);
	assert_int_equal(kit->freed, 1);
}

static void a_request_held_over_the_deadline_is_gone_but_alive(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *text = request(kit, "GET /later", NULL, NULL);
	struct client client;

	client_open(kit, &client);
	client_text(kit, &client, text);
	kit_pass(kit, 60001);
	assert_true(client_ends(kit, &client));
	assert_true(http_gone(kit->later));
	http_reply_json(kit->later, 200, json_object());
	kit_pass(kit, 0);
	assert_int_equal(kit->freed, 1);
	client_close(&client);
}

static void closing_answers_what_is_pending_and_refuses_more(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *text = request(kit, "GET /later", NULL, NULL);
	struct client client[3], idle;
	struct answer a;

	client_open(kit, &idle);
	for (int i = 0; i < 3; i++) {
		client_open(kit, &client[i]);
		client_text(kit, &client[i], text);
	}
	http_close(&kit->http);
	assert_null(kit->http);
	assert_int_equal(kit->freed, 3);
	for (int i = 0; i < 3; i++) {
		a = client_answer(kit, &client[i]);
		assert_int_equal(a.status, 503);
		assert_non_null(strstr(a.body, "/problems/closing"));
		assert_true(client_ends(kit, &client[i]));
		client_close(&client[i]);
	}
	assert_true(client_ends(kit, &idle));
	client_close(&idle);
	assert_int_equal(http_open(kit->loop, &kit->config, &kit->http), 0);
}

static void an_asset_comes_in_the_best_encoding_the_client_takes(void **state)
{
	static const struct {
		const char *accept, *body, *etag;
	} rows[] = {
		{ NULL, "plain", "\"abc\"" },
		{ "Accept-Encoding: gzip, deflate, br\r\n", "bro", "\"abc-br\"" },
		{ "Accept-Encoding: gzip\r\n", "gzip", "\"abc-gz\"" },
		{ "Accept-Encoding: br;q=0, gzip;q=0.5\r\n", "gzip", "\"abc-gz\"" },
		{ "Accept-Encoding: br;q=0.0,gzip;q=0\r\n", "plain", "\"abc\"" },
		{ "Accept-Encoding: brx, identity\r\n", "plain", "\"abc\"" },
		{ "Accept-Encoding: BR\r\n", "bro", "\"abc-br\"" },
	};
	struct kit *kit = *state;

	for (int again = 0; again < 2; again++)
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			struct answer a = get(kit, "GET /asset", rows[i].accept);

			assert_string_equal(a.body, rows[i].body);
			assert_string_equal(header_of(a, "ETag"), rows[i].etag);
			assert_string_equal(header_of(a, "Vary"), "Accept-Encoding");
			assert_string_equal(header_of(a, "Cache-Control"), "public, max-age=31536000, immutable");
			assert_string_equal(header_of(a, "Content-Security-Policy"), "default-src 'self'");
		}
	assert_string_equal(header_of(get(kit, "GET /page", NULL), "Cache-Control"), "no-cache");
}

static void an_asset_the_client_has_is_not_sent_again(void **state)
{
	struct kit *kit = *state;
	struct answer a = get(kit, "GET /asset", "If-None-Match: \"abc\"\r\n");

	assert_int_equal(a.status, 304);
	assert_int_equal(a.body_bytes, 0);
	assert_string_equal(header_of(a, "ETag"), "\"abc\"");
	assert_int_equal(get(kit, "GET /asset", "If-None-Match: \"x\", W/\"abc\"\r\n").status, 304);
	assert_int_equal(get(kit, "GET /asset", "If-None-Match: *\r\n").status, 304);
	assert_int_equal(get(kit, "GET /asset", "If-None-Match: \"abcd\"\r\n").status, 200);
	assert_int_equal(get(kit, "GET /asset", "If-None-Match: \"abc\"\r\nAccept-Encoding: br\r\n").status, 200);
	assert_int_equal(get(kit, "GET /asset", "If-None-Match: \"abc-br\"\r\nAccept-Encoding: br\r\n").status, 304);
	/* A part is never served. */
	assert_int_equal(get(kit, "GET /asset", "Range: bytes=0-1\r\n").status, 200);
}

static void a_client_of_http_1_0_is_answered_and_left(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *text =
		mem_format("GET /hello HTTP/1.0\r\nHost: 127.0.0.1:%d\r\n\r\n", http_port(kit->http));
	struct answer a = ask(kit, text);

	assert_string_equal(a.body, "hello");
	assert_true(a.ended);
}

static void a_bucket_is_the_same_for_one_peer_and_no_address(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *text = request(kit, "GET /later", NULL, NULL);
	uint64_t bucket[2];

	for (int i = 0; i < 2; i++) {
		struct client client;

		client_open(kit, &client);
		client_text(kit, &client, text);
		bucket[i] = http_bucket(kit->later);
		http_reply(kit->later, 200, "text/plain", "", 0);
		assert_int_equal(client_answer(kit, &client).status, 200);
		client_close(&client);
	}
	assert_true(bucket[0] == bucket[1]);
	assert_true(bucket[0] > UINT32_MAX);
}

/* libmicrohttpd's own loop stalls at exactly these numbers; ours must not. */
static void busy(struct kit *kit, int count)
{
	enum { ROUNDS = 20, MOST = 256 };
	AUTO(mem_free) char *text = request(kit, "GET /hello", NULL, NULL);
	struct client client[MOST];

	for (int i = 0; i < count; i++)
		client_open(kit, &client[i]);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < count; i++)
			assert_int_equal(send(client[i].fd, text, strlen(text), 0), (ssize_t)strlen(text));
		for (int i = 0; i < count; i++)
			assert_string_equal(client_answer(kit, &client[i]).body, "hello");
	}
	assert_int_equal(kit->handled, count * ROUNDS);
	for (int i = 0; i < count; i++)
		client_close(&client[i]);
}

static void a_hundred_and_twenty_eight_busy_connections_do_not_stall(void **state)
{
	busy(*state, 128);
}

static void two_hundred_and_fifty_six_busy_connections_do_not_stall(void **state)
{
	busy(*state, 256);
}

static void a_taken_port_and_a_wrong_address_are_told_apart(void **state)
{
	struct kit *kit = *state;
	struct http_config config = kit->config;
	struct http *other = NULL;

	config.port = http_port(kit->http);
	assert_int_equal(http_open(kit->loop, &config, &other), HTTP_PORT_TAKEN);
	assert_null(other);
	config.port = 0;
	config.host = "localhost";
	assert_int_equal(http_open(kit->loop, &config, &other), HTTP_BAD_ADDRESS);
	config.host = "192.0.2.1";
	assert_int_equal(http_open(kit->loop, &config, &other), HTTP_BAD_ADDRESS);
	config.host = "127.0.0.1";
	config.port = 65536;
	assert_int_equal(http_open(kit->loop, &config, &other), HTTP_BAD_ADDRESS);
}

static void a_door_opens_on_ipv6(void **state)
{
	struct kit *kit = *state;
	struct http_config config = kit->config;
	struct http *six = NULL;
	AUTO(mem_free) char *text = NULL;
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct client client = { .fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0) };

	config.host = "::1";
	config.per_address = 5;
	if (client.fd < 0 || http_open(kit->loop, &config, &six) != 0) {
		client_close(&client);
		skip(); /* a machine without IPv6 */
	}
	to.sin6_port = htons((uint16_t)http_port(six));
	text = mem_format("GET /hello HTTP/1.1\r\nHost: [::1]:%d\r\n\r\n", http_port(six));
	assert_int_equal(connect(client.fd, (struct sockaddr *)&to, sizeof(to)), 0);
	client_text(kit, &client, text);
	assert_string_equal(client_answer(kit, &client).body, "hello");
	client_close(&client);
	http_close(&six);
}

static void two_doors_share_a_loop(void **state)
{
	struct kit *kit = *state;
	struct http *first = kit->http;

	kit->http = NULL;
	kit_reopen(kit);
	assert_string_equal(get(kit, "GET /hello", NULL).body, "hello");
	http_close(&kit->http);
	kit->http = first;
	assert_string_equal(get(kit, "GET /hello", NULL).body, "hello");
}

static void figures_are_by_route_and_class(void **state)
{
	struct kit *kit = *state;
	struct buf out = { 0 };

	get(kit, "GET /cases/12345", NULL);
	get(kit, "GET /cases/67890", NULL);
	get(kit, "GET /secret-path", NULL);
	http_metrics(kit->http, &out);
	assert_non_null(strstr(out.data, "{method=\"GET\",route=\"/cases/{ticket}\",class=\"2xx\"} 2\n"));
	assert_non_null(strstr(out.data, "qt_http_requests_total{method=\"\",route=\"\",class=\"4xx\"} 1\n"));
	assert_null(strstr(out.data, "12345"));
	assert_null(strstr(out.data, "secret"));
	buf_finish(&out);
}

static void the_table_is_an_openapi_document(void **state)
{
	struct kit *kit = *state;
	json_t *doc = http_openapi(kit->config.routes, kit->config.route_count, "Test"), *op;

	assert_string_equal(json_string_value(json_object_get(doc, "openapi")), "3.1.0");
	op = json_object_get(json_object_get(json_object_get(doc, "paths"), "/cases/{ticket}/notes/{n}"), "post");
	assert_string_equal(json_string_value(json_object_get(op, "summary")), "One note.");
	assert_int_equal(json_array_size(json_object_get(op, "parameters")), 2);
	op = json_object_get(json_object_get(json_object_get(doc, "paths"), "/json"), "put");
	op = json_object_get(json_object_get(op, "requestBody"), "content");
	assert_non_null(json_object_get(op, "application/json"));
	assert_null(json_object_get(json_object_get(doc, "paths"), "/page"));
	json_decref(doc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define RULE(name) cmocka_unit_test_setup_teardown(name, kit_open, kit_close)
		RULE(a_route_answers_with_the_headers_common_to_all),
		RULE(names_in_a_path_are_found_and_exact_paths_come_first),
		RULE(errors_are_problem_documents),
		RULE(a_room_shapes_its_errors),
		RULE(a_guard_that_refuses_keeps_the_handler_out),
		RULE(head_is_get_without_the_body),
		RULE(an_answer_may_come_later),
		RULE(a_client_that_left_is_told_to_who_holds_its_request),
		RULE(a_request_held_over_the_deadline_is_gone_but_alive),
		RULE(closing_answers_what_is_pending_and_refuses_more),
		RULE(an_asset_comes_in_the_best_encoding_the_client_takes),
		RULE(an_asset_the_client_has_is_not_sent_again),
		RULE(a_client_of_http_1_0_is_answered_and_left),
		RULE(a_bucket_is_the_same_for_one_peer_and_no_address),
		RULE(a_hundred_and_twenty_eight_busy_connections_do_not_stall),
		RULE(two_hundred_and_fifty_six_busy_connections_do_not_stall),
		RULE(a_taken_port_and_a_wrong_address_are_told_apart),
		RULE(a_door_opens_on_ipv6),
		RULE(two_doors_share_a_loop),
		RULE(figures_are_by_route_and_class),
		RULE(the_table_is_an_openapi_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
