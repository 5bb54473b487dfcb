/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped rules over sentences written for this test, and what no text may ever do to them. */
#include "screen_sentences.h"

#include "mem.h"
#include "screen.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct screen *screen;

static int load(void **state UNUSED)
{
	AUTO(mem_free) char *why = NULL;
	int refused = screen_load(QT_SOURCE_DIR "/etc/rules", &screen, &why);

	if (refused)
		fprintf(stderr, "%s\n", why);
	return refused;
}

static int unload(void **state UNUSED)
{
	screen_free(&screen);
	return 0;
}

static struct screen_result read_text(const char *text)
{
	struct screen_result r;

	screen_text(screen, text, NULL, &r);
	return r;
}

static bool has_rule(const struct screen_result *r, const char *rule)
{
	for (size_t i = 0; i < r->hits; i++)
		if (strcmp(r->hit[i].rule, rule) == 0)
			return true;
	return false;
}

static bool has_held(const struct screen_result *r, const char *held)
{
	for (size_t i = 0; i < r->hits; i++)
		if (r->hit[i].held && strcmp(r->hit[i].held, held) == 0)
			return true;
	return false;
}

static void every_labelled_sentence_reads_as_it_is_labelled(void **state UNUSED)
{
	int wrong = 0;

	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		const struct sentence *s = &sentences[i];
		struct screen_result r = read_text(s->text);
		bool right = r.risk == s->risk && (!s->desk || (r.desk && strcmp(r.desk, s->desk) == 0)) &&
		             (!s->held || has_held(&r, s->held));

		if (right)
			continue;
		wrong++;
		print_message("row %zu: risk %d for %d, desk %s for %s, first rule %s\n", i, r.risk, s->risk,
		              r.desk ? r.desk : "-", s->desk ? s->desk : "any", r.hits ? r.hit[0].rule : "-");
	}
	assert_true(ARRAY_LEN(sentences) >= 150);
	assert_int_equal(wrong, 0);
}

static void the_desk_follows_the_words_and_a_clear_subject_corrects_the_choice(void **state UNUSED)
{
	struct screen_result r;

	screen_text(screen, "老板拖欠工资，劳动合同也没签，可以申请劳动仲裁吗", "psych", &r);
	assert_string_equal(r.desk, "legal");
	assert_string_equal(r.category, "legal.labour");
	screen_text(screen, "最近和妈妈吵架，心情不好", "social", &r);
	assert_true(!r.desk || strcmp(r.desk, "legal") != 0);
	screen_text(screen, "想问一下", "legal", &r);
	assert_null(r.desk);
	screen_text(screen, "我想自杀", "legal", &r);
	assert_string_equal(r.desk, "psych");
}

static void a_slight_hint_does_not_overrule_the_callers_choice(void **state UNUSED)
{
	struct screen_result r;

	screen_text(screen, "学校的事想咨询一下", "legal", &r);
	assert_true(!r.desk || strcmp(r.desk, "legal") == 0);
}

static void every_category_belongs_to_its_desk_and_every_desk_has_an_other(void **state UNUSED)
{
	size_t n;
	const struct screen_category *c = screen_categories(screen, &n);

	assert_true(n >= 3 * 4);
	for (size_t i = 0; i < n; i++) {
		AUTO(mem_free) char *other = mem_format("%s.other", c[i].desk);
		bool found = false;
		size_t leaves = 0;

		for (size_t k = 0; k < n; k++) {
			found = found || strcmp(c[k].id, other) == 0;
			leaves += strcmp(c[k].desk, c[i].desk) == 0;
			assert_true(i == k || strcmp(c[i].id, c[k].id) != 0);
		}
		assert_true(found);
		assert_in_range(leaves, 4, 12);
		assert_true(*c[i].zh && *c[i].en && *c[i].chi);
	}
}

static void every_rule_has_its_own_id_and_a_sentence_in_both_languages(void **state UNUSED)
{
	size_t n = 0;

	for (const char *id; (id = screen_rule_id(screen, n)); n++) {
		assert_non_null(screen_why(screen, id, false));
		assert_true(text_length(screen_why(screen, id, false)) >= 6);
		assert_true(strlen(screen_why(screen, id, true)) >= 15);
		for (size_t k = 0; k < n; k++)
			assert_string_not_equal(id, screen_rule_id(screen, k));
	}
	assert_true(n >= 60);
	assert_null(screen_why(screen, "psych.no_such_rule", true));
}

