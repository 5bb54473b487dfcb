/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small parts: an empty state (why, and what next), a skeleton that waits 300 ms before it shows, words somebody
 * else wrote, a moment in time, how long ago, a chip, a meter.
 */
import type { ComponentChildren } from "preact";
import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { fullMoment, moment, span } from "../pure/time.ts";
import { now } from "../state/clock.ts";
import { lang, t } from "../state/words.ts";
import { Icon, type IconName } from "./icon.tsx";

export function Empty({
	icon,
	title,
	children,
	action,
}: {
	icon: IconName;
	title: string;
	children?: ComponentChildren;
	action?: ComponentChildren;
}) {
	return (
		<div class="empty">
			<Icon name={icon} />
			<p class="empty-title">{title}</p>
			{children && <p>{children}</p>}
			{action}
		</div>
	);
}

export function Skeleton({ rows, tall }: { rows: number; tall?: boolean }) {
	const [late, setLate] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setLate(true), 300);
		return () => clearTimeout(timer);
	}, []);
	if (!late) return null;
	return (
		<div class={`skeleton${tall ? " tall" : ""}`} role="status">
			<span class="unseen">{t("console.loading")}</span>
			{Array.from({ length: rows }, (_, i) => (
				<div key={i} aria-hidden="true" />
			))}
		</div>
	);
}

/* Only ever a text node. Each paragraph finds its own direction and cannot turn what stands around it. */
export const Words = ({ text }: { text: string }) => (
	<div class="words" dir="auto">
		{text}
	</div>
);
export const Who = ({ name }: { name: string }) => <bdi class="who">{name}</bdi>;

export function Moment({ at }: { at: string }) {
	const ms = Date.parse(at);
	return (
		<time dateTime={at} title={fullMoment(ms, lang.value)}>
			{moment(ms, now.peek(), lang.value)}
		</time>
	);
}

/* Follow the clock, and touch the page only when their own text changes; a new moment is a new part. */
export const Since = ({ at }: { at: string }) => <SinceOf key={at} at={at} />;
function SinceOf({ at }: { at: string }) {
	const text = useComputed(() => span(now.value - Date.parse(at), lang.value));
	return <time dateTime={at}>{text}</time>;
}

/* What is left until a deadline, or by how much it has passed. */
export const Due = ({ at }: { at: string }) => <DueOf key={at} at={at} />;
function DueOf({ at }: { at: string }) {
	const text = useComputed(() => {
		const left = Date.parse(at) - now.value;
		return t(left >= 0 ? "console.due_in" : "console.due_past", { span: span(Math.abs(left), lang.value) });
	});
	const late = useComputed(() => (Date.parse(at) < now.value ? "due late" : "due"));
	return (
		<time class={late} dateTime={at} title={fullMoment(Date.parse(at), lang.value)}>
			{text}
		</time>
	);
}

export const Chip = ({ children, tone }: { children: ComponentChildren; tone?: string }) => (
	<span class={`chip${tone ? ` chip-${tone}` : ""}`}>{children}</span>
);

export function Meter({ label, value, max }: { label: string; value: number; max: number }) {
	return <meter aria-label={label} min={0} max={Math.max(max, 1)} value={value} high={max * 0.85} />;
}
