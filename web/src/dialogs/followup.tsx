/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Planning a follow-up, a callback check or a call-back: what, when, and a note for whoever picks it up.
 */
import { useSignal } from "@preact/signals";
import { planFollowup } from "../acts/care.ts";
import { busy } from "../acts/run.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Switch, TextBox, TextField } from "../parts/field.tsx";
import { fromLocalInput, toLocalInput } from "../pure/time.ts";
import type { Case } from "../shapes.ts";
import { serverNow } from "../state/clock.ts";
import { t, word } from "../state/words.ts";

const KINDS = ["followup", "callback_check", "call_back"];
const DAY = 86_400_000;
/* The steps of the safety plan: within 24 h, 3, 7, 30 days. */
const STEPS = [1, 3, 7, 30];

export function FollowupDialog({ c }: { c: Case }) {
	const kind = useSignal("followup"),
		due = useSignal(toLocalInput(serverNow() + DAY)),
		note = useSignal("");
	const submit = (): void =>
		void planFollowup(
			c.ticket,
			kind.value,
			new Date(fromLocalInput(due.value)).toISOString(),
			note.value.trim(),
		);
	return (
		<Dialog
			title={t("console.followup.title", { ticket: c.ticket })}
			onSubmit={submit}
			actions={
				<Button type="submit" voice="main" busy={busy.value.has("followup")}>
					{t("console.followup.do")}
				</Button>
			}
		>
			<Switch
				label={t("console.followup.kind")}
				class="stacked"
				value={kind.value}
				choices={KINDS.map((k) => ({ value: k, label: word("followup", k) }))}
				onInput={(v) => (kind.value = v)}
			/>
			<div class="row-actions wrap" role="group" aria-label={t("console.followup.quick")}>
				{STEPS.map((n) => (
					<Button key={n} onClick={() => (due.value = toLocalInput(serverNow() + n * DAY))}>
						{t("console.followup.in_days", { n })}
					</Button>
				))}
			</div>
			<TextField
				type="datetime-local"
				label={t("console.due")}
				value={due.value}
				required
				onInput={(v) => (due.value = v)}
			/>
			<TextBox
				label={t("console.followup.note")}
				optional={t("console.optional")}
				value={note.value}
				onInput={(v) => (note.value = v)}
			/>
		</Dialog>
	);
}
