/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every sentence a person reads, from the shared catalogue (only its console.* and word.* keys are bundled). t() is
 * called while rendering, so a change of language draws everything again. Words put into a sentence lose their
 * direction marks: a name cannot turn the line around it.
 */
import { effect, signal } from "@preact/signals";
import zh from "../../../i18n/zh-CN.json";
import en from "../../../i18n/en.json";
import type { Lang, Name } from "../shapes.ts";
import { readPref, writePref } from "./prefs.ts";

export type Key = Extract<keyof typeof zh, `console.${string}` | `word.${string}`>;
type Catalogue = Readonly<Record<string, string>>;
const CATALOGUES: Record<Lang, Catalogue> = { "zh-CN": zh, en };

const stored = readPref("lang");
export const lang = signal<Lang>(stored === "en" ? "en" : "zh-CN");
export const langChosen = (): boolean => readPref("lang") !== null;
export function chooseLang(next: Lang): void {
	writePref("lang", next);
	lang.value = next;
}
effect(() => {
	document.documentElement.lang = lang.value;
});

const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/* "{name}" is replaced; "{n?one|many}" chooses by number. */
function fill(text: string, values: Record<string, string | number>): string {
	return text.replace(
		/\{(\w+)(?:\?([^|}]*)\|([^}]*))?\}/g,
		(whole, name: string, one?: string, many?: string) => {
			const v = values[name];
			if (v === undefined) return whole;
			if (one !== undefined) return Number(v) === 1 ? one : (many ?? "");
			return `${v}`.replace(DIRECTION, "");
		},
	);
}

export function t(key: Key, values?: Record<string, string | number>): string {
	const text = CATALOGUES[lang.value][key] ?? key;
	return values ? fill(text, values) : text;
}

export type Group =
	| "state"
	| "risk"
	| "why"
	| "what"
	| "mark"
	| "channel"
	| "kind"
	| "urgency"
	| "relation"
	| "age_band"
	| "gender"
	| "desk"
	| "disposition"
	| "presence"
	| "role"
	| "event"
	| "held"
	| "followup"
	| "followup_result"
	| "followup_state"
	| "task_state"
	| "contact_type"
	| "release"
	| "field";

/* The word for a code; the code itself where we have none, so that a new code of the server is still seen. */
export function word(group: Group, code: string | number | null | undefined): string {
	if (code === null || code === undefined || code === "") return t("console.unsaid");
	return CATALOGUES[lang.value][`word.${group}.${code}`] ?? `${code}`;
}

/* Several names in one line, as the language joins them. */
export const listed = (names: readonly string[]): string => names.join(t("console.comma"));

export function nameOf(name: Name | undefined): string {
	if (name === undefined) return "";
	return typeof name === "string" ? name : name[lang.value] || name["zh-CN"];
}
