/* SPDX-License-Identifier: Apache-2.0 */
/* A key file that anybody else can touch, that is damaged, weak or of another house is refused in a sentence. */
#include "keyring_house.h"

#define HEX_A "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f"
#define HEX_B "f0112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f"

static void a_file_others_can_touch_is_refused(void **state)
{
	static const mode_t secret_bad[] = { 0604, 0640, 0644, 0602, 0660, 0610, 0601, 0666, 04644 };
	static const mode_t public_bad[] = { 0646, 0664, 0666, 0602 };
	struct house *h = *state;

	for (size_t f = 0; f < ARRAY_LEN(files); f++) {
		bool public = !strcmp(files[f], "public");
		const mode_t *bad = public ? public_bad : secret_bad;
		size_t count = public ? ARRAY_LEN(public_bad) : ARRAY_LEN(secret_bad);
		AUTO(mem_free) char *path = path_of(h, files[f]);

		for (size_t i = 0; i < count; i++) {
			assert_int_equal(chmod(path, bad[i]), 0);
			refused_saying(h, files[f], "by others");
		}
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(load(h, files[f]), 0);
	}
}

static void a_folder_others_can_write_is_refused(void **state)
{
	struct house *h = *state;
	AUTO(mem_free) char *path = path_of(h, "");

	assert_int_equal(chmod(path, 0770), 0);
	assert_int_equal(load(h, "intake"), KEYRING_REFUSED);
	assert_int_equal(chmod(path, 0707), 0);
	assert_int_equal(load(h, "public"), KEYRING_REFUSED);
	assert_non_null(strstr(h->why, "written by others"));
	assert_int_equal(chmod(path, 0711), 0);
	assert_int_equal(load(h, "public"), 0);
}

static void a_file_of_another_owner_is_refused(void **state)
{
	struct house *h = *state;
	AUTO(mem_free) char *path = path_of(h, "intake"), *folder = path_of(h, "");

	if (geteuid() != 0)
		skip(); /* only root can give a file away */
	assert_int_equal(chown(path, 12345, 12345), 0);
	refused_saying(h, "intake", "belongs to another user");
	assert_int_equal(chown(path, 0, 0), 0);
	assert_int_equal(chown(folder, 12345, 12345), 0);
	assert_int_equal(load(h, "intake"), KEYRING_REFUSED);
	assert_non_null(strstr(h->why, "belongs to another user"));
}

static void what_is_not_a_regular_file_is_refused(void **state)
{
	struct house *h = *state;
	AUTO(mem_free) char *path = path_of(h, "row"), *other = path_of(h, "web");

	assert_int_equal(unlink(path), 0);
	assert_int_equal(load(h, "row"), KEYRING_MISSING);
	assert_int_equal(symlink(other, path), 0);
	refused_saying(h, "row", "symbolic link");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	refused_saying(h, "row", "not a regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0); /* must not hang either */
	refused_saying(h, "row", "not a regular file");
}

static void a_file_of_another_shape_is_refused(void **state)
{
	static const char *const bad[] = {
		"\n",
		"qingting-keys 1 row\n",
		"qingting-keys 1 row",
		"qingting-keys 2 row\nrow 1 " HEX_A "\n",
		"qingting-keys 1 web\nrow 1 " HEX_A "\n",
		"\xEF\xBB\xBFqingting-keys 1 row\nrow 1 " HEX_A "\n",
		"qingting-keys 1 row\r\nrow 1 " HEX_A "\r\n",
		"qingting-keys 1 row\nrow 1 " HEX_A,
		"qingting-keys 1 row\nrow 1 " HEX_A "0\n",
		"qingting-keys 1 row\nrow 1 00112233\n",
		"qingting-keys 1 row\nrow 1 00112233445566778899AABBCCDDEEFF102132435465768798A9BACBDCEDFE0F\n",
		"qingting-keys 1 row\nrow 1 0011223344556677889gaabbccddeeff102132435465768798a9bacbdcedfe0f\n",
		"qingting-keys 1 row\nrow  1 " HEX_A "\n",
		"qingting-keys 1 row\nrow 1  " HEX_A "\n",
		"qingting-keys 1 row\n row 1 " HEX_A "\n",
		"qingting-keys 1 row\nrow 1 " HEX_A " \n",
		"qingting-keys 1 row\nrow 01 " HEX_A "\n",
		"qingting-keys 1 row\nrow 0 " HEX_A "\n",
		"qingting-keys 1 row\nrow -1 " HEX_A "\n",
		"qingting-keys 1 row\nrow 1234567890123456789 " HEX_A "\n",
		"qingting-keys 1 row\nROW 1 " HEX_A "\n",
		"qingting-keys 1 row\nrow 1 " HEX_A "\n\n",
		"qingting-keys 1 row\n\nrow 1 " HEX_A "\n",
		"qingting-keys 1 row\n# a remark\nrow 1 " HEX_A "\n",
		"qingting-keys 1 row\nother 1 " HEX_A "\n",
		"qingting-keys 1 row\nrow 1 " HEX_A "\nother 1 " HEX_B "\n",
		"qingting-keys 1 row\nrow 1 " HEX_A "\nrow 2 " HEX_B "\n",
		"qingting-keys 1 row\nrow 1 " HEX_A "\nrow 1 " HEX_B "\n",
		"qingting-keys 1 row\nrow 1 " HEX_A "\nrow 2 " HEX_A "\n",
	};
	static const char good[] = "qingting-keys 1 row\nrow 1 " HEX_A "\n";
	struct house *h = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		file_put(h, "row", bad[i], strlen(bad[i]));
		assert_int_equal(load(h, "row"), KEYRING_REFUSED);
		assert_null(strstr(h->why, "00112233")); /* a refusal never shows a key */
	}
	file_put(h, "row", good, strlen(good));
	assert_int_equal(load(h, "row"), 0);
	file_put(h, "row", good, 0);
	refused_saying(h, "row", "bytes");
	file_put(h, "row", "qingting-keys 1 row\nrow 1 \0", 27);
	assert_int_equal(load(h, "row"), KEYRING_REFUSED);
}

