/* SPDX-License-Identifier: Apache-2.0 */
/* Times as a counselor reads them, whatever the computer's own zone is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromLocalInput, moment, sameDay, span, toLocalInput } from "../../../web/src/pure/time.ts";
import { NOW } from "./rows.ts";

const SECOND = 1000,
	MINUTE = 60 * SECOND,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR;

test("a_span_says_its_two_largest_parts", () => {
	const spans: [number, string, string][] = [
		[0, "0 秒", "0 s"],
		[-5 * SECOND, "0 秒", "0 s"],
		[59_999, "59 秒", "59 s"],
		[MINUTE, "1 分", "1 min"],
		[HOUR - 1, "59 分", "59 min"],
		[HOUR, "1 小时", "1 h"],
		[3 * HOUR + 5 * MINUTE, "3 小时 5 分", "3 h 5 min"],
		[DAY, "1 天", "1 d"],
		[2 * DAY + 3 * HOUR + 59 * MINUTE, "2 天 3 小时", "2 d 3 h"],
	];
	for (const [ms, zh, en] of spans) {
		assert.equal(span(ms, "zh-CN"), zh);
		assert.equal(span(ms, "en"), en);
	}
});

test("a_moment_is_shown_in_shanghai_with_as_much_date_as_it_needs", () => {
	assert.equal(moment(NOW, NOW, "zh-CN"), "16:00");
	assert.equal(moment(Date.parse("2026-11-22T16:30:00Z"), NOW, "zh-CN"), "00:30");
	assert.equal(moment(Date.parse("2026-11-22T15:30:00Z"), NOW, "zh-CN"), "11月22日 23:30");
	assert.match(moment(Date.parse("2025-12-31T16:30:00Z"), NOW, "en"), /^1 Jan 00:30$/);
	assert.match(moment(Date.parse("2025-12-31T15:30:00Z"), NOW, "en"), /^31 Dec 2025/);
});

test("midnight_in_shanghai_divides_the_days", () => {
	assert.ok(sameDay(Date.parse("2026-11-22T16:00:00Z"), Date.parse("2026-11-23T15:59:59Z")));
	assert.ok(!sameDay(Date.parse("2026-11-22T15:59:59Z"), Date.parse("2026-11-22T16:00:00Z")));
});

test("a_time_goes_into_a_field_and_comes_back", () => {
	assert.equal(toLocalInput(NOW), "2026-11-23T16:00");
	assert.equal(fromLocalInput("2026-11-23T16:00"), NOW);
});
