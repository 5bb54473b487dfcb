/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shapes of the console's JSON, as the API gives them (doc/api.md): sessions, rows of a list, a case, staff, the
 * codes of the service, live events. Only types: nothing here reaches the browser.
 */
export type Risk = 0 | 1 | 2 | 3;
export type View = "waiting" | "mine" | "desk" | "followups" | "closed" | "all";
export type Lang = "zh-CN" | "en";
export type Presence = "on" | "off" | "break" | "wrap_up";
/* A name as the server gives it: in both languages, or one for all. */
export type Name = string | { "zh-CN": string; en: string };
export type Code = { id: string; name: Name };
export type Desk = { id: string; kind: string; name: Name; open?: boolean };
export type Category = Code & { desk: string };

export type Me = {
	id: number;
	user: string;
	name: string;
	roles: string[];
	desks: Desk[];
	site: string;
	presence: Presence;
	capacity: number | null;
	must_change: boolean;
	lang: Lang;
	csrf: string;
	moves_pending: number;
};

export type Service = {
	desks: Desk[];
	categories: Category[];
	groups: Code[];
	regions: Code[];
	dispositions: Code[];
	channels: Code[];
	kinds: Code[];
	urgencies: Code[];
	relations: Code[];
	age_bands: Code[];
	genders: Code[];
	contact_types: Code[];
	crisis_numbers: { number: string; name: Name; hours: Name }[];
};

export type Counts = Partial<Record<View, number>>;

export type Row = {
	ticket: string;
	site: string;
	desk: string;
	desk_id: string;
	state: string;
	risk: Risk;
	marks: string[];
	channel: string;
	kind: string;
	urgency: string;
	category: string;
	opened_at: string;
	waiting_s: number;
	oldest_at: string | null;
	due_at: string | null;
	reply_by: string | null;
	assignee: string | null;
	assignee_name: string | null;
	version: number;
	why: string;
	what: "case" | "task" | "covered" | "followup";
	ref: number;
	presence: string[];
	messages: number;
	lease_until: string | null;
};
export type Page = { items: Row[]; next: string | null; counts: Counts };

export type Facts = {
	age_band: string;
	gender: string;
	region: string;
	relation: string;
	groups: string[];
	kind: string;
	urgency: string;
	category: string;
	about?: string | null;
	prefer?: unknown;
	mood?: number | null;
	lang?: string;
};
export type Hit = { rule: string; risk: Risk; held: string | null; why: string };
export type Message = {
	n: number;
	kind: "message" | "reply" | "note" | "summary" | "contact" | "referral" | "system";
	from: "caller" | "staff";
	author: string | null;
	author_name: string | null;
	mine: boolean;
	alias: string | null;
	at: string;
	seen_at: string | null;
	recalled: boolean;
	text: string | null;
	damaged: boolean;
	risk: Risk;
	recall_until: string | null;
};
export type Task = {
	id: number;
	desk: string;
	state: string;
	assignee: string | null;
	crisis: boolean;
	due_at: string | null;
	asked_by: string;
	disposition: string | null;
};
export type Followup = { id: number; kind: string; due_at: string; state: string; result: string | null };
export type Past = { at: string; kind: string; number: number; staff_name: string | null; detail: string };
export type Act =
	| "claim"
	| "release"
	| "reply"
	| "note"
	| "facts"
	| "risk"
	| "assign"
	| "transfer"
	| "task"
	| "close"
	| "reopen"
	| "confirm"
	| "refuse";
/* `messages` counts in a row and lists in a case. */
export type Case = Omit<Row, "messages"> & {
	facts: Facts;
	hits: Hit[];
	open: boolean;
	messages: Message[];
	tasks: Task[];
	followups: Followup[];
	history: Past[];
	caller_last_opened_at: string | null;
	closing_by: string | null;
	disposition?: string | null;
	/* The row does not prove itself genuine: shown, but nothing can be done to it. */
	damaged?: boolean;
	contacts: unknown[];
	can: Act[];
	readers: number;
};

export type Staff = {
	id: number;
	user: string;
	name: string;
	roles: string[];
	desks: string[];
	presence: Presence;
	state: string;
	open_cases: number;
	load: number;
	capacity: number | null;
	seen_at: string | null;
};

/* What a stream tells. `case`: something changed; `row` is null when the reader may no longer see it. */
export type CaseNews = {
	kind: string;
	ticket: string;
	desk: string;
	number: number;
	by: string | null;
	row: Row | null;
};
export type StaffNews = { kind: string; user: string; presence: Presence };
export type Hint = { kind: "looking" | "typing"; ticket: string; name: string };
export type Hello = { cursor: string; now: string };
export type News =
	| { event: "case"; data: CaseNews }
	| { event: "staff"; data: StaffNews }
	| { event: "hint"; data: Hint }
	| { event: "hello"; data: Hello };