static void an_endless_file_is_refused(void **state)
{
	struct house *h = *state;
	char *text = mem_new(600 * 1024);

	memset(text, '\n', 600 * 1024);
	memcpy(text, "qingting-keys 1 row\n", 20);
	file_put(h, "row", text, 600 * 1024);
	refused_saying(h, "row", "bytes");
	file_put(h, "row", text, 500 * 1024);
	refused_saying(h, "row", "are lawful");
	mem_free(&text);
}

static void a_key_nobody_can_have_drawn_is_refused(void **state)
{
	static const struct {
		const char *hex, *phrase;
	} weak[] = {
		{ "0000000000000000000000000000000000000000000000000000000000000000", "all zero" },
		{ "abababababababababababababababababababababababababababababababab", "repeats itself" },
		{ "0123012301230123012301230123012301230123012301230123012301230123", "repeats itself" },
		{ "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "repeats itself" },
		/* zmq_curve(7): server public, server secret, client public, client secret */
		{ "54fcba24e93249969316fb617c872bb0c1d1ff14800427c594cbfacf1bc2d652", "published" },
		{ "8e0bdd697628b91d8f245587ee95c5b04d48963f79259877b49cd9063aead3b7", "published" },
		{ "bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518", "published" },
		{ "7bb864b489afa3671fbe69101f94b38972f24816dfb01b51656b3fec8dfd0888", "published" },
	};
	struct house *h = *state;

	for (size_t i = 0; i < ARRAY_LEN(weak); i++) {
		AUTO(mem_free) char *row = mem_format("qingting-keys 1 row\nrow 1 %s\n", weak[i].hex);
		AUTO(mem_free) char *router = mem_format("qingting-keys 1 router\ncurve 1 %s\n", weak[i].hex);

		file_put(h, "row", row, strlen(row));
		refused_saying(h, "row", weak[i].phrase);
		assert_null(strstr(h->why, weak[i].hex));
		file_put(h, "router", router, strlen(router));
		refused_saying(h, "router", weak[i].phrase);
	}
}

/* Puts the key of one line in place of another's, inside a file or across two. */
static void key_copy(struct house *h, const char *from_file, const char *from, const char *to_file, const char *to)
{
	AUTO(mem_free) char *a = file_text(h, from_file), *b = file_text(h, to_file);
	AUTO(mem_free) char *from_line = mem_format("\n%s 1 ", from), *to_line = mem_format("\n%s 1 ", to);
	char *source = strstr(a, from_line), *target = strstr(b, to_line);

	assert_non_null(source);
	assert_non_null(target);
	memcpy(target + strlen(to_line), source + strlen(from_line), 64);
	file_put(h, to_file, b, strlen(b));
}

static void equal_peppers_are_refused(void **state)
{
	struct house *h = *state;

	key_copy(h, "web", "pepper", "web", "password");
	refused_saying(h, "web", "are equal");
	assert_non_null(strstr(h->why, "pepper"));
}

static void a_key_that_stands_in_two_files_is_refused(void **state)
{
	struct house *h = *state;

	key_copy(h, "intake", "replay", "web", "replay");
	assert_int_equal(load(h, "web"), 0); /* it cannot see the other file */
	assert_int_equal(keyring_check(h->dir, 1000, &h->why), KEYRING_REFUSED);
	assert_non_null(strstr(h->why, "are equal"));
}

static void a_pepper_of_web_that_is_not_intake_s_is_refused(void **state)
{
	struct house *h = *state;

	file_put(h, "row", "qingting-keys 1 row\nrow 1 " HEX_A "\n", 91);
	key_copy(h, "row", "row", "web", "pepper");
	file_put(h, "row", "qingting-keys 1 row\nrow 1 " HEX_B "\n", 91);
	assert_int_equal(load(h, "web"), 0);
	assert_int_equal(keyring_check(h->dir, 1000, &h->why), KEYRING_REFUSED);
	assert_non_null(strstr(h->why, "pepper"));
}

static void files_of_two_houses_do_not_mix(void **state)
{
	static const char *const mixed[] = { "intake", "web", "router", "worker.psych" };
	struct house *h = *state;
	struct house *other = NULL;

	assert_int_equal(house_found((void **)&other), 0);
	for (size_t i = 0; i < ARRAY_LEN(mixed); i++) {
		AUTO(mem_free) char *ours = file_text(h, mixed[i]), *theirs = file_text(other, mixed[i]);

		file_put(h, mixed[i], theirs, strlen(theirs));
		refused_saying(h, mixed[i], "does not belong to");
		file_put(h, mixed[i], ours, strlen(ours));
		assert_int_equal(load(h, mixed[i]), 0);
	}
	house_clear((void **)&other);
}

static void a_room_without_the_public_file_does_not_start(void **state)
{
	struct house *h = *state;
	AUTO(mem_free) char *path = path_of(h, "public");

	assert_int_equal(unlink(path), 0);
	assert_int_not_equal(load(h, "intake"), 0);
	assert_int_not_equal(load(h, "worker.psych"), 0);
	assert_false(keyring_exists(h->dir));
}

static void a_worker_of_a_bad_kind_is_refused(void **state)
{
	static const char *const bad[] = { "", "../web", "a/b", "Psych", "aaaaaaaaaaaaaaaa", "psych\n", "." };
	struct house *h = *state;
	struct keyring_worker *w = NULL;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(keyring_worker_load(h->dir, bad[i], 1000, &w, &h->why), KEYRING_REFUSED);
		assert_int_equal(keyring_turn_worker(h->dir, bad[i], 1000, &h->why), KEYRING_REFUSED);
	}
	assert_int_equal(keyring_worker_load(h->dir, "social", 1000, &w, &h->why), KEYRING_MISSING);
	assert_null(w);
}

