/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts of the person concerned: read, then edited as one form that saves only what was changed. What I have
 * typed stays when a colleague saves first; the conflict dialog then asks per field.
 */
import { useSignal, type Signal } from "@preact/signals";
import { saveFacts } from "../acts/care.ts";
import { busy } from "../acts/run.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Select, Tick, type ChoiceGroup } from "../parts/field.tsx";
import { changed, differences, FACT_FIELDS, factsOf, type Values } from "../pure/diff.ts";
import type { Case } from "../shapes.ts";
import { categoriesFor, categoryName, choiceName, choices } from "../state/service.ts";
import { listed, nameOf, t, word } from "../state/words.ts";

const LISTS = {
	kind: "kinds",
	urgency: "urgencies",
	relation: "relations",
	age_band: "age_bands",
	gender: "genders",
	region: "regions",
} as const;
type Listed = keyof typeof LISTS;
const isListed = (field: string): field is Listed => field in LISTS;

/* A value as a person reads it; also used by the conflict dialog and the history. */
export function factText(field: string, value: unknown): string {
	if (value === null || value === undefined || value === "") return t("console.unsaid");
	if (Array.isArray(value))
		return value.length > 0 ? listed(value.map((g) => choiceName("groups", `${g}`))) : t("console.unsaid");
	if (field === "category") return categoryName(`${value}`);
	if (field === "risk") return word("risk", `${value}`);
	if (field === "state") return word("state", `${value}`);
	if (field === "desk") return word("desk", `${value}`);
	return isListed(field) ? choiceName(LISTS[field], `${value}`) : `${value}`;
}

export function categoryGroups(desk: string): ChoiceGroup[] {
	const { near, far } = categoriesFor(desk);
	const as = (list: typeof near) => list.map((x) => ({ value: x.id, label: nameOf(x.name) }));
	return [
		{ label: word("desk", desk), choices: as(near) },
		{ label: t("console.other_desks"), choices: as(far) },
	];
}

function Read({ c, edit }: { c: Case; edit: () => void }) {
	const facts = factsOf(c.facts);
	return (
		<>
			<dl class="facts">
				{FACT_FIELDS.map((f) => (
					<div key={f}>
						<dt>{word("field", f)}</dt>
						<dd>{factText(f, facts[f])}</dd>
					</div>
				))}
			</dl>
			{c.can.includes("facts") && (
				<Button voice="plain" icon="pencil" onClick={edit}>
					{t("console.facts_edit")}
				</Button>
			)}
		</>
	);
}

function Groups({ draft }: { draft: Signal<Values> }) {
	const now = Array.isArray(draft.value["groups"]) ? (draft.value["groups"] as string[]) : [];
	const all = choices("groups");
	if (all.length === 0) return null;
	return (
		<fieldset class="groups">
			<legend>{word("field", "groups")}</legend>
			{all.map((g) => (
				<Tick
					key={g.value}
					label={g.label}
					value={now.includes(g.value)}
					onInput={(on) =>
						(draft.value = {
							...draft.value,
							groups: on ? [...now, g.value] : now.filter((x) => x !== g.value),
						})
					}
				/>
			))}
		</fieldset>
	);
}

type Editing = { base: Case; draft: Signal<Values> };

/* Says at once that a colleague was quicker; what to do about it is asked on saving. */
function Overtaken({ c, base }: { c: Case; base: Case }) {
	if (differences(factsOf(base.facts), {}, factsOf(c.facts)).length === 0) return null;
	return (
		<p class="notice">
			<Icon name="info" />
			{t("console.facts_overtaken")}
		</p>
	);
}

function Form({ c, base, draft, leave }: Editing & { c: Case; leave: () => void }) {
	const mine = changed(factsOf(base.facts), draft.value);
	const set =
		(field: string) =>
		(value: string): void =>
			void (draft.value = { ...draft.value, [field]: value });
	const value = (field: string): string => `${draft.value[field] ?? ""}`;
	return (
		<form
			class="facts-form"
			onSubmit={(e) => {
				e.preventDefault();
				if (Object.keys(mine).length === 0) leave();
				else void saveFacts(base, mine, leave);
			}}
		>
			<Select
				label={word("field", "category")}
				value={value("category")}
				empty={t("console.unsaid")}
				groups={categoryGroups(c.desk)}
				onInput={set("category")}
			/>
			{(Object.keys(LISTS) as Listed[]).map((f) => (
				<Select
					key={f}
					label={word("field", f)}
					value={value(f)}
					choices={choices(LISTS[f])}
					onInput={set(f)}
					{...(f === "region" ? { empty: t("console.unsaid") } : {})}
				/>
			))}
			<Groups draft={draft} />
			<Overtaken c={c} base={base} />
			<div class="row-actions">
				<Button voice="quiet" onClick={leave}>
					{t("console.cancel")}
				</Button>
				<Button type="submit" voice="main" busy={busy.value.has("facts")}>
					{t("console.save")}
				</Button>
			</div>
		</form>
	);
}

export function FactsPart({ c }: { c: Case }) {
	const base = useSignal<Case | null>(null),
		draft = useSignal<Values>({});
	const edit = (): void => {
		draft.value = factsOf(c.facts);
		base.value = c;
	};
	if (base.value?.ticket !== c.ticket) return <Read c={c} edit={edit} />;
	return <Form c={c} base={base.value} draft={draft} leave={() => (base.value = null)} />;
}
