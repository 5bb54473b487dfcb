/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The buttons of a case, from one table: what the server says I can do, the most likely first, the rest behind
 * "more".
 */
import { claim, refuse, reopen } from "../acts/case.ts";
import { busy } from "../acts/run.ts";
import { Button, type Voice } from "../parts/button.tsx";
import { Kbd } from "../parts/button.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Menu } from "../parts/menu.tsx";
import { keysOf, type Command } from "../pure/keymap.ts";
import type { Act, Case } from "../shapes.ts";
import { openDialog } from "../state/dialogs.ts";
import { lettersOn } from "../state/prefs.ts";
import { t, type Key } from "../state/words.ts";

type Action = {
	act: Act;
	label: Key;
	icon: IconName;
	voice: Voice;
	command?: Command;
	first: boolean;
	run: (c: Case) => void;
};
const ACTIONS: readonly Action[] = [
	{
		act: "claim",
		label: "console.act.claim",
		icon: "hand",
		voice: "main",
		command: "claim",
		first: true,
		run: (c) => void claim(c),
	},
	{
		act: "confirm",
		label: "console.act.confirm",
		icon: "check",
		voice: "main",
		command: "close",
		first: true,
		run: () => openDialog("close"),
	},
	{
		act: "refuse",
		label: "console.act.refuse",
		icon: "close",
		voice: "plain",
		first: true,
		run: (c) => void refuse(c.ticket),
	},
	{
		act: "close",
		label: "console.act.close",
		icon: "check",
		voice: "plain",
		command: "close",
		first: true,
		run: () => openDialog("close"),
	},
	{
		act: "reopen",
		label: "console.act.reopen",
		icon: "inbox",
		voice: "plain",
		first: true,
		run: (c) => void reopen(c.ticket),
	},
	{
		act: "release",
		label: "console.act.release",
		icon: "back",
		voice: "plain",
		command: "giveback",
		first: false,
		run: () => openDialog("release"),
	},
	{
		act: "assign",
		label: "console.act.assign",
		icon: "person",
		voice: "plain",
		command: "assign",
		first: false,
		run: () => openDialog("assign"),
	},
	{
		act: "task",
		label: "console.act.task",
		icon: "people",
		voice: "plain",
		command: "task",
		first: false,
		run: () => openDialog("task"),
	},
	{
		act: "transfer",
		label: "console.act.transfer",
		icon: "swap",
		voice: "plain",
		command: "transfer",
		first: false,
		run: () => openDialog("transfer"),
	},
	{
		act: "note",
		label: "console.act.followup",
		icon: "calendar",
		voice: "plain",
		command: "followup",
		first: false,
		run: () => openDialog("followup"),
	},
];

function Item({ action, c }: { action: Action; c: Case }) {
	const keys = action.command && lettersOn.value ? keysOf(action.command) : "";
	return (
		<button type="button" class="item" onClick={() => action.run(c)}>
			<Icon name={action.icon} />
			<span>{t(action.label)}</span>
			{keys && <Kbd keys={keys} />}
		</button>
	);
}

export function CaseActions({ c }: { c: Case }) {
	const lawful = ACTIONS.filter(
		(a) => c.can.includes(a.act) && !(a.act === "close" && c.can.includes("confirm")),
	);
	const first = lawful.filter((a) => a.first).slice(0, 2),
		rest = lawful.filter((a) => !first.includes(a));
	return (
		<div class="case-actions">
			{first.map((a) => (
				<Button
					key={a.act}
					voice={a.voice}
					icon={a.icon}
					keys={a.command && keysOf(a.command)}
					busy={busy.value.has(a.act)}
					onClick={() => a.run(c)}
				>
					{t(a.label)}
				</Button>
			))}
			{rest.length > 0 && (
				<Menu label={t("console.more_actions")} icon="more">
					{rest.map((a) => (
						<Item key={a.act} action={a} c={c} />
					))}
				</Menu>
			)}
		</div>
	);
}
