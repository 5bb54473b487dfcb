/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The case pane: head, actions, conversation, composer; or the way to open words that are not one's own; or why it
 * cannot be shown.
 */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { openWithReason } from "../acts/case.ts";
import { busy } from "../acts/run.ts";
import { problemText } from "../api/problem.ts";
import { Chip, Due, Empty, Moment, Skeleton, Who } from "../parts/bits.tsx";
import { Button } from "../parts/button.tsx";
import { TextField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { RiskMark } from "../parts/risk.tsx";
import type { Case } from "../shapes.ts";
import { current, readCase } from "../state/casebook.ts";
import { now } from "../state/clock.ts";
import { go, goUp, place } from "../state/place.ts";
import { lookers } from "../state/presence.ts";
import { categoryName, deskName } from "../state/service.ts";
import { tell } from "../state/toasts.ts";
import { listed, t, word } from "../state/words.ts";
import { CaseActions } from "./actions.tsx";
import { Composer } from "./composer.tsx";
import { Timeline } from "./timeline.tsx";

/* Marks that change what a counselor should do; the others are for the router. */
const TELLING = [
	"unscreened",
	"crisis_watch",
	"returned",
	"reopened",
	"covered",
	"unconfirmed",
	"withdrawn",
	"move_pending",
	"wrong_desk",
	"erased",
	"extended",
	"tick_yes",
	"tick_unsure",
];

function Ticket({ ticket }: { ticket: string }) {
	const copy = (): void => {
		navigator.clipboard?.writeText(ticket).then(
			() => tell(t("console.done.copied")),
			() => undefined,
		);
	};
	return (
		<h2 class="ticket" id="case-title" tabIndex={-1}>
			{ticket}
			<Button voice="quiet" icon="copy" label={t("console.copy_ticket")} onClick={copy} />
		</h2>
	);
}

function Meta({ c }: { c: Case }) {
	return (
		<p class="meta dotted">
			<span>{deskName(c.desk_id || c.desk)}</span>
			{c.category && <span>{categoryName(c.category)}</span>}
			<span>{word("channel", c.channel)}</span>
			<span>
				{t("console.opened")} <Moment at={c.opened_at} />
			</span>
			<span>
				{c.assignee ? (
					<>
						{t("console.owner")} <Who name={c.assignee_name ?? c.assignee} />
					</>
				) : (
					t("console.nobody_yet")
				)}
			</span>
			{c.due_at && c.state !== "closed" && c.state !== "archived" && <Due at={c.due_at} />}
		</p>
	);
}

function Looking({ c }: { c: Case }) {
	const names = lookers(c.ticket, c.presence, now.value);
	return (
		<p class="looking-line" role="status">
			{names.length > 0 && (
				<>
					<Icon name="eye" />
					{t("console.looking", { names: listed(names) })}
				</>
			)}
		</p>
	);
}

function Head({ c }: { c: Case }) {
	const marks = c.marks.filter((m) => TELLING.includes(m));
	return (
		<header class={`case-head bar-${c.risk}`}>
			<div class="case-title">
				<span class="only-narrow">
					<Button voice="quiet" icon="back" label={t("console.back_to_list")} onClick={goUp} />
				</span>
				<RiskMark risk={c.risk} />
				<Ticket ticket={c.ticket} />
				<Chip tone={c.state}>{word("state", c.state)}</Chip>
				{marks.map((m) => (
					<Chip key={m} tone="mark">
						{word("mark", m)}
					</Chip>
				))}
			</div>
			<div class="case-tools">
				<CaseActions c={c} />
				<span class="not-wide">
					<Button voice="plain" icon="side" onClick={() => go({ ...place.value, side: true })}>
						{t("console.side")}
					</Button>
				</span>
			</div>
			<div class="case-about">
				<Meta c={c} />
				<Looking c={c} />
			</div>
		</header>
	);
}

function Review({ c }: { c: Case }) {
	if (c.state !== "closing_review") return null;
	return (
		<p class="notice">
			<Icon name="info" />
			{t(c.can.includes("confirm") ? "console.review_yours" : "console.review_others", {
				name: c.closing_by ?? "",
			})}
		</p>
	);
}

function Damaged({ c }: { c: Case }) {
	if (!c.damaged) return null;
	return (
		<p class="notice">
			<Icon name="warn" />
			{t("console.damaged")}
		</p>
	);
}

function Locked({ c }: { c: Case }) {
	const reason = useSignal("");
	if (c.open || c.damaged) return null;
	if (c.can.includes("claim"))
		return (
			<p class="notice">
				<Icon name="lock" />
				{t("console.locked_claim")}
			</p>
		);
	return (
		<form
			class="notice locked"
			onSubmit={(e) => {
				e.preventDefault();
				if (reason.value.trim() !== "") void openWithReason(c.ticket, reason.value.trim());
			}}
		>
			<p>
				<Icon name="lock" />
				{t("console.locked", { name: c.assignee_name ?? "" })}
			</p>
			<TextField
				label={t("console.locked_reason")}
				hint={t("console.locked_hint")}
				value={reason.value}
				onInput={(v) => (reason.value = v)}
				required
			/>
			<Button type="submit" busy={busy.value.has("open")}>
				{t("console.locked_open")}
			</Button>
		</form>
	);
}

function Failed({ error }: { error: unknown }) {
	return (
		<Empty
			icon="warn"
			title={t("console.case_failed")}
			action={<Button onClick={() => void readCase()}>{t("console.try_again")}</Button>}
		>
			{problemText(error)}
		</Empty>
	);
}

export function CasePane() {
	const open = current.value,
		c = open?.value ?? null,
		pane = useRef<HTMLElement>(null);
	useLayoutEffect(() => {
		if (c) pane.current?.querySelector<HTMLElement>("#case-title")?.focus({ preventScroll: true });
	}, [c?.ticket]);
	return (
		<section
			class="case-pane"
			id="case"
			ref={pane}
			tabIndex={-1}
			aria-label={c ? t("console.case_label", { ticket: c.ticket }) : t("console.case")}
		>
			{!open && (
				<Empty icon="leaf" title={t("console.no_case")}>
					{t("console.no_case_text")}
				</Empty>
			)}
			{open && !c && (open.error ? <Failed error={open.error} /> : <Skeleton rows={4} tall />)}
			{c && (
				<>
					<Head c={c} />
					<Review c={c} />
					<Damaged c={c} />
					<Locked c={c} />
					<Timeline c={c} divider={open!.divider} />
					<Composer c={c} />
				</>
			)}
		</section>
	);
}
