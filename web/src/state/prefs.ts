/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The few settings kept in this browser: language, colours, single-letter keys. Never a word of a case. Where
 * storage is refused (private window) everything works and is forgotten.
 */
import { effect, signal } from "@preact/signals";

type Pref = "lang" | "scheme" | "keys";

export function readPref(name: Pref): string | null {
	try {
		return localStorage.getItem(`qt.${name}`);
	} catch {
		return null;
	}
}
export function writePref(name: Pref, value: string): void {
	try {
		localStorage.setItem(`qt.${name}`, value);
	} catch {
		/* refused storage only means that the choice is forgotten */
	}
}

export type Scheme = "auto" | "light" | "dark";
const SCHEMES: readonly Scheme[] = ["auto", "light", "dark"];
export const scheme = signal<Scheme>(SCHEMES.find((s) => s === readPref("scheme")) ?? "auto");
const wantsDark = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(wantsDark.matches);
wantsDark.addEventListener("change", (e) => {
	systemDark.value = e.matches;
});
effect(() => {
	const dark = scheme.value === "dark" || (scheme.value === "auto" && systemDark.value);
	document.documentElement.dataset["scheme"] = dark ? "dark" : "light";
});
export function chooseScheme(next: Scheme): void {
	writePref("scheme", next);
	scheme.value = next;
}

/* WCAG 2.1.4: single-letter keys can be switched off. */
export const lettersOn = signal(readPref("keys") !== "off");
export function chooseLetters(on: boolean): void {
	writePref("keys", on ? "on" : "off");
	lettersOn.value = on;
}
