/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ending a case, or confirming that a colleague may end it: how it ended, under which category, and a check
 * afterwards. Says beforehand what stands in the way.
 */
import { useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import { close } from "../acts/case.ts";
import { busy } from "../acts/run.ts";
import type { Ended } from "../api/server.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Select, TextField, Tick } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { fromLocalInput, toLocalInput } from "../pure/time.ts";
import type { Case } from "../shapes.ts";
import { serverNow } from "../state/clock.ts";
import { draftOf } from "../state/drafts.ts";
import { choices } from "../state/service.ts";
import { t } from "../state/words.ts";
import { categoryGroups } from "../side/facts.tsx";

const DAY = 86_400_000;

function Obstacles({ c }: { c: Case }) {
	const openTasks = c.tasks.filter((x) => x.state !== "done").length;
	const unsent = draftOf(c.ticket, "reply").text.value.trim() !== "";
	return (
		<>
			{openTasks > 0 && (
				<p class="notice">
					<Icon name="warn" />
					{t("console.close.tasks_open", { n: openTasks })}
				</p>
			)}
			{unsent && (
				<p class="notice">
					<Icon name="warn" />
					{t("console.close.unsent")}
				</p>
			)}
			{c.risk === 3 && !c.can.includes("confirm") && (
				<p class="notice">
					<Icon name="info" />
					{t("console.close.second_person")}
				</p>
			)}
		</>
	);
}

export function CloseDialog({ c }: { c: Case }) {
	const disposition = useSignal(c.disposition ?? "answered"),
		category = useSignal(c.category || `${c.desk}.other`);
	const check = useSignal(false),
		due = useSignal(toLocalInput(serverNow() + 3 * DAY));
	const [base] = useState(c);
	const confirms = c.can.includes("confirm");
	const submit = (): void => {
		const ended: Ended = { disposition: disposition.value, category: category.value };
		if (check.value)
			ended.followup = { kind: "callback_check", due_at: new Date(fromLocalInput(due.value)).toISOString() };
		void close(base, ended);
	};
	return (
		<Dialog
			title={t(confirms ? "console.close.confirm_title" : "console.close.title", { ticket: c.ticket })}
			onSubmit={submit}
			actions={
				<Button type="submit" voice="main" busy={busy.value.has("close")}>
					{t(confirms ? "console.act.confirm" : "console.close.do")}
				</Button>
			}
		>
			<Obstacles c={c} />
			<Select
				label={t("console.close.disposition")}
				value={disposition.value}
				choices={choices("dispositions")}
				required
				onInput={(v) => (disposition.value = v)}
			/>
			<Select
				label={t("console.close.category")}
				value={category.value}
				groups={categoryGroups(c.desk)}
				required
				onInput={(v) => (category.value = v)}
			/>
			<Tick
				label={t("console.close.check")}
				hint={t("console.close.check_hint")}
				value={check.value}
				onInput={(v) => (check.value = v)}
			/>
			{check.value && (
				<TextField
					type="datetime-local"
					label={t("console.due")}
					value={due.value}
					required
					onInput={(v) => (due.value = v)}
				/>
			)}
			<p class="hint">{t("console.close.hint")}</p>
		</Dialog>
	);
}
