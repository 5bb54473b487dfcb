/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in. A wrong answer gets one kind sentence that does not tell which part was wrong; the field for the code
 * appears when the server asks for it.
 */
import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Problem, problemText } from "../api/problem.ts";
import { Button } from "../parts/button.tsx";
import { TextField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { ended, signIn } from "../state/session.ts";
import { t } from "../state/words.ts";
import { LangChoice, SchemeChoice } from "./prefs.tsx";

export function Mark() {
	return (
		<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
			<rect width="32" height="32" rx="9" />
			<path d="M16 9v17M14 13C10 8 6 8 5 10s2 5 9 5M18 13c4-5 8-5 9-3s-2 5-9 5M14 18c-5 0-7 2-6 4s4 1 6-2M18 18c5 0 7 2 6 4s-4 1-6-2" />
			<circle cx="16" cy="7" r="2" />
		</svg>
	);
}

export function Gate({ title, text, children }: { title: string; text: string; children: ComponentChildren }) {
	return (
		<div class="gate">
			<main class="gate-card">
				<header>
					<Mark />
					<div>
						<p class="product">{t("console.product")}</p>
						<p class="hint">{t("console.product_text")}</p>
					</div>
				</header>
				<h1>{title}</h1>
				<p class="hint">{text}</p>
				{children}
			</main>
			<footer class="gate-foot">
				<LangChoice />
				<SchemeChoice />
			</footer>
		</div>
	);
}

export const Wrong = ({ text }: { text: string }) => (
	<p class="error" role="alert">
		{text && (
			<>
				<Icon name="warn" /> {text}
			</>
		)}
	</p>
);

type Form = { user: string; password: string; code: string; asksCode: boolean; wrong: string; busy: boolean };

function sentence(error: unknown): string {
	if (error instanceof Problem && error.code === "totp_required") return t("console.signin.code_asked");
	if (error instanceof Problem && (error.status === 401 || error.status === 403))
		return t("console.signin.wrong");
	if (error instanceof Problem && error.status === 429)
		return t("console.signin.wait", {
			s: Math.max(1, Math.ceil(Number(error.body["wait_ms"] ?? 5000) / 1000)),
		});
	return problemText(error);
}

async function attempt(form: Signal<Form>): Promise<void> {
	const { user, password, code } = form.value;
	if (form.value.busy) return;
	form.value = { ...form.value, busy: true, wrong: "" };
	try {
		await signIn(user.trim(), password, code.replace(/\s/g, ""));
	} catch (error) {
		const asks = error instanceof Problem && error.code === "totp_required";
		form.value = { ...form.value, wrong: sentence(error), asksCode: form.value.asksCode || asks, busy: false };
	}
}

export function SignIn() {
	const form = useSignal<Form>({ user: "", password: "", code: "", asksCode: false, wrong: "", busy: false });
	const set = (part: Partial<Form>): void => void (form.value = { ...form.value, ...part });
	const f = form.value;
	return (
		<Gate
			title={t("console.signin.title")}
			text={t(ended.value ? "console.signin.ended" : "console.signin.text")}
		>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					void attempt(form);
				}}
			>
				<TextField
					label={t("console.signin.user")}
					value={f.user}
					autocomplete="username"
					required
					autofocus
					onInput={(user) => set({ user })}
				/>
				<TextField
					label={t("console.signin.password")}
					value={f.password}
					type="password"
					autocomplete="current-password"
					required
					onInput={(password) => set({ password })}
				/>
				{f.asksCode && (
					<TextField
						label={t("console.signin.code")}
						hint={t("console.signin.code_hint")}
						value={f.code}
						autocomplete="one-time-code"
						inputmode="numeric"
						autofocus
						onInput={(code) => set({ code })}
					/>
				)}
				<Wrong text={f.wrong} />
				<Button type="submit" voice="main" busy={f.busy}>
					{t(f.busy ? "console.signin.busy" : "console.signin.do")}
				</Button>
			</form>
		</Gate>
	);
}
