/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row of a list, three lines of fixed height: how urgent and for how long; why it stands where it does; which
 * case, where it is and who is with it. A plain link, so that every way of opening it works.
 */
import { useComputed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Due, Since, Who } from "../parts/bits.tsx";
import { Icon } from "../parts/icon.tsx";
import { RiskMark } from "../parts/risk.tsx";
import { rowKey } from "../pure/order.ts";
import { placeHash } from "../pure/route.ts";
import type { Row } from "../shapes.ts";
import { now } from "../state/clock.ts";
import { place } from "../state/place.ts";
import { lookers } from "../state/presence.ts";
import { cursor, moves } from "../state/queue.ts";
import { categoryName, deskName } from "../state/service.ts";
import { me } from "../state/session.ts";
import { listed, t, word } from "../state/words.ts";

/* Kept in step with --row in styles/tokens.css. */
export const ROW_HEIGHT = 88;

function Looking({ row }: { row: Row }) {
	const said = useComputed(() => lookers(row.ticket, row.presence, now.value).join("\n")).value;
	if (said === "") return null;
	const names = said.split("\n");
	return (
		<span class="looking" title={t("console.looking", { names: listed(names) })}>
			<Icon name="eye" />
			<span class="unseen">{t("console.looking", { names: listed(names) })}</span>
			<span aria-hidden="true">
				<Who name={names[0]!} />
				{names.length > 1 && ` +${names.length - 1}`}
			</span>
		</span>
	);
}

function Wait({ row }: { row: Row }) {
	if (!row.oldest_at) return null;
	return (
		<span class="wait">
			<span class="unseen">{t("console.waiting_for")} </span>
			<Icon name="clock" />
			<Since at={row.oldest_at} />
		</span>
	);
}

function Whose({ row }: { row: Row }) {
	if (!row.assignee) return <span>{t("console.nobody_yet")}</span>;
	if (row.assignee === me.value?.user) return <span class="mine">{t("console.me")}</span>;
	return <Who name={row.assignee_name ?? row.assignee} />;
}

/* In the queue: why it stands where it does. Elsewhere: whose turn it is. */
function reason(row: Row): string {
	if (place.value.view === "waiting" || row.what !== "case") return word("why", row.why);
	if (row.state === "closed" || row.state === "archived" || row.state === "closing_review")
		return word("state", row.state);
	return t(row.oldest_at ? "console.row_answer" : "console.row_quiet");
}

let followed = 0; /* the last move by keyboard that the focus went along with */

export function QueueRow({ row }: { row: Row }) {
	const link = useRef<HTMLAnchorElement>(null);
	/* Computed, so that a step of the cursor draws two rows again and not all. */
	const isCursor = useComputed(() => cursor.value === rowKey(row)).value,
		isOpen = useComputed(() => place.value.ticket === row.ticket).value;
	useLayoutEffect(() => {
		if (isCursor && moves.peek() !== followed) {
			followed = moves.peek();
			link.current?.focus({ preventScroll: true });
		}
	}, [isCursor]);
	return (
		<a
			ref={link}
			class={`row bar-${row.risk}${isCursor ? " cursor" : ""}${row.risk === 3 && !row.assignee ? " pinned" : ""}`}
			href={placeHash({ view: place.value.view, ticket: row.ticket })}
			tabIndex={isCursor ? 0 : -1}
			aria-current={isOpen ? "true" : undefined}
			onClick={() => (cursor.value = rowKey(row))}
		>
			<span class="line first">
				<RiskMark risk={row.risk} />
				{row.what !== "case" && <span class="what">{word("what", row.what)}</span>}
				<Wait row={row} />
			</span>
			<span class="line why">
				<span class="fit">{reason(row)}</span>
				{row.reply_by && row.oldest_at && <Due at={row.reply_by} />}
			</span>
			<span class="line last">
				<span class="ticket">{row.ticket.replace(/^YT-/, "")}</span>
				<span class="fit dotted">
					<span>{word("state", row.state)}</span>
					<span>{row.category ? categoryName(row.category) : deskName(row.desk_id || row.desk)}</span>
					<Whose row={row} />
				</span>
				<Looking row={row} />
			</span>
		</a>
	);
}
