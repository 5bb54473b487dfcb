/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The choices a person makes for this browser (language, colours) and for the shift (on duty, break, off).
 */
import { run } from "../acts/run.ts";
import { Button } from "../parts/button.tsx";
import { Switch } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { Menu } from "../parts/menu.tsx";
import type { Lang, Presence } from "../shapes.ts";
import { openDialog } from "../state/dialogs.ts";
import { chooseScheme, scheme, type Scheme } from "../state/prefs.ts";
import { me, setPresence, signOut } from "../state/session.ts";
import { chooseLang, lang, t, word } from "../state/words.ts";

/* Each language is named in itself. */
const LANGS = [
	{ value: "zh-CN", label: "中文" },
	{ value: "en", label: "English" },
];

export const LangChoice = () => (
	<Switch
		label={t("console.lang")}
		class="small"
		value={lang.value}
		choices={LANGS}
		onInput={(v) => chooseLang(v as Lang)}
	/>
);

const SCHEMES: readonly Scheme[] = ["auto", "light", "dark"];
export function SchemeChoice() {
	return (
		<Switch
			label={t("console.scheme")}
			class="small"
			value={scheme.value}
			choices={SCHEMES.map((s) => ({ value: s, label: t(`console.scheme_${s}`) }))}
			onInput={(v) => chooseScheme(v as Scheme)}
		/>
	);
}

const PRESENCES: readonly Presence[] = ["on", "break", "off"];
export function PresenceSwitch() {
	const p = me.value?.presence ?? "off";
	return (
		<Switch
			label={t("console.presence")}
			hideLabel
			class="small presence"
			value={p === "wrap_up" ? "on" : p}
			choices={PRESENCES.map((x) => ({
				value: x,
				label: word("presence", x),
				mark: <i class={`dot dot-${x}`} />,
			}))}
			onInput={(v) => void run("presence", () => setPresence(v as Presence))}
		/>
	);
}

export function MeMenu() {
	const who = me.value;
	if (!who) return null;
	return (
		<Menu
			label={t("console.me_menu", { name: who.name })}
			text={
				<>
					<i class={`dot dot-${who.presence}`} />
					<bdi>{who.name}</bdi>
				</>
			}
			class="me"
			stay
		>
			<div class="me-sheet">
				<p>
					<bdi class="who">{who.name}</bdi>
					<br />
					<span class="hint">{who.roles.map((r) => word("role", r)).join(" · ")}</span>
				</p>
				<div class="only-narrow">
					<PresenceSwitch />
				</div>
				<LangChoice />
				<SchemeChoice />
				<button type="button" class="item" onClick={() => openDialog("help")}>
					<Icon name="help" />
					<span>{t("console.help.title")}</span>
				</button>
				<Button voice="plain" onClick={() => void run("signout", signOut)}>
					{t("console.sign_out")}
				</Button>
			</div>
		</Menu>
	);
}
