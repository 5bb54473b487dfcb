/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every request the console makes, one line each: the only file that knows the addresses of api.md. Called by state/
 * and acts/.
 */
import { call } from "./call.ts";
import type { Case, Me, Page, Presence, Risk, Service, Staff, View } from "../shapes.ts";

const at = (ticket: string, act = ""): string => `/cases/${encodeURIComponent(ticket)}${act ? `/${act}` : ""}`;
type Said = { n: number; at: string; state: string; version: number };
export type Ended = { disposition: string; category: string; followup?: { kind: string; due_at: string } };
export type Entry = Record<string, unknown>;
export type Taken = { ticket: string; receipt: string | null; case: Case };

export const server = {
	signIn: (user: string, password: string, code: string) =>
		call<{ csrf: string; me: Me }>("POST", "/session", { user, password, ...(code ? { code } : {}) }),
	signOut: () => call<unknown>("DELETE", "/session"),
	me: () => call<Me>("GET", "/me"),
	password: (old: string, fresh: string) => call<unknown>("POST", "/me/password", { old, new: fresh }),
	presence: (presence: Presence) => call<unknown>("POST", "/presence", { state: presence }),
	service: () => call<Service>("GET", "/service"),
	staff: () => call<{ items: Staff[] }>("GET", "/staff"),

	list: (view: View, query: Record<string, string>, signal?: AbortSignal) =>
		call<Page>("GET", `/cases?${new URLSearchParams({ view, ...query })}`, undefined, signal ? { signal } : {}),
	next: (desk?: string) => call<Case>("POST", "/cases/next", desk ? { desk } : {}),
	read: (ticket: string, signal?: AbortSignal) =>
		call<Case>("GET", at(ticket), undefined, signal ? { signal } : {}),
	open: (ticket: string, reason: string) => call<Case>("POST", at(ticket, "open"), { reason }),
	/* `task`: the part of our desk, where that is what is taken. */
	claim: (ticket: string, task?: number) => call<Case>("POST", at(ticket, "claim"), task ? { task } : {}),
	release: (ticket: string, reason: string) => call<Case>("POST", at(ticket, "release"), { reason }),
	reply: (ticket: string, text: string, key: string) =>
		call<Said>("POST", at(ticket, "messages"), { text }, { key }),
	note: (ticket: string, text: string, key: string) => call<Said>("POST", at(ticket, "notes"), { text }, { key }),
	recall: (ticket: string, n: number) => call<unknown>("DELETE", at(ticket, `messages/${n}`)),
	facts: (ticket: string, facts: Entry, version: number) =>
		call<Case>("POST", at(ticket, "facts"), facts, { version }),
	risk: (ticket: string, risk: Risk, reason: string, version: number) =>
		call<Case>("POST", at(ticket, "risk"), { risk, ...(reason ? { reason } : {}) }, { version }),
	assign: (ticket: string, to: string, version: number) =>
		call<Case>("POST", at(ticket, "assign"), { to }, { version }),
	transfer: (ticket: string, desk: string, version: number) =>
		call<Case>("POST", at(ticket, "transfer"), { desk }, { version }),
	close: (ticket: string, ended: Ended, version: number) =>
		call<Case>("POST", at(ticket, "close"), ended, { version }),
	refuse: (ticket: string) => call<Case>("POST", at(ticket, "refuse"), {}),
	reopen: (ticket: string) => call<Case>("POST", at(ticket, "reopen"), {}),
	task: (ticket: string, desk: string, text: string, key: string) =>
		call<Case>("POST", at(ticket, "tasks"), { desk, ...(text ? { text } : {}) }, { key }),
	taskEnd: (ticket: string, id: number, disposition: string) =>
		call<Case>("POST", at(ticket, `tasks/${id}/end`), { disposition }),
	followup: (ticket: string, kind: string, due: string, note: string) =>
		call<unknown>("POST", at(ticket, "followups"), { kind, due_at: due, ...(note ? { note } : {}) }),
	followupDone: (ticket: string, id: number, result: string) =>
		call<unknown>("POST", at(ticket, `followups/${id}/done`), { result }),
	looking: (ticket: string) => call<unknown>("POST", at(ticket, "looking"), {}),
	typing: (ticket: string) => call<unknown>("POST", at(ticket, "typing"), {}),
	draft: (ticket: string, kind: string) =>
		call<{ seq: number; text: string }>("GET", `/drafts/${ticket}/${kind}`),
	saveDraft: (ticket: string, kind: string, seq: number, text: string) =>
		call<unknown>("PUT", `/drafts/${ticket}/${kind}`, { seq, text }),

	takeCase: (entry: Entry, key: string) => call<Taken>("POST", "/cases", entry, { key }),
	takeContact: (entry: Entry, key: string) => call<{ id: number }>("POST", "/contacts", entry, { key }),
};
