/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is signed in. undefined: not known yet; null: nobody. A session that ends by itself keeps what was typed in
 * memory for the same person (state/drafts.ts asks `keeper`); signing out forgets it.
 */
import { signal } from "@preact/signals";
import { hooks } from "../api/call.ts";
import { Problem } from "../api/problem.ts";
import { server } from "../api/server.ts";
import type { Me, Presence } from "../shapes.ts";
import { forgetPlace } from "./place.ts";
import { lang, langChosen } from "./words.ts";

export const me = signal<Me | null | undefined>(undefined);
/* The session ended while working: the sign-in page says so. */
export const ended = signal(false);
export const unreachable = signal(false);
let lastUser = "";
const onLeave: (() => void)[] = [];
/* What must be forgotten when another person may sit down. */
export const whenForgotten = (f: () => void): void => void onLeave.push(f);

function welcome(person: Me): void {
	if (lastUser !== "" && lastUser !== person.user) onLeave.forEach((f) => f());
	lastUser = person.user;
	hooks.csrf = person.csrf;
	ended.value = false;
	if (!langChosen() && (person.lang === "en" || person.lang === "zh-CN")) lang.value = person.lang;
	me.value = person;
}

hooks.onSignedOut = () => {
	if (me.value) {
		ended.value = true;
		me.value = null;
	}
};

export async function begin(): Promise<void> {
	try {
		welcome((await server.me()).body);
		unreachable.value = false;
	} catch (error) {
		if (error instanceof Problem && error.status === 401) me.value = null;
		else unreachable.value = true;
	}
}

export async function signIn(user: string, password: string, code: string): Promise<void> {
	const { body } = await server.signIn(user, password, code);
	welcome({ ...body.me, csrf: body.csrf });
}

export async function signOut(): Promise<void> {
	try {
		await server.signOut();
	} finally {
		onLeave.forEach((f) => f());
		lastUser = "";
		ended.value = false;
		me.value = null; /* first: nobody reads a list for the place that is forgotten next */
		forgetPlace();
	}
}

export async function changePassword(old: string, fresh: string): Promise<void> {
	await server.password(old, fresh);
	await begin();
}

/* Shown at once, taken back if the server says no. */
export async function setPresence(presence: Presence): Promise<void> {
	const before = me.value;
	if (!before || before.presence === presence) return;
	me.value = { ...before, presence };
	try {
		await server.presence(presence);
	} catch (error) {
		if (me.value) me.value = { ...me.value, presence: before.presence };
		throw error;
	}
}

/* Who works on cases, and may already; an admin or auditor has other pages. */
export const isWorker = (): boolean => !me.value?.must_change && hasRole("counselor", "lead", "supervisor");
export const hasRole = (...roles: string[]): boolean => me.value?.roles.some((r) => roles.includes(r)) ?? false;
