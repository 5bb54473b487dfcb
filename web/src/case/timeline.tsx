/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conversation and the notes in the order they came, by day, with a divider before what is new to me. Opens at
 * the divider, follows new messages while one is at the end, and otherwise says that there is something below.
 */
import { useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Hits } from "../parts/hits.tsx";
import { dayName, sameDay } from "../pure/time.ts";
import type { Case, Message } from "../shapes.ts";
import { now } from "../state/clock.ts";
import { lang, t } from "../state/words.ts";
import { MessageCard } from "./message.tsx";

const NEAR_END = 80; /* px from the end that still count as being there */

function Entry({
	m,
	before,
	divider,
	ticket,
}: {
	m: Message;
	before: Message | undefined;
	divider: boolean;
	ticket: string;
}) {
	const at = Date.parse(m.at);
	const newDay = before ? !sameDay(Date.parse(before.at), at) : !sameDay(at, now.peek());
	return (
		<Fragment>
			{newDay && (
				<li class="day">
					<span>{dayName(at, lang.value)}</span>
				</li>
			)}
			{divider && (
				<li class="divider" data-divider>
					<span>{t("console.new_divider")}</span>
				</li>
			)}
			<li>
				<MessageCard m={m} ticket={ticket} />
			</li>
		</Fragment>
	);
}

export function Timeline({ c, divider }: { c: Case; divider: number }) {
	const box = useRef<HTMLDivElement>(null),
		shownTicket = useRef(""),
		atEnd = useRef(true);
	const below = useSignal(false);
	const last = c.messages[c.messages.length - 1]?.n ?? -1;
	const toEnd = (): void => {
		box.current?.scrollTo({ top: box.current.scrollHeight });
		below.value = false;
	};
	useLayoutEffect(() => {
		const el = box.current!;
		if (shownTicket.current !== c.ticket) {
			shownTicket.current = c.ticket;
			const mark = el.querySelector<HTMLElement>("[data-divider]");
			el.scrollTop = mark ? Math.max(0, mark.offsetTop - 24) : el.scrollHeight;
			below.value = false;
		} else if (atEnd.current || c.messages[c.messages.length - 1]?.mine) {
			toEnd();
		} else {
			below.value = true;
		}
	}, [c.ticket, last]);
	return (
		<div
			class="timeline"
			ref={box}
			tabIndex={0}
			role="region"
			aria-label={t("console.timeline")}
			onScroll={(e) => {
				const el = e.currentTarget;
				atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR_END;
				if (atEnd.current) below.value = false;
			}}
		>
			{!c.open && <Hits c={c} open />}
			<ol class="messages">
				{c.messages.map((m, i) => (
					<Entry key={m.n} m={m} before={c.messages[i - 1]} divider={m.n === divider} ticket={c.ticket} />
				))}
			</ol>
			{c.messages.length === 0 && (
				<p class="hint centred">
					<Icon name="info" /> {t("console.no_messages")}
				</p>
			)}
			{below.value && (
				<div class="below">
					<Button voice="main" onClick={toEnd}>
						{t("console.new_below")}
					</Button>
				</div>
			)}
		</div>
	);
}
