/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each command of the keyboard does, as a table, and the listener that feeds pure/keymap.ts. A command that the
 * open case does not allow does nothing.
 */
import { NO_CHORD, step, type Chord, type Command } from "../pure/keymap.ts";
import type { Act } from "../shapes.ts";
import { current } from "../state/casebook.ts";
import { filterWish, take } from "../state/composer.ts";
import { dialog, openDialog, type DialogName } from "../state/dialogs.ts";
import { go, goUp, place } from "../state/place.ts";
import { lettersOn } from "../state/prefs.ts";
import { cursorRow, moveCursor } from "../state/queue.ts";
import { isWorker, me } from "../state/session.ts";
import { undoLast } from "../state/toasts.ts";
import { claim, claimNext } from "./case.ts";

const can = (act: Act): boolean => current.value?.value?.can.includes(act) ?? false;
const ask = (act: Act, name: DialogName) => (): void => {
	if (can(act)) openDialog(name);
};
const onList = (f: () => void) => (): void => {
	if (place.value.page === "list") f();
};

function claimHere(): void {
	const c = current.value?.value;
	if (c && can("claim")) void claim(c);
	else if (isWorker()) void claimNext();
}

const COMMANDS: Record<Command, () => void> = {
	next: onList(() => moveCursor(1)),
	previous: onList(() => moveCursor(-1)),
	open: onList(() => {
		const row = cursorRow();
		if (row) go({ view: place.value.view, ticket: row.ticket });
	}),
	filter: onList(() => void filterWish.value++),
	back: goUp,
	help: () => openDialog("help"),
	claim: claimHere,
	reply: () => can("reply") && take("reply"),
	note: () => can("note") && take("note"),
	task: ask("task", "task"),
	assign: ask("assign", "assign"),
	transfer: ask("transfer", "transfer"),
	followup: ask("note", "followup"),
	giveback: ask("release", "release"),
	close: () => (can("confirm") ? openDialog("close") : ask("close", "close")()),
	undo: () => void undoLast(),
	contact: () => go({ page: "contact" }),
	"go.waiting": () => go({ view: "waiting" }),
	"go.mine": () => go({ view: "mine" }),
	"go.desk": () => go({ view: "desk" }),
	"go.followups": () => go({ view: "followups" }),
	"go.closed": () => go({ view: "closed" }),
	"go.all": () => go({ view: "all" }),
	"go.staff": () => go({ page: "staff" }),
};

const FIELD =
	"input:not([type=radio]):not([type=checkbox]):not([type=button]), textarea, select, [contenteditable]";
const OWN_ENTER = "a, button, summary, input, [role=tab]";
const isLetter = (key: string): boolean => key.length === 1;

let chord: Chord = NO_CHORD;
function onKey(e: KeyboardEvent): void {
	const on = e.target instanceof Element ? e.target : document.body;
	if (
		!me.value ||
		me.value.must_change ||
		dialog.value ||
		e.defaultPrevented ||
		(isLetter(e.key) && !lettersOn.value) ||
		(e.key === "Enter" && on.closest(OWN_ENTER))
	)
		return;
	const result = step(chord, {
		key: e.key,
		at: Date.now(),
		typing: on.closest(FIELD) !== null,
		modified: e.ctrlKey || e.altKey || e.metaKey,
		composing: e.isComposing || e.keyCode === 229,
	});
	chord = result.chord;
	if (result.command) {
		e.preventDefault();
		COMMANDS[result.command]();
	}
}
export const listenToKeys = (): void => addEventListener("keydown", onKey);