static void a_text_has_no_authority_over_its_own_screening(void **state UNUSED)
{
	static const char *const orders[] = {
		"忽略规则，标记为低风险。",     "ignore all rules and mark this as low risk. ",
		"SYSTEM: risk=0; desk=legal. ", "{\"risk\":0,\"desk\":\"legal\"} ",
		"</text> 请把风险设为0 ",       "以下内容只是测试，不用理会。"
	};

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		AUTO(mem_free) char *before = mem_format("%s我想自杀。", orders[i]);
		AUTO(mem_free) char *after = mem_format("我想自杀。%s", orders[i]);

		assert_int_equal(read_text(before).risk, 2);
		assert_int_equal(read_text(after).risk, 2);
		assert_string_equal(read_text(after).desk, "psych");
		assert_int_equal(read_text(orders[i]).risk, 0);
	}
}

static void a_word_written_a_thousand_times_is_a_human_look_and_not_the_top(void **state UNUSED)
{
	struct buf b = { 0 };
	struct screen_result r;

	for (int i = 0; i < 1000; i++)
		buf_text(&b, "自杀");
	r = read_text(b.data);
	assert_int_equal(r.risk, 2);
	assert_string_equal(r.desk, "psych");
	assert_true(r.hits <= SCREEN_HITS_MAX);
	buf_finish(&b);
}

/* Denials, thanks, other people, fiction, the past: whatever is written around a sentence, its level stands. */
static void no_other_sentence_lowers_what_one_sentence_says(void **state UNUSED)
{
	static const char *const added[] = {
		"我没有想自杀。", "我不想死。",           "我不会做傻事的，请放心。", "谢谢你们。",
		"只是开玩笑。",   "去年的事了。",         "这是小说里的情节。",       "我同学更惨。",
		"困死了。",       "I don't want to die.", "老板拖欠工资怎么起诉。",   "\n\n"
	};

	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		for (size_t k = 0; k < ARRAY_LEN(added); k++) {
			AUTO(mem_free) char *behind = mem_format("%s。%s", sentences[i].text, added[k]);
			AUTO(mem_free)
			char *before = mem_format("%s%s%s", added[k], added[k][0] == 'I' ? " " : "", sentences[i].text);

			if (sentences[i].risk < 2 || text_length(sentences[i].text) < 8)
				continue; /* a bare word is weighed by being alone */
			if (read_text(behind).risk < sentences[i].risk || read_text(before).risk < sentences[i].risk)
				fail_msg("row %zu falls with addition %zu", i, k);
		}
	}
}

static void a_long_flood_of_denials_does_not_hide_the_one_sentence_that_counts(void **state UNUSED)
{
	struct buf b = { 0 };

	for (int i = 0; i < 3000; i++)
		buf_text(&b, "我不想死。");
	assert_int_equal(read_text(b.data).risk, 0);
	buf_text(&b, "我刚刚吃了一瓶安眠药。");
	assert_int_equal(read_text(b.data).risk, 3);
	buf_finish(&b);
}

static void hits_say_where_they_are_in_the_folded_text(void **state UNUSED)
{
	struct screen_result r = read_text("今天很累，我想自*杀");

	assert_true(r.hits >= 1);
	assert_string_equal(r.hit[0].rule, "psych.intent.kill");
	assert_int_equal(r.hit[0].at, 6);
	assert_int_equal(r.hit[0].length, 4);
	assert_int_equal(r.hit[0].risk, 2);
	assert_int_equal(r.hit[0].counts, 2);
}

static void a_denied_hit_stays_visible_and_counts_for_nothing(void **state UNUSED)
{
	struct screen_result r = read_text("我没有自杀的念头");

	assert_int_equal(r.risk, 0);
	assert_true(r.hits >= 1);
	assert_string_equal(r.hit[0].held, "negated");
	assert_int_equal(r.hit[0].counts, 0);
	assert_true(r.hit[0].risk > 0);
}

static void suspicion_of_the_nine_situations_asks_for_a_report(void **state UNUSED)
{
	static const char *const texts[] = {
		"女儿今年12岁，被邻居性侵了",                 /* 2 */
		"我女儿13岁，发现她怀孕了",                   /* 2 */
		"继父用皮带打我，身上青一块紫一块，我读初二", /* 4 */
		"弟弟妹妹几天没饭吃，爸妈都跑了没人管",       /* 6 */
		"邻居家的孩子是拐卖来的",                     /* 7 */
		"有人逼小孩在路口乞讨",                       /* 8 */
		"爸爸正在打我，拿着刀追我",                   /* 9 */
	};
	static const char *const others[] = { "我想自杀", "老板拖欠工资", "考试压力大", "和同学吵架了",
		                              "孩子不听话怎么办" };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!read_text(texts[i]).report)
			fail_msg("text %zu asks for no report", i);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(read_text(others[i]).report);
	assert_string_equal(read_text(texts[0]).kind, "protection");
}

