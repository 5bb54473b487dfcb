/* SPDX-License-Identifier: Apache-2.0 */
/* Two people changed one case: what differs, what clashes, what is sent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, differences, factsOf, resolved, same } from "../../../web/src/pure/diff.ts";
import { facts } from "./rows.ts";

const base = factsOf(facts);

test("absent_null_and_empty_all_mean_not_said", () => {
	assert.ok(same(null, undefined) && same("", null) && same(["a"], ["a"]));
	assert.ok(!same("a", "") && !same(["a"], ["b"]));
});

test("only_what_was_changed_is_sent", () => {
	assert.deepEqual(changed(base, { ...base, gender: "m" }), { gender: "m" });
	assert.deepEqual(changed(base, { ...base, groups: ["school"] }), {});
});

test("different_fields_do_not_clash_and_both_changes_live", () => {
	const found = differences(base, { gender: "m" }, { ...base, urgency: "urgent" });
	assert.deepEqual(
		found.map((d) => [d.field, d.clash]),
		[
			["gender", false],
			["urgency", false],
		],
	);
	assert.deepEqual(resolved(found, new Set()), { gender: "m" });
});

test("the_same_field_changed_by_both_clashes_and_the_choice_decides", () => {
	const found = differences(base, { category: "psych.study" }, { ...base, category: "psych.peers" });
	assert.deepEqual(found, [
		{ field: "category", was: "psych.mood", mine: "psych.study", theirs: "psych.peers", clash: true },
	]);
	assert.deepEqual(resolved(found, new Set()), { category: "psych.study" });
	assert.deepEqual(resolved(found, new Set(["category"])), {});
});

test("the_same_change_made_by_both_is_not_sent_again", () => {
	const found = differences(base, { gender: "m" }, { ...base, gender: "m" });
	assert.equal(found[0]!.clash, false);
	assert.deepEqual(resolved(found, new Set()), {});
});

test("a_field_their_side_does_not_carry_counts_as_unchanged", () => {
	assert.deepEqual(differences({ a: 1, b: 2 }, {}, { a: 1 }), []);
});
