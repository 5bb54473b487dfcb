/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What else belongs to the case: other desks' parts, follow-ups, and its history.
 */
import { endFollowup, endTask } from "../acts/care.ts";
import { busy } from "../acts/run.ts";
import { Chip, Due, Moment, Who } from "../parts/bits.tsx";
import { Button } from "../parts/button.tsx";
import { keysOf } from "../pure/keymap.ts";
import type { Case, Followup, Past, Task } from "../shapes.ts";
import { openDialog } from "../state/dialogs.ts";
import { deskName, desks } from "../state/service.ts";
import { me } from "../state/session.ts";
import { staffName } from "../state/staff.ts";
import { t, word } from "../state/words.ts";

function TaskLine({ task, ticket }: { task: Task; ticket: string }) {
	const kind = desks().find((d) => d.id === task.desk)?.id ?? task.desk;
	const ours = me.value?.desks.some((d) => d.id === kind || d.kind === task.desk) ?? false;
	return (
		<li>
			<p>
				<strong>{deskName(task.desk)}</strong> <Chip>{word("task_state", task.state)}</Chip>
			</p>
			<p class="hint dotted">
				<span>
					{t("console.asked_by")} <Who name={staffName(task.asked_by)} />
				</span>
				{task.assignee && <Who name={staffName(task.assignee)} />}
				{task.due_at && task.state !== "done" && <Due at={task.due_at} />}
				{task.disposition && <span>{word("disposition", task.disposition)}</span>}
			</p>
			{task.state !== "done" && ours && (
				<Button
					busy={busy.value.has(`task ${task.id}`)}
					onClick={() => void endTask(ticket, task.id, "answered")}
				>
					{t("console.task_end")}
				</Button>
			)}
		</li>
	);
}

export function TasksPart({ c }: { c: Case }) {
	return (
		<>
			{c.tasks.length === 0 && <p class="hint">{t("console.no_tasks")}</p>}
			<ul class="plain-list">
				{c.tasks.map((x) => (
					<TaskLine key={x.id} task={x} ticket={c.ticket} />
				))}
			</ul>
			{c.can.includes("task") && (
				<Button icon="people" keys={keysOf("task")} onClick={() => openDialog("task")}>
					{t("console.act.task")}
				</Button>
			)}
		</>
	);
}

/* Without a telephone number a follow-up is a message: seen or not seen. */
const RESULTS = ["reached", "no_answer", "seen", "not_seen", "moved"];

function FollowupLine({ f, c }: { f: Followup; c: Case }) {
	const isOpen = f.state === "open";
	return (
		<li>
			<p>
				<strong>{word("followup", f.kind)}</strong> <Moment at={f.due_at} />{" "}
				{isOpen && <Due at={f.due_at} />}
			</p>
			{!isOpen && (
				<p class="hint">{f.result ? word("followup_result", f.result) : word("followup_state", f.state)}</p>
			)}
			{isOpen && c.can.includes("note") && (
				<div class="row-actions wrap" role="group" aria-label={t("console.followup_result")}>
					{RESULTS.map((r) => (
						<Button
							key={r}
							busy={busy.value.has(`followup ${f.id}`)}
							onClick={() => void endFollowup(c.ticket, f.id, r)}
						>
							{word("followup_result", r)}
						</Button>
					))}
				</div>
			)}
		</li>
	);
}

export function FollowupsPart({ c }: { c: Case }) {
	return (
		<>
			{c.followups.length === 0 && (
				<p class="hint">{t(c.risk >= 2 ? "console.no_followups_risk" : "console.no_followups")}</p>
			)}
			<ul class="plain-list">
				{c.followups.map((f) => (
					<FollowupLine key={f.id} f={f} c={c} />
				))}
			</ul>
			{c.can.includes("note") && (
				<Button icon="calendar" keys={keysOf("followup")} onClick={() => openDialog("followup")}>
					{t("console.act.followup")}
				</Button>
			)}
		</>
	);
}

function PastLine({ p }: { p: Past }) {
	const said = p.kind === "risk" || p.kind === "screened" ? word("risk", p.number) : "";
	return (
		<li>
			<Moment at={p.at} />
			<span>
				{word("event", p.kind)}
				{said && ` · ${said}`}
			</span>
			{p.staff_name && <Who name={p.staff_name} />}
		</li>
	);
}

export function HistoryPart({ c }: { c: Case }) {
	return (
		<details class="history">
			<summary>{t("console.history", { n: c.history.length })}</summary>
			<ol>
				{[...c.history].reverse().map((p, i) => (
					<PastLine key={i} p={p} />
				))}
			</ol>
		</details>
	);
}
