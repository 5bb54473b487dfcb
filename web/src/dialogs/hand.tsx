/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handing on: to a colleague (with what each is carrying), to the right desk, a part to another desk, or back to the
 * queue.
 */
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { askDesk } from "../acts/care.ts";
import { assign, release, transfer } from "../acts/case.ts";
import { busy } from "../acts/run.ts";
import { problemText } from "../api/problem.ts";
import { Chip, Meter, Skeleton, Who } from "../parts/bits.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Select, Switch, TextBox } from "../parts/field.tsx";
import type { Case, Staff } from "../shapes.ts";
import { desks } from "../state/service.ts";
import { byReadiness, loadStaff, staff, staffError } from "../state/staff.ts";
import { nameOf, t, word } from "../state/words.ts";

function Person({ s, max, chosen, choose }: { s: Staff; max: number; chosen: boolean; choose: () => void }) {
	return (
		<label class="person">
			<input type="radio" name="to" value={s.user} checked={chosen} onChange={choose} required />
			<span class="person-name">
				<Who name={s.name} />
				<Chip tone={`presence-${s.presence}`}>{word("presence", s.presence)}</Chip>
			</span>
			<span class="person-load">
				<Meter label={t("console.load_of", { name: s.name })} value={s.load} max={max} />
				<span class="hint">{t("console.open_cases", { n: s.open_cases })}</span>
			</span>
		</label>
	);
}

/* People of the case's desk, less its owner. */
function candidates(c: Case): Staff[] {
	return byReadiness(
		staff.value.filter(
			(s) =>
				s.user !== c.assignee &&
				s.state === "active" &&
				s.desks.includes(c.desk_id) &&
				s.roles.some((r) => r === "counselor" || r === "lead" || r === "supervisor"),
		),
	);
}

export function AssignDialog({ c }: { c: Case }) {
	const to = useSignal(""),
		[base] = useState(c);
	useEffect(() => void loadStaff(), []);
	const people = candidates(c),
		max = Math.max(4, ...people.map((s) => s.load));
	const name = people.find((s) => s.user === to.value)?.name ?? to.value;
	return (
		<Dialog
			title={t("console.assign.title", { ticket: c.ticket })}
			onSubmit={() => to.value && void assign(base, to.value, name)}
			actions={
				<Button type="submit" voice="main" disabled={!to.value} busy={busy.value.has("assign")}>
					{to.value ? t("console.assign.do", { name }) : t("console.act.assign")}
				</Button>
			}
		>
			<p class="hint">
				{c.assignee
					? t("console.assign.now", { name: c.assignee_name ?? c.assignee })
					: t("console.assign.nobody")}
			</p>
			{staff.value.length === 0 && !staffError.value && <Skeleton rows={3} />}
			{staffError.value !== null && <p class="error">{problemText(staffError.value)}</p>}
			<fieldset class="people">
				<legend class="unseen">{t("console.assign.to")}</legend>
				{people.map((s) => (
					<Person
						key={s.user}
						s={s}
						max={max}
						chosen={to.value === s.user}
						choose={() => (to.value = s.user)}
					/>
				))}
			</fieldset>
			{staff.value.length > 0 && people.length === 0 && <p>{t("console.assign.no_one")}</p>}
		</Dialog>
	);
}

const otherDesks = (c: Case) =>
	desks()
		.filter((d) => d.id !== c.desk_id)
		.map((d) => ({ value: d.id, label: nameOf(d.name) }));

export function TransferDialog({ c }: { c: Case }) {
	const [base] = useState(c);
	const others = otherDesks(c),
		desk = useSignal(others[0]?.value ?? "");
	return (
		<Dialog
			title={t("console.transfer.title", { ticket: c.ticket })}
			onSubmit={() => void transfer(base, desk.value)}
			actions={
				<Button type="submit" voice="main" busy={busy.value.has("transfer")}>
					{t("console.transfer.do")}
				</Button>
			}
		>
			<p>{t("console.transfer.text")}</p>
			<Switch
				label={t("console.transfer.to")}
				class="stacked"
				value={desk.value}
				choices={others}
				onInput={(v) => (desk.value = v)}
			/>
			<p class="hint">{t("console.transfer.hint")}</p>
		</Dialog>
	);
}

export function TaskDialog({ c }: { c: Case }) {
	const others = otherDesks(c),
		desk = useSignal(others[0]?.value ?? ""),
		text = useSignal("");
	return (
		<Dialog
			title={t("console.task.title", { ticket: c.ticket })}
			onSubmit={() => void askDesk(c.ticket, desk.value, text.value.trim())}
			actions={
				<Button type="submit" voice="main" busy={busy.value.has("task")}>
					{t("console.task.do")}
				</Button>
			}
		>
			<p>{t("console.task.text")}</p>
			<Switch
				label={t("console.task.to")}
				class="stacked"
				value={desk.value}
				choices={others}
				onInput={(v) => (desk.value = v)}
			/>
			<TextBox
				label={t("console.task.note")}
				optional={t("console.optional")}
				value={text.value}
				onInput={(v) => (text.value = v)}
			/>
		</Dialog>
	);
}

const REASONS = ["end", "conflict", "unsuited"];

export function ReleaseDialog({ c }: { c: Case }) {
	const reason = useSignal("end");
	return (
		<Dialog
			title={t("console.release.title", { ticket: c.ticket })}
			onSubmit={() => void release(c.ticket, reason.value)}
			actions={
				<Button type="submit" voice="main" busy={busy.value.has("release")}>
					{t("console.act.release")}
				</Button>
			}
		>
			<p>{t("console.release.text")}</p>
			<Select
				label={t("console.release.reason")}
				value={reason.value}
				choices={REASONS.map((r) => ({ value: r, label: word("release", r) }))}
				onInput={(v) => (reason.value = v)}
			/>
		</Dialog>
	);
}