static void a_public_file_of_odd_lines_is_refused_and_never_crashes(void **state)
{
	static const char *const bad[] = { "sealer: 1 " HEX_A, "sealer:aaaaaaaaaaaaaaaa 1 " HEX_A,
		                           "desk:x 4294967296 " HEX_A, "desk:x 1 " HEX_A "\ndesk:x 1 " HEX_B };
	struct house *h = *state;
	AUTO(mem_free) char *public = file_text(h, "public");
	size_t n = strlen(public);

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		AUTO(mem_free) char *text = mem_format("qingting-keys 1 public\n%s\n", bad[i]);

		file_put(h, "public", text, strlen(text));
		assert_int_equal(load(h, "public"), KEYRING_REFUSED);
	}
	srand(7);
	for (int i = 0; i < 400; i++) {
		char *text = mem_copy(public, n);
		size_t length = i % 3 ? n : (size_t)rand() % n;

		for (int j = 0; j < 1 + i % 4; j++)
			text[(size_t)rand() % n] = (char)rand();
		file_put(h, "public", text, length);
		assert_true(load(h, "public") >= 0);
		mem_free(&text);
	}
}

static void too_many_sealers_are_refused(void **state)
{
	struct house *h = *state;
	struct buf text = { 0 };

	buf_text(&text, "qingting-keys 1 public\n");
	for (int i = 1; i <= 33; i++)
		buf_format(&text, "sealer:intake %d %02x%s\n", i, i, &HEX_A[2]);
	file_put(h, "public", text.data, text.bytes);
	assert_int_equal(load(h, "public"), KEYRING_REFUSED);
	assert_non_null(strstr(h->why, "at most 32"));
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		founded(a_file_others_can_touch_is_refused),
		founded(a_folder_others_can_write_is_refused),
		founded(a_file_of_another_owner_is_refused),
		founded(what_is_not_a_regular_file_is_refused),
		founded(a_file_of_another_shape_is_refused),
		founded(an_endless_file_is_refused),
		founded(a_key_nobody_can_have_drawn_is_refused),
		founded(equal_peppers_are_refused),
		founded(a_key_that_stands_in_two_files_is_refused),
		founded(a_pepper_of_web_that_is_not_intake_s_is_refused),
		founded(files_of_two_houses_do_not_mix),
		founded(a_room_without_the_public_file_does_not_start),
		founded(a_worker_of_a_bad_kind_is_refused),
		founded(a_public_file_of_odd_lines_is_refused_and_never_crashes),
		founded(too_many_sealers_are_refused),
	};

	if (seal_init())
		return 1;
	return cmocka_run_group_tests_name("keyring_file", tests, NULL, NULL);
}
