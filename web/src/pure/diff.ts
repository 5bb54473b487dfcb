/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between the case I looked at, what I want, and what a colleague saved meanwhile. Pure;
 * state/conflict.ts shows it in the conflict dialog. Nothing is ever overwritten silently: a field both have changed
 * is a clash and needs a choice.
 */
import type { Case, Facts } from "../shapes.ts";

export type Values = Record<string, unknown>;
export type Difference = { field: string; was: unknown; mine: unknown; theirs: unknown; clash: boolean };

/* Absent, null and "" are all "not said"; lists compare by content. */
export function same(a: unknown, b: unknown): boolean {
	const plain = (v: unknown): string => (v === null || v === undefined || v === "" ? "" : JSON.stringify(v));
	return plain(a) === plain(b);
}

export function changed(base: Values, now: Values): Values {
	return Object.fromEntries(Object.entries(now).filter(([field, value]) => !same(base[field], value)));
}

/* Fields that I or they have changed since `base`. */
export function differences(base: Values, mine: Values, theirs: Values): Difference[] {
	const fields = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
	return fields.flatMap((field) => {
		const was = base[field],
			my = field in mine ? mine[field] : was,
			their = field in theirs ? theirs[field] : was;
		if (same(was, my) && same(was, their)) return [];
		return [
			{ field, was, mine: my, theirs: their, clash: !same(was, my) && !same(was, their) && !same(my, their) },
		];
	});
}

/* What to send after the choice: my changes, less those where theirs was chosen. */
export function resolved(found: readonly Difference[], takeTheirs: ReadonlySet<string>): Values {
	return Object.fromEntries(
		found
			.filter((d) => !same(d.was, d.mine) && !same(d.mine, d.theirs) && !takeTheirs.has(d.field))
			.map((d) => [d.field, d.mine]),
	);
}

export const FACT_FIELDS = [
	"category",
	"kind",
	"urgency",
	"relation",
	"age_band",
	"gender",
	"region",
	"groups",
] as const;
export const factsOf = (facts: Facts): Values => Object.fromEntries(FACT_FIELDS.map((f) => [f, facts[f]]));

/* The version-counted part of a case, to say in words what has changed under the reader. */
export function headOf(c: Case): Values {
	return {
		state: c.state,
		risk: c.risk,
		assignee: c.assignee_name ?? c.assignee,
		desk: c.desk,
		...factsOf(c.facts),
	};
}
