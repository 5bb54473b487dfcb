/* SPDX-License-Identifier: Apache-2.0 */
/* What a key means, and when it means nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { KEYMAP, NO_CHORD, step, type Chord, type Pressed } from "../../../web/src/pure/keymap.ts";

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
	key,
	at: 0,
	typing: false,
	modified: false,
	composing: false,
	...more,
});
const one = (p: Pressed, chord: Chord = NO_CHORD) => step(chord, p).command;

test("a_letter_means_its_command_in_either_case", () => {
	assert.equal(one(press("j")), "next");
	assert.equal(one(press("J")), "next");
	assert.equal(one(press("?")), "help");
	assert.equal(one(press("q")), null);
});

test("no_letter_acts_while_typing_composing_or_with_a_modifier", () => {
	for (const { keys } of KEYMAP)
		for (const way of ["typing", "composing", "modified"] as const)
			assert.equal(one(press(keys.split(" ")[0]!, { [way]: true })), null);
});

test("g_waits_for_its_second_letter_for_a_while", () => {
	const first = step(NO_CHORD, press("g", { at: 100 }));
	assert.equal(first.command, null);
	assert.equal(step(first.chord, press("m", { at: 900 })).command, "go.mine");
	assert.equal(step(first.chord, press("m", { at: 100_000 })).command, "note");
});

test("g_and_a_letter_that_makes_no_pair_means_nothing", () => {
	const first = step(NO_CHORD, press("g"));
	assert.deepEqual(step(first.chord, press("q")), { chord: NO_CHORD, command: null });
	assert.equal(step(first.chord, press("j")).command, null);
});

test("typing_in_between_ends_a_sequence", () => {
	const first = step(NO_CHORD, press("g"));
	const between = step(first.chord, press("x", { typing: true }));
	assert.equal(step(between.chord, press("m")).command, "note");
});

test("no_key_stands_for_two_commands_and_none_begins_another", () => {
	const all = KEYMAP.map((b) => b.keys);
	assert.equal(new Set(all).size, all.length);
	assert.equal(new Set(KEYMAP.map((b) => b.command)).size, all.length);
	for (const keys of all) assert.ok(!all.some((other) => other !== keys && other.startsWith(`${keys} `)));
});
