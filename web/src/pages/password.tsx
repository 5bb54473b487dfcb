/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The new password that a first sign-in asks for, before anything else. It also seals the key to the words, so the
 * page says what a lost password means.
 */
import { useSignal, type Signal } from "@preact/signals";
import { Problem, problemText } from "../api/problem.ts";
import { Button } from "../parts/button.tsx";
import { TextField } from "../parts/field.tsx";
import { changePassword, me, signOut } from "../state/session.ts";
import { t, type Key } from "../state/words.ts";
import { Gate, Wrong } from "./signin.tsx";

const PASSWORD_MIN = 10;
type Form = { old: string; fresh: string; again: string; wrong: string; busy: boolean };

/* What is wrong with it, as far as we can see here; "" when nothing is. */
function faultOf({ old, fresh, again }: Form): string {
	if ([...fresh].length < PASSWORD_MIN) return t("console.password.short", { n: PASSWORD_MIN });
	if (fresh !== again) return t("console.password.differ");
	return fresh === old ? t("console.password.same") : "";
}

async function submit(form: Signal<Form>): Promise<void> {
	if (form.value.busy) return;
	const wrong = faultOf(form.value);
	form.value = { ...form.value, wrong, busy: wrong === "" };
	if (wrong !== "") return;
	try {
		await changePassword(form.value.old, form.value.fresh);
	} catch (error) {
		const refused = error instanceof Problem && error.status === 403;
		form.value = { ...form.value, wrong: refused ? t("console.password.old_wrong") : problemText(error) };
	}
	form.value = { ...form.value, busy: false };
}

type Name = "old" | "fresh" | "again";
const FIELDS: readonly { name: Name; label: Key; autocomplete: string }[] = [
	{ name: "old", label: "console.password.old", autocomplete: "current-password" },
	{ name: "fresh", label: "console.password.new", autocomplete: "new-password" },
	{ name: "again", label: "console.password.again", autocomplete: "new-password" },
];

/* The user name stands in the form unseen, so that a password keeper knows whose it is. */
const WhoseKeeper = () => (
	<input
		class="unseen"
		type="text"
		autocomplete="username"
		value={me.value?.user}
		readOnly
		tabIndex={-1}
		aria-hidden="true"
	/>
);

export function NewPassword() {
	const form = useSignal<Form>({ old: "", fresh: "", again: "", wrong: "", busy: false });
	return (
		<Gate title={t("console.password.title")} text={t("console.password.text", { name: me.value?.name ?? "" })}>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					void submit(form);
				}}
			>
				<WhoseKeeper />
				{FIELDS.map((f) => (
					<TextField
						key={f.name}
						label={t(f.label)}
						hint={f.name === "fresh" ? t("console.password.hint", { n: PASSWORD_MIN }) : undefined}
						value={form.value[f.name]}
						type="password"
						autocomplete={f.autocomplete}
						required
						autofocus={f.name === "old"}
						onInput={(v) => (form.value = { ...form.value, [f.name]: v })}
					/>
				))}
				<Wrong text={form.value.wrong} />
				<div class="row-actions">
					<Button voice="quiet" onClick={() => void signOut()}>
						{t("console.sign_out")}
					</Button>
					<Button type="submit" voice="main" busy={form.value.busy}>
						{t("console.password.do")}
					</Button>
				</div>
			</form>
		</Gate>
	);
}
