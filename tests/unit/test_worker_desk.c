/* SPDX-License-Identifier: Apache-2.0 */
/* What each desk makes of the common reading: it keeps its own, hands on what is not, and takes nothing away. */
#include "desk.h"

#include "macros.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct screen *screen;

static int load(void **state UNUSED)
{
	char *why = NULL;

	return screen_load(QT_SOURCE_DIR "/etc/rules", &screen, &why);
}

static int unload(void **state UNUSED)
{
	screen_free(&screen);
	return 0;
}

static struct view look(const char *desk, const char *text, const char *chosen)
{
	struct screen_result read;
	struct view view;

	screen_text(screen, text, *chosen ? chosen : NULL, &read);
	desk_look(desk, &read, chosen, &view);
	return view;
}

static void a_crisis_goes_to_the_psych_desk_from_every_desk(void **state UNUSED)
{
	static const char *const desks[] = { "legal", "psych", "social", "women" };

	for (size_t i = 0; i < ARRAY_LEN(desks); i++) {
		struct view v = look(desks[i], "老板拖欠工资可以起诉吗，我不想活了", desks[i]);

		assert_int_equal(v.risk, 2);
		assert_string_equal(v.desk, "psych");
	}
}

static void the_legal_desk_keeps_a_question_of_law_in_a_sad_story(void **state UNUSED)
{
	static const char text[] =
		"我每天很痛苦、很焦虑、很绝望、失眠，感觉生活没有希望，和家人吵架，朋友也不理我，请问离婚后抚养权怎么判";
	struct view v = look("legal", text, "legal");

	assert_string_equal(v.desk, "legal");
	assert_string_equal(v.category, "legal.family");
}

static void the_legal_desk_keeps_a_complaint(void **state UNUSED)
{
	struct view v = look("legal", "我很难过很焦虑很自卑，我要投诉你们", "legal");

	assert_string_equal(v.kind, "complaint");
	assert_string_equal(v.desk, "legal");
}

static void the_legal_desk_hands_on_what_holds_no_law(void **state UNUSED)
{
	struct view v = look("legal", "和男朋友分手了，每天都很难过，很焦虑，睡不着", "legal");

	assert_string_equal(v.desk, "psych");
}

static void the_psych_desk_hands_on_a_plain_question_of_law(void **state UNUSED)
{
	struct view v = look("psych", "老板拖欠工资三个月，没有劳动合同，怎么申请劳动仲裁", "psych");

	assert_string_equal(v.desk, "legal");
	assert_string_equal(v.category, "legal.labour");
}

static void the_psych_desk_keeps_whoever_gives_concern(void **state UNUSED)
{
	struct view v = look("psych", "老板拖欠工资，没有劳动合同，劳动仲裁怎么申请，活着没意思", "psych");

	assert_int_equal(v.risk, 1);
	assert_string_equal(v.desk, "psych");
	assert_non_null(v.category);
	assert_int_equal(strncmp(v.category, "psych.", 6), 0);
}

static void the_social_desk_keeps_its_own_matters(void **state UNUSED)
{
	struct view v = look("social", "在学校被同学欺负，每天很难过很焦虑很害怕，很孤独", "social");

	assert_string_equal(v.desk, "social");
	assert_string_equal(v.category, "social.bullying");
}

static void the_social_desk_makes_a_suspected_report_protection_and_urgent(void **state UNUSED)
{
	struct view v = look("social", "有人逼小孩在路口乞讨", "social");

	assert_true(v.report);
	assert_string_equal(v.kind, "protection");
	assert_string_not_equal(v.urgency, "normal");
}

static void no_view_lowers_a_risk(void **state UNUSED)
{
	static const char *const desks[] = { "legal", "psych", "social", "women" };
	static const char *const texts[] = { "我刚刚吃了一瓶安眠药", "我想自杀", "活着没意思", "你好", "投诉" };

	for (size_t i = 0; i < ARRAY_LEN(desks); i++) {
		for (size_t k = 0; k < ARRAY_LEN(texts); k++) {
			struct screen_result read;
			struct view v = look(desks[i], texts[k], desks[i]);

			screen_text(screen, texts[k], desks[i], &read);
			assert_int_equal(v.risk, read.risk);
			assert_true(v.kind && v.urgency);
			assert_true(!v.category || (v.desk && strncmp(v.category, v.desk, strlen(v.desk)) == 0));
		}
	}
}

static void nothing_said_is_no_opinion(void **state UNUSED)
{
	struct view v = look("legal", "在吗", "legal");

	assert_null(v.desk);
	assert_null(v.category);
	assert_string_equal(v.kind, "consult");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crisis_goes_to_the_psych_desk_from_every_desk),
		cmocka_unit_test(the_legal_desk_keeps_a_question_of_law_in_a_sad_story),
		cmocka_unit_test(the_legal_desk_keeps_a_complaint),
		cmocka_unit_test(the_legal_desk_hands_on_what_holds_no_law),
		cmocka_unit_test(the_psych_desk_hands_on_a_plain_question_of_law),
		cmocka_unit_test(the_psych_desk_keeps_whoever_gives_concern),
		cmocka_unit_test(the_social_desk_keeps_its_own_matters),
		cmocka_unit_test(the_social_desk_makes_a_suspected_report_protection_and_urgent),
		cmocka_unit_test(no_view_lowers_a_risk),
		cmocka_unit_test(nothing_said_is_no_opinion),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
