/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A contact taken by telephone or at the counter, as one page. Contacts without content (silent, hang-up …) are
 * saved as a contact and make no case. Afterwards shows the ticket and, to be read aloud once, the receipt. What was
 * typed stays until it is saved.
 */
import { useComputed, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { run, busy } from "../acts/run.ts";
import { Since } from "../parts/bits.tsx";
import { Button } from "../parts/button.tsx";
import { Select, Switch, TextBox, TextField, Tick } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { serverNow } from "../state/clock.ts";
import { blank, entry, isCaseType, save, taken, type EntryForm } from "../state/entry.ts";
import { go } from "../state/place.ts";
import { choices, desks } from "../state/service.ts";
import { nameOf, t, word } from "../state/words.ts";
import { categoryGroups } from "../side/facts.tsx";

const CHANNELS = ["phone", "walk_in", "12345", "wechat", "qq", "youth_voice", "outreach", "letter"];
const set = (part: Partial<EntryForm>): void => void (entry.value = { ...entry.value, ...part });

function How({ f }: { f: Signal<EntryForm> }) {
	const v = f.value;
	return (
		<section class="part">
			<h3>{t("console.entry.how")}</h3>
			<Switch
				label={t("console.entry.type")}
				class="tiles"
				value={v.type}
				choices={choices("contact_types").filter((c) => c.value !== "message")}
				onInput={(type) => set({ type })}
			/>
			<div class="pair">
				<Select
					label={t("console.entry.channel")}
					value={v.channel}
					choices={CHANNELS.map((c) => ({ value: c, label: word("channel", c) }))}
					onInput={(channel) => set({ channel })}
				/>
				<p class="timer">
					<Icon name="clock" />
					{t("console.entry.running")} <Since at={v.began_at} />
					<Button voice="quiet" onClick={() => set({ began_at: new Date(serverNow()).toISOString() })}>
						{t("console.entry.restart")}
					</Button>
				</p>
			</div>
		</section>
	);
}

function What({ f }: { f: Signal<EntryForm> }) {
	const v = f.value;
	return (
		<section class="part">
			<h3>{t("console.entry.what")}</h3>
			<TextBox
				label={t("console.entry.text")}
				hint={t("console.entry.text_hint")}
				rows={6}
				value={v.text}
				required
				onInput={(text) => set({ text })}
			/>
			<TextBox
				label={t("console.entry.summary")}
				hint={t("console.entry.summary_hint")}
				optional={t("console.optional")}
				value={v.summary}
				onInput={(summary) => set({ summary })}
			/>
			<Switch
				label={t("console.entry.desk")}
				value={v.desk}
				choices={desks().map((d) => ({ value: d.kind, label: nameOf(d.name) }))}
				onInput={(desk) => set({ desk, category: "" })}
			/>
			<Select
				label={word("field", "category")}
				optional={t("console.optional")}
				value={v.category}
				empty={t("console.unsaid")}
				groups={categoryGroups(v.desk)}
				onInput={(category) => set({ category })}
			/>
		</section>
	);
}

const HARM = ["yes", "unsure", "no", "unsaid"] as const;

function Safety({ f }: { f: Signal<EntryForm> }) {
	return (
		<section class="part">
			<h3>{t("console.entry.safety")}</h3>
			<Switch
				label={t("console.entry.harm")}
				value={f.value.self_harm}
				choices={HARM.map((h) => ({ value: h, label: t(`console.entry.harm_${h}`) }))}
				onInput={(self_harm) => set({ self_harm })}
			/>
			{f.value.self_harm === "yes" && (
				<p class="notice">
					<Icon name="warn" />
					{t("console.entry.harm_now")}
				</p>
			)}
		</section>
	);
}

function About({ f }: { f: Signal<EntryForm> }) {
	const v = f.value;
	return (
		<section class="part">
			<h3>{t("console.entry.about")}</h3>
			<p class="hint">{t("console.entry.about_hint")}</p>
			<div class="pair">
				<Select
					label={word("field", "relation")}
					value={v.relation}
					choices={choices("relations")}
					onInput={(relation) => set({ relation })}
				/>
				<Select
					label={word("field", "age_band")}
					value={v.age_band}
					choices={choices("age_bands")}
					onInput={(age_band) => set({ age_band })}
				/>
				<Select
					label={word("field", "gender")}
					value={v.gender}
					choices={choices("genders")}
					onInput={(gender) => set({ gender })}
				/>
				<Select
					label={word("field", "region")}
					value={v.region}
					empty={t("console.unsaid")}
					choices={choices("regions")}
					onInput={(region) => set({ region })}
				/>
			</div>
		</section>
	);
}

function Reach({ f }: { f: Signal<EntryForm> }) {
	const v = f.value;
	return (
		<section class="part">
			<h3>{t("console.entry.reach")}</h3>
			<div class="pair">
				<TextField
					label={t("console.entry.phone")}
					optional={t("console.optional")}
					type="tel"
					inputmode="tel"
					value={v.phone}
					onInput={(phone) => set({ phone })}
				/>
				<TextField
					label={t("console.entry.times")}
					optional={t("console.optional")}
					value={v.times}
					onInput={(times) => set({ times })}
				/>
			</div>
			<Tick
				label={t("console.entry.say_who")}
				hint={t("console.entry.say_who_hint")}
				value={v.say_who}
				onInput={(say_who) => set({ say_who })}
			/>
		</section>
	);
}

const groups = (code: string): string[] => code.match(/.{1,4}/g) ?? [code];

function Done() {
	const d = taken.value!;
	return (
		<section class="page done" id="list" tabIndex={0} aria-labelledby="page-title">
			<h2 id="page-title">{t(d.ticket ? "console.entry.saved_case" : "console.entry.saved_contact")}</h2>
			{d.ticket && (
				<dl class="receipt">
					<div>
						<dt>{t("console.entry.ticket")}</dt>
						<dd class="ticket">{d.ticket}</dd>
					</div>
					{d.receipt && (
						<div>
							<dt>{t("console.entry.receipt")}</dt>
							<dd class="code">
								{groups(d.receipt.replace(/\D/g, "")).map((g, i) => (
									<span key={i}>{g}</span>
								))}
							</dd>
						</div>
					)}
				</dl>
			)}
			{d.receipt && (
				<p class="notice">
					<Icon name="info" />
					{t("console.entry.receipt_hint")}
				</p>
			)}
			<div class="row-actions start">
				{d.ticket && (
					<Button
						voice="main"
						onClick={() => {
							const ticket = d.ticket;
							taken.value = null;
							go({ view: "desk", ticket });
						}}
					>
						{t("console.entry.open_case")}
					</Button>
				)}
				<Button
					onClick={() => {
						taken.value = null;
						entry.value = blank();
					}}
				>
					{t("console.entry.another")}
				</Button>
			</div>
		</section>
	);
}

export function ContactPage() {
	const isCase = useComputed(() => isCaseType(entry.value.type));
	useEffect(() => {
		if (entry.value.began_at === "") entry.value = blank();
	}, []);
	if (taken.value) return <Done />;
	if (entry.value.began_at === "") return null;
	return (
		<section class="page" id="list" tabIndex={0} aria-labelledby="page-title">
			<h2 id="page-title">{t("console.page.contact")}</h2>
			<form
				class="entry"
				onSubmit={(e) => {
					e.preventDefault();
					void run("entry", save);
				}}
			>
				<How f={entry} />
				{isCase.value && (
					<>
						<What f={entry} />
						<Safety f={entry} />
						<About f={entry} />
						<Reach f={entry} />
					</>
				)}
				{!isCase.value && (
					<p class="notice">
						<Icon name="info" />
						{t("console.entry.no_case")}
					</p>
				)}
				<div class="row-actions sticky">
					<Button voice="quiet" onClick={() => (entry.value = blank())}>
						{t("console.entry.clear")}
					</Button>
					<Button type="submit" voice="main" busy={busy.value.has("entry")}>
						{t(isCase.value ? "console.entry.save_case" : "console.entry.save_contact")}
					</Button>
				</div>
			</form>
		</section>
	);
}
