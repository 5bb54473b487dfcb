/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keyboard: one table of single letters and "g" sequences, and a pure step that tells which command a key means.
 * Letters count only outside text fields, never with Ctrl, Alt or Meta, never while an input method composes.
 * state/keyboard.ts feeds it.
 */
export type Command =
	| "next"
	| "previous"
	| "open"
	| "claim"
	| "reply"
	| "note"
	| "contact"
	| "assign"
	| "transfer"
	| "task"
	| "close"
	| "giveback"
	| "followup"
	| "filter"
	| "help"
	| "undo"
	| "back"
	| "go.waiting"
	| "go.mine"
	| "go.desk"
	| "go.followups"
	| "go.closed"
	| "go.all"
	| "go.staff";
export type KeyGroup = "move" | "case" | "go";
export type Binding = { keys: string; command: Command; group: KeyGroup };

export const KEYMAP: readonly Binding[] = [
	{ keys: "j", command: "next", group: "move" },
	{ keys: "k", command: "previous", group: "move" },
	{ keys: "Enter", command: "open", group: "move" },
	{ keys: "/", command: "filter", group: "move" },
	{ keys: "Escape", command: "back", group: "move" },
	{ keys: "?", command: "help", group: "move" },
	{ keys: "c", command: "claim", group: "case" },
	{ keys: "r", command: "reply", group: "case" },
	{ keys: "m", command: "note", group: "case" },
	{ keys: "x", command: "task", group: "case" },
	{ keys: "a", command: "assign", group: "case" },
	{ keys: "t", command: "transfer", group: "case" },
	{ keys: "f", command: "followup", group: "case" },
	{ keys: "b", command: "giveback", group: "case" },
	{ keys: "e", command: "close", group: "case" },
	{ keys: "z", command: "undo", group: "case" },
	{ keys: "n", command: "contact", group: "go" },
	{ keys: "g w", command: "go.waiting", group: "go" },
	{ keys: "g m", command: "go.mine", group: "go" },
	{ keys: "g d", command: "go.desk", group: "go" },
	{ keys: "g f", command: "go.followups", group: "go" },
	{ keys: "g c", command: "go.closed", group: "go" },
	{ keys: "g a", command: "go.all", group: "go" },
	{ keys: "g s", command: "go.staff", group: "go" },
];

export type Pressed = { key: string; at: number; typing: boolean; modified: boolean; composing: boolean };
export type Chord = { held: string; at: number };
export const NO_CHORD: Chord = { held: "", at: 0 };
const CHORD_MS = 1200;

/* Escape and Enter are no letters: they keep their own meaning in a field, on a button or a link. */
export function step(chord: Chord, p: Pressed): { chord: Chord; command: Command | null } {
	const nothing = { chord: NO_CHORD, command: null };
	if (p.typing || p.modified || p.composing) return nothing;
	const key = p.key.length === 1 ? p.key.toLowerCase() : p.key;
	const keys = chord.held && p.at - chord.at <= CHORD_MS ? `${chord.held} ${key}` : key;
	const found = KEYMAP.find((b) => b.keys === keys);
	if (found) return { chord: NO_CHORD, command: found.command };
	if (KEYMAP.some((b) => b.keys.startsWith(`${keys} `)))
		return { chord: { held: keys, at: p.at }, command: null };
	return nothing;
}

export const keysOf = (command: Command): string => KEYMAP.find((b) => b.command === command)?.keys ?? "";
