/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One message of the conversation. Three kinds that nobody may mix up differ in colour, border, side, picture and
 * label: the caller's own words, our reply to the caller, a note that only staff read. Words are text nodes, never
 * markup.
 */
import { recall } from "../acts/words.ts";
import { busy } from "../acts/run.ts";
import { Moment, Who, Words } from "../parts/bits.tsx";
import { Button } from "../parts/button.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { RiskMark } from "../parts/risk.tsx";
import type { Message } from "../shapes.ts";
import { now } from "../state/clock.ts";
import { t, type Key } from "../state/words.ts";
import { useComputed } from "@preact/signals";

export type Look = "caller" | "reply" | "note" | "system";
type LookOf = { look: Look; icon: IconName; label: Key };
const LOOKS: Record<Message["kind"], LookOf> = {
	message: { look: "caller", icon: "person", label: "console.msg.caller" },
	reply: { look: "reply", icon: "send", label: "console.msg.reply" },
	note: { look: "note", icon: "lock", label: "console.msg.note" },
	summary: { look: "note", icon: "lock", label: "console.msg.summary" },
	contact: { look: "note", icon: "phone", label: "console.msg.contact" },
	referral: { look: "note", icon: "lock", label: "console.msg.referral" },
	system: { look: "system", icon: "info", label: "console.msg.system" },
};
export const lookOf = (m: Message): LookOf => LOOKS[m.kind] ?? LOOKS.system;

function Author({ m }: { m: Message }) {
	if (m.from === "caller") return null;
	if (m.mine) return <span>{t("console.me")}</span>;
	return <Who name={m.author_name ?? m.alias ?? m.author ?? ""} />;
}

function Body({ m }: { m: Message }) {
	if (m.recalled) return <p class="no-words">{t("console.msg.recalled")}</p>;
	if (m.damaged)
		return (
			<p class="no-words bad">
				<Icon name="warn" />
				{t("console.msg.damaged")}
			</p>
		);
	if (m.text === null)
		return (
			<p class="no-words">
				<Icon name="lock" />
				{t("console.msg.locked")}
			</p>
		);
	return <Words text={m.text} />;
}

function Seen({ m }: { m: Message }) {
	if (m.kind !== "reply" || m.recalled) return null;
	return m.seen_at ? (
		<span class="seen">
			<Icon name="eye" />
			{t("console.msg.seen")} <Moment at={m.seen_at} />
		</span>
	) : (
		<span class="seen not-yet">{t("console.msg.unseen")}</span>
	);
}

function TakeBack({ m, ticket }: { m: Message; ticket: string }) {
	const open = useComputed(
		() => m.mine && !m.recalled && m.recall_until !== null && Date.parse(m.recall_until) > now.value,
	);
	if (!open.value) return null;
	return (
		<Button voice="quiet" busy={busy.value.has(`recall ${m.n}`)} onClick={() => void recall(ticket, m.n)}>
			{t("console.msg.take_back")}
		</Button>
	);
}

export function MessageCard({ m, ticket }: { m: Message; ticket: string }) {
	const { look, icon, label } = lookOf(m);
	return (
		<article class={`msg msg-${look}${m.recalled ? " recalled" : ""}`} aria-label={t(label)}>
			<header>
				<Icon name={icon} />
				<strong>{t(label)}</strong>
				<Author m={m} />
				<Moment at={m.at} />
				{m.kind === "message" && m.risk > 0 && <RiskMark risk={m.risk} />}
			</header>
			<Body m={m} />
			<footer>
				<Seen m={m} />
				<TakeBack m={m} ticket={ticket} />
			</footer>
		</article>
	);
}
