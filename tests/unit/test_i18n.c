/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of the catalogue: which sentence a person gets, in which language. */
#include "i18n.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static void every_key_of_the_catalogue_is_found_in_both_languages(void **state)
{
	(void)state;
	assert_true(i18n_row_count > 0);
	for (size_t i = 0; i < i18n_row_count; i++)
		for (int lang = 0; lang < I18N_LANGS; lang++)
			assert_ptr_equal(i18n_text(lang, i18n_rows[i].key), i18n_rows[i].text[lang]);
}

static void the_table_is_sorted_so_that_a_lookup_can_halve_it(void **state)
{
	(void)state;
	for (size_t i = 1; i < i18n_row_count; i++)
		assert_true(strcmp(i18n_rows[i - 1].key, i18n_rows[i].key) < 0);
}

static void a_key_nobody_wrote_shows_itself(void **state)
{
	(void)state;
	assert_string_equal(i18n_text(I18N_EN, "no.such.key"), "no.such.key");
	assert_string_equal(i18n_text(I18N_ZH_CN, ""), "");
}

static void the_product_has_its_name_in_both_languages(void **state)
{
	(void)state;
	assert_string_equal(i18n_text(I18N_ZH_CN, "name.product"), "倾听");
	assert_string_equal(i18n_text(I18N_EN, "name.product"), "Qingting");
}

static void the_language_of_highest_quality_wins_and_chinese_is_the_default(void **state)
{
	static const struct {
		const char *accept;
		enum i18n_lang lang;
	} rows[] = {
		{ NULL, I18N_ZH_CN },
		{ "", I18N_ZH_CN },
		{ "en", I18N_EN },
		{ "en-US", I18N_EN },
		{ "EN-gb", I18N_EN },
		{ "en-US,en;q=0.9", I18N_EN },
		{ "zh-CN,zh;q=0.9,en;q=0.8", I18N_ZH_CN },
		{ "en;q=0.8, zh;q=0.9", I18N_ZH_CN },
		{ "zh;q=0.3, en;q=0.35", I18N_EN },
		{ "fr-FR, en;q=0.5", I18N_EN },
		{ "fr-FR, de;q=0.5", I18N_ZH_CN },
		{ "en;q=0", I18N_ZH_CN },
		{ "en;q=", I18N_EN },
		{ "en;q=abc", I18N_EN },
		{ "english", I18N_ZH_CN },
		{ "e", I18N_ZH_CN },
		{ "en, zh", I18N_EN },
		{ "zh, en", I18N_ZH_CN },
		{ ",,,;q=1,,", I18N_ZH_CN },
		{ "en;q=9999999999999999", I18N_EN },
		{ "ug-CN, en-GB;q=0.7", I18N_EN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (i18n_pick(rows[i].accept) != rows[i].lang)
			fail_msg("wrong language for \"%s\"", rows[i].accept ? rows[i].accept : "NULL");
}

static void a_language_says_its_tag(void **state)
{
	(void)state;
	assert_string_equal(i18n_tag(I18N_ZH_CN), "zh-CN");
	assert_string_equal(i18n_tag(I18N_EN), "en");
	assert_int_equal(i18n_pick(i18n_tag(I18N_EN)), I18N_EN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_of_the_catalogue_is_found_in_both_languages),
		cmocka_unit_test(the_table_is_sorted_so_that_a_lookup_can_halve_it),
		cmocka_unit_test(a_key_nobody_wrote_shows_itself),
		cmocka_unit_test(the_product_has_its_name_in_both_languages),
		cmocka_unit_test(the_language_of_highest_quality_wins_and_chinese_is_the_default),
		cmocka_unit_test(a_language_says_its_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
