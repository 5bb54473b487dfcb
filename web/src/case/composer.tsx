/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where replies and notes are written. Which of the two it is cannot be missed: the tab, the frame, the paper, the
 * sentence above the text and the words on the button all change. Ctrl+Enter sends; Enter never does, and nothing is
 * sent while an input method is composing.
 */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { busy } from "../acts/run.ts";
import { lengthOf, send, TEXT_MAX } from "../acts/words.ts";
import { Button, Kbd } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import type { Case } from "../shapes.ts";
import { now } from "../state/clock.ts";
import { focusWish, pen } from "../state/composer.ts";
import { draftOf, fetchDraft, write, type Pen } from "../state/drafts.ts";
import { tellTyping, typists } from "../state/presence.ts";
import { lettersOn } from "../state/prefs.ts";
import { listed, t, type Key } from "../state/words.ts";

type PenLook = { label: Key; who: Key; send: Key; placeholder: Key; keys: string; icon: "send" | "lock" };
const PENS: Record<Pen, PenLook> = {
	reply: {
		label: "console.pen.reply",
		who: "console.pen.reply_who",
		send: "console.pen.reply_send",
		placeholder: "console.pen.reply_hint",
		keys: "r",
		icon: "send",
	},
	note: {
		label: "console.pen.note",
		who: "console.pen.note_who",
		send: "console.pen.note_send",
		placeholder: "console.pen.note_hint",
		keys: "m",
		icon: "lock",
	},
};
const ORDER: readonly Pen[] = ["reply", "note"];

function Tabs({ c, which }: { c: Case; which: Pen }) {
	const move = (e: KeyboardEvent): void => {
		if (e.key !== "ArrowLeft" && e.key !== "ArrowRight") return;
		const other = which === "reply" ? "note" : "reply";
		if (c.can.includes(other)) {
			pen.value = other;
			(e.currentTarget as HTMLElement).querySelector<HTMLElement>(`[data-pen=${other}]`)?.focus();
		}
	};
	return (
		<div class="tabs" role="tablist" aria-label={t("console.pen.tabs")} onKeyDown={move}>
			{ORDER.filter((p) => c.can.includes(p)).map((p) => (
				<button
					key={p}
					type="button"
					role="tab"
					id={`tab-${p}`}
					data-pen={p}
					aria-selected={which === p}
					aria-controls="composer-panel"
					tabIndex={which === p ? 0 : -1}
					class={`tab tab-${p}`}
					onClick={() => (pen.value = p)}
				>
					<Icon name={PENS[p].icon} />
					<span>{t(PENS[p].label)}</span>
					{lettersOn.value && <Kbd keys={PENS[p].keys} />}
				</button>
			))}
		</div>
	);
}

function Status({ ticket, which }: { ticket: string; which: Pen }) {
	const d = draftOf(ticket, which),
		length = lengthOf(d.text.value);
	if (length > TEXT_MAX - 500)
		return (
			<span class={length > TEXT_MAX ? "error" : "hint"}>
				{t("console.pen.length", { n: length, max: TEXT_MAX })}
			</span>
		);
	const state = d.state.value;
	return (
		<span class={state ? "hint" : "hint send-hint"}>
			{state ? t(`console.pen.draft_${state}`) : t("console.pen.send_hint")}
		</span>
	);
}

function Typing({ ticket }: { ticket: string }) {
	const names = typists(ticket, Math.floor(now.value / 2000));
	return (
		<p class="typing" role="status">
			{names.length > 0 && t("console.typing", { names: listed(names) })}
		</p>
	);
}

let granted = 0; /* the last wish for focus that was met */

function Paper({ c, which }: { c: Case; which: Pen }) {
	const box = useRef<HTMLTextAreaElement>(null),
		wish = focusWish.value;
	useLayoutEffect(() => {
		/* before the next key is pressed: what is typed after "r" belongs to the text */
		if (wish > granted) {
			granted = wish;
			box.current?.focus();
		}
	}, [wish]);
	const onKeyDown = (e: KeyboardEvent): void => {
		if (e.isComposing || e.keyCode === 229) return;
		if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
			e.preventDefault();
			void send(c.ticket, which);
		} else if (e.key === "Escape") {
			box.current?.blur();
		}
	};
	return (
		<textarea
			ref={box}
			rows={2}
			dir="auto"
			value={draftOf(c.ticket, which).text.value}
			placeholder={t(PENS[which].placeholder)}
			aria-label={t(PENS[which].label)}
			aria-describedby="pen-who"
			aria-keyshortcuts="Control+Enter"
			onInput={(e) => {
				write(c.ticket, which, e.currentTarget.value);
				tellTyping(c.ticket);
			}}
			onKeyDown={onKeyDown}
		/>
	);
}

export function Composer({ c }: { c: Case }) {
	const lawful = ORDER.filter((p) => c.can.includes(p));
	const which = lawful.includes(pen.value) ? pen.value : lawful[0];
	useEffect(() => {
		lawful.forEach((p) => void fetchDraft(c.ticket, p));
	}, [c.ticket, lawful.length]);
	if (!which) {
		const why = c.can.includes("claim") ? "console.pen.claim_first" : "console.pen.read_only";
		return <p class="no-composer hint">{t(why)}</p>;
	}
	const look = PENS[which];
	return (
		<div class={`composer composer-${which}`}>
			<Typing ticket={c.ticket} />
			<div class="pen-head">
				<Tabs c={c} which={which} />
				<p class="pen-who" id="pen-who">
					<Icon name={look.icon} />
					{t(look.who)}
				</p>
			</div>
			<div class="paper" role="tabpanel" id="composer-panel" aria-labelledby={`tab-${which}`}>
				<Paper c={c} which={which} />
				<div class="pen-foot">
					<Status ticket={c.ticket} which={which} />
					<Button
						voice={which === "reply" ? "main" : "note"}
						icon={look.icon}
						busy={busy.value.has(`send ${which}`)}
						disabled={draftOf(c.ticket, which).text.value.trim() === ""}
						onClick={() => void send(c.ticket, which)}
					>
						{t(look.send)}
					</Button>
				</div>
			</div>
		</div>
	);
}
