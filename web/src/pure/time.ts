/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times as a counselor reads them: how long somebody has waited, how much is left, at what o'clock. Pure: the moment
 * "now" is an argument. Times are shown in Asia/Shanghai whatever the computer thinks.
 */
import type { Lang } from "../shapes.ts";

const SECOND = 1000,
	MINUTE = 60 * SECOND,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR;
const UNITS = {
	"zh-CN": { s: " 秒", m: " 分", h: " 小时", d: " 天" },
	en: { s: " s", m: " min", h: " h", d: " d" },
};

/* The two largest parts: "42 s", "7 min", "3 h 5 min", "2 d 3 h". Never negative. */
export function span(ms: number, lang: Lang): string {
	const u = UNITS[lang],
		t = Math.max(0, ms);
	if (t < MINUTE) return `${Math.floor(t / SECOND)}${u.s}`;
	if (t < HOUR) return `${Math.floor(t / MINUTE)}${u.m}`;
	const [big, small] =
		t < DAY
			? [`${Math.floor(t / HOUR)}${u.h}`, [Math.floor((t % HOUR) / MINUTE), u.m] as const]
			: [`${Math.floor(t / DAY)}${u.d}`, [Math.floor((t % DAY) / HOUR), u.h] as const];
	return small[0] > 0 ? `${big} ${small[0]}${small[1]}` : big;
}

const ZONE = "Asia/Shanghai";
const formats = new Map<string, Intl.DateTimeFormat>();
function format(lang: Lang, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = lang + JSON.stringify(options);
	let f = formats.get(key);
	if (!f)
		formats.set(
			key,
			(f = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeZone: ZONE, ...options })),
		);
	return f;
}

/* Days since 1970 in Shanghai, which is UTC+8 all year. */
const dayOf = (at: number): number => Math.floor((at + 8 * HOUR) / DAY);

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DATE: Intl.DateTimeFormatOptions = { month: "short", day: "numeric" };

/* "14:05" today; "11月3日 14:05" this year; with the year before that. */
export function moment(at: number, now: number, lang: Lang): string {
	const clock = format(lang, CLOCK).format(at);
	if (dayOf(at) === dayOf(now)) return clock;
	const sameYear = new Date(at + 8 * HOUR).getUTCFullYear() === new Date(now + 8 * HOUR).getUTCFullYear();
	return `${format(lang, sameYear ? DATE : { ...DATE, year: "numeric" }).format(at)} ${clock}`;
}

export function fullMoment(at: number, lang: Lang): string {
	return format(lang, { dateStyle: "full", timeStyle: "medium" }).format(at);
}

/* A day as a heading of the timeline. */
export function dayName(at: number, lang: Lang): string {
	return format(lang, { year: "numeric", month: "long", day: "numeric", weekday: "short" }).format(at);
}
export const sameDay = (a: number, b: number): boolean => dayOf(a) === dayOf(b);

/* What <input type="datetime-local"> wants, and back, both in Shanghai. */
export const toLocalInput = (at: number): string => new Date(at + 8 * HOUR).toISOString().slice(0, 16);
export function fromLocalInput(text: string): number {
	return Date.parse(`${text}:00+08:00`);
}
