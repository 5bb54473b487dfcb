/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is being taken down in a call, in memory, so that looking at a case meanwhile loses nothing; and saving it,
 * as a case or as a contact without one. The key of the sending stays until it has gone through: a retry never makes
 * a second case.
 */
import { signal } from "@preact/signals";
import { newKey } from "../api/call.ts";
import { server, type Entry } from "../api/server.ts";
import { serverNow } from "./clock.ts";
import { refreshSoon } from "./queue.ts";
import { desks } from "./service.ts";
import { me, whenForgotten } from "./session.ts";

export type EntryForm = {
	type: string;
	channel: string;
	began_at: string;
	text: string;
	summary: string;
	desk: string;
	category: string;
	self_harm: string;
	relation: string;
	age_band: string;
	gender: string;
	region: string;
	phone: string;
	times: string;
	say_who: boolean;
};

/* Silent, hang-up, wrong number, thanks, abusive: counted, and no case. */
const NO_CASE = new Set(["silent", "hang_up", "wrong_number", "thanks", "abusive"]);
export const isCaseType = (type: string): boolean => !NO_CASE.has(type);

export function blank(): EntryForm {
	return {
		type: "self",
		channel: "phone",
		began_at: new Date(serverNow()).toISOString(),
		text: "",
		summary: "",
		desk: me.value?.desks[0]?.kind ?? desks()[0]?.kind ?? "psych",
		category: "",
		self_harm: "unsaid",
		relation: "self",
		age_band: "unsaid",
		gender: "unsaid",
		region: "",
		phone: "",
		times: "",
		say_who: false,
	};
}
export const entry = signal<EntryForm>({ ...blank(), began_at: "" });
export const taken = signal<{ ticket: string; receipt: string | null } | null>(null);

const RELATION: Record<string, string> = { parent: "parent", teacher: "teacher", other_adult: "other" };
const secondsSince = (iso: string): number => Math.max(0, Math.round((serverNow() - Date.parse(iso)) / 1000));

/* Only what was said travels: an empty field is no answer. */
export function entryBody(f: EntryForm, seconds: number): Entry {
	const said = Object.entries({ summary: f.summary.trim(), category: f.category, region: f.region }).filter(
		([, v]) => v !== "",
	);
	const relation = f.relation === "self" ? (RELATION[f.type] ?? "self") : f.relation;
	return {
		...Object.fromEntries(said),
		text: f.text.trim(),
		desk: f.desk,
		channel: f.channel,
		relation,
		age_band: f.age_band,
		gender: f.gender,
		about: relation === "self" ? "me" : "other",
		self_harm: f.self_harm,
		call: { began_at: f.began_at, seconds, type: f.type },
		...(f.phone.trim() === ""
			? {}
			: {
					contact: {
						phone: f.phone.trim(),
						say_who: f.say_who,
						...(f.times.trim() ? { times: f.times.trim() } : {}),
					},
				}),
	};
}

/* What the last attempt sent: a retry of an unchanged form sends the same bytes under the same key, so it is
   recognised. */
let tried: { form: EntryForm; seconds: number; key: string } | null = null;

function attempt(f: EntryForm): { seconds: number; key: string } {
	if (tried?.form !== f) tried = { form: f, seconds: secondsSince(f.began_at), key: newKey() };
	return tried;
}

export async function save(): Promise<void> {
	const f = entry.value,
		{ seconds, key } = attempt(f);
	if (isCaseType(f.type)) {
		const { body } = await server.takeCase(entryBody(f, seconds), key);
		taken.value = { ticket: body.ticket, receipt: body.receipt };
	} else {
		await server.takeContact({ channel: f.channel, type: f.type, began_at: f.began_at, seconds }, key);
		taken.value = { ticket: "", receipt: null };
	}
	entry.value = blank();
	refreshSoon();
}

whenForgotten(() => {
	entry.value = { ...blank(), began_at: "" };
	taken.value = null;
});