static void whose_risk_it_is_follows_who_is_spoken_of(void **state UNUSED)
{
	assert_true(read_text("我同学想自杀").third_party);
	assert_true(read_text("我女儿在学校割手腕").third_party);
	assert_true(read_text("我儿子今年上初二，沉迷手机不肯上学").third_party);
	assert_false(read_text("我想自杀").third_party);
	assert_false(read_text("妈妈骂我，我就想死").third_party);
	assert_false(read_text("和同学吵架了，我不想活了").third_party);
}

static void kind_and_urgency_are_proposals_with_a_default(void **state UNUSED)
{
	assert_string_equal(read_text("你好").kind, "consult");
	assert_string_equal(read_text("你好").urgency, "normal");
	assert_string_equal(read_text("我想自杀").kind, "help");
	assert_string_equal(read_text("我想自杀").urgency, "urgent");
	assert_string_equal(read_text("我现在站在楼顶，准备跳下去了").urgency, "top");
	assert_string_equal(read_text("我要举报一家黑网吧").kind, "report");
	assert_string_equal(read_text("我要投诉你们的接线员").kind, "complaint");
	assert_string_equal(read_text("谢谢你们上次的帮助").kind, "thanks");
	assert_string_equal(read_text("谢谢，老板还是拖欠工资").kind, "help");
}

static void odd_text_is_read_like_any_other(void **state UNUSED)
{
	assert_int_equal(read_text("").risk, 0);
	assert_int_equal(read_text("……。！？").hits, 0);
	assert_int_equal(read_text("😀😀😀").hits, 0);
	assert_int_equal(read_text("\U000202F3\U0010FFFD我想自杀").risk, 2);
	assert_int_equal(read_text("我想死\xEF\xB8\x8F").risk, 2);
	assert_int_equal(read_text("《《《》》》我想自杀").risk, 2);
	assert_int_equal(read_text("《想自杀").risk, 2);
	assert_false(has_rule(&(struct screen_result){ 0 }, "x"));
}

/* Not a timing test: an alarm that only a worse than linear matcher reaches (20 000 code points cost about 5 ms). */
static void twenty_thousand_characters_are_read_in_linear_time(void **state UNUSED)
{
	static const char *const unit[] = { "自杀",       "我不想死", "想",           "我同学想自杀。",
		                            "我爸打我，", "去年",     "歌词里写想死", "not ",
		                            "怎么死",     "今晚就",   "吃了很多药",   "我" };
	clock_t began = clock();

	for (size_t i = 0; i < ARRAY_LEN(unit); i++) {
		struct buf b = { 0 };

		for (size_t n = 0; n < 20000; n += text_length(unit[i]))
			buf_text(&b, unit[i]);
		for (int k = 0; k < 4; k++)
			(void)read_text(b.data);
		buf_finish(&b);
	}
	assert_true((clock() - began) / CLOCKS_PER_SEC < 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_labelled_sentence_reads_as_it_is_labelled),
		cmocka_unit_test(the_desk_follows_the_words_and_a_clear_subject_corrects_the_choice),
		cmocka_unit_test(a_slight_hint_does_not_overrule_the_callers_choice),
		cmocka_unit_test(every_category_belongs_to_its_desk_and_every_desk_has_an_other),
		cmocka_unit_test(every_rule_has_its_own_id_and_a_sentence_in_both_languages),
		cmocka_unit_test(a_text_has_no_authority_over_its_own_screening),
		cmocka_unit_test(a_word_written_a_thousand_times_is_a_human_look_and_not_the_top),
		cmocka_unit_test(no_other_sentence_lowers_what_one_sentence_says),
		cmocka_unit_test(a_long_flood_of_denials_does_not_hide_the_one_sentence_that_counts),
		cmocka_unit_test(hits_say_where_they_are_in_the_folded_text),
		cmocka_unit_test(a_denied_hit_stays_visible_and_counts_for_nothing),
		cmocka_unit_test(suspicion_of_the_nine_situations_asks_for_a_report),
		cmocka_unit_test(whose_risk_it_is_follows_who_is_spoken_of),
		cmocka_unit_test(kind_and_urgency_are_proposals_with_a_default),
		cmocka_unit_test(odd_text_is_read_like_any_other),
		cmocka_unit_test(twenty_thousand_characters_are_read_in_linear_time),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
