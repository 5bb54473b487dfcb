/* SPDX-License-Identifier: Apache-2.0 */
/* The event stream piece by piece, the address, the window of the list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePlace, placeHash, START } from "../../../web/src/pure/route.ts";
import { feed, newReader } from "../../../web/src/pure/sse.ts";
import { reveal, stretch } from "../../../web/src/pure/window.ts";

const STREAM =
	'id: 7\nevent: case\ndata: {"a":1}\n\n:\n\nid: 8\r\nevent: hint\r\ndata: one\r\ndata: two\r\n\r\ndata:bare\r\r';

test("a_stream_reads_the_same_however_it_is_cut", () => {
	const whole = feed(newReader(), STREAM);
	assert.deepEqual(whole.slice(0, 2), [
		{ event: "case", data: '{"a":1}', id: "7" },
		{ event: "hint", data: "one\ntwo", id: "8" },
	]);
	for (let size = 1; size < STREAM.length; size++) {
		const r = newReader(),
			found = [];
		for (let at = 0; at < STREAM.length; at += size) found.push(...feed(r, STREAM.slice(at, at + size)));
		found.push(...feed(r, "\n"));
		assert.deepEqual(found.slice(0, 2), whole.slice(0, 2));
		assert.equal(found[2]!.data, "bare");
		assert.equal(r.id, "8");
	}
});

test("a_reader_that_takes_up_again_remembers_the_last_id", () => {
	const r = newReader("41");
	assert.equal(feed(r, "event: hello\ndata: {}\n\n")[0]!.id, "41");
	feed(r, "id: 4\x002\n");
	assert.equal(r.id, "41");
});

test("an_event_without_data_is_none", () => {
	assert.deepEqual(feed(newReader(), "event: case\n\n: comment\n\n"), []);
});

test("an_address_and_its_place_are_the_same_thing", () => {
	const places = [
		START,
		{ ...START, view: "mine" as const, ticket: "YT-AAAA-BBBB" },
		{ ...START, view: "closed" as const, ticket: "YT-A1B2-C3D4", side: true },
		{ ...START, page: "contact" as const },
		{ ...START, page: "staff" as const },
	];
	for (const p of places) assert.deepEqual(parsePlace(placeHash(p)), p);
});

test("an_address_that_makes_no_sense_is_the_queue", () => {
	for (const hash of [
		"",
		"#",
		"#/",
		"#/nowhere",
		"#/waiting/..%2f",
		"#/waiting/YT-aaaa-bbbb",
		"#waiting/YT-AAAA-BBBBB/side",
	]) {
		assert.equal(parsePlace(hash).ticket, "");
		assert.equal(parsePlace(hash).view, "waiting");
	}
});

test("only_what_is_seen_and_a_few_more_stand_in_the_page", () => {
	assert.deepEqual(stretch(0, 800, 80, 10_000, 5), { from: 0, to: 15 });
	assert.deepEqual(stretch(80_000, 800, 80, 10_000, 5), { from: 995, to: 1015 });
	assert.deepEqual(stretch(1e9, 800, 80, 10, 5), { from: 10, to: 10 });
	assert.deepEqual(stretch(-50, 800, 80, 0, 5), { from: 0, to: 0 });
});

test("the_window_moves_only_as_far_as_a_row_needs", () => {
	assert.equal(reveal(0, 400, 800, 80), 0);
	assert.equal(reveal(7, 0, 800, 80), 0);
	assert.equal(reveal(10, 0, 800, 80), 80);
});
