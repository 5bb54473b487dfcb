/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labelled fields on native elements: text, longer text, select, tick box, and a row of radio buttons that look like
 * one switch. A label is always seen; a hint and an error are tied to the field for screen readers.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { Choice } from "../state/service.ts";

type Common = { label: string; hint?: string | undefined; error?: string | undefined; optional?: string };

function Around({
	id,
	label,
	hint,
	error,
	optional,
	children,
}: Common & { id: string; children: ComponentChildren }) {
	return (
		<div class={`field${error ? " wrong" : ""}`}>
			<label for={id}>
				{label}
				{optional && <small> {optional}</small>}
			</label>
			{children}
			{hint && (
				<p class="hint" id={`${id}-hint`}>
					{hint}
				</p>
			)}
			{error && (
				<p class="error" id={`${id}-error`}>
					{error}
				</p>
			)}
		</div>
	);
}
const describedBy = (id: string, p: Common): string | undefined =>
	[p.hint && `${id}-hint`, p.error && `${id}-error`].filter(Boolean).join(" ") || undefined;

type TextProps = Common & {
	value: string;
	onInput: (value: string) => void;
	type?: "text" | "password" | "tel" | "datetime-local";
	autocomplete?: string;
	required?: boolean;
	autofocus?: boolean;
	inputmode?: "numeric" | "tel";
	minLength?: number;
	rows?: number;
	readOnly?: boolean;
};

export function TextField(p: TextProps) {
	const id = useId(),
		box = useRef<HTMLInputElement>(null);
	useEffect(() => {
		if (p.autofocus) box.current?.focus();
	}, []);
	return (
		<Around id={id} {...p}>
			<input
				id={id}
				type={(p.type ?? "text") as "text" /* the typings want one literal */}
				value={p.value}
				autocomplete={p.autocomplete ?? "off"}
				required={p.required}
				ref={box}
				inputMode={p.inputmode}
				minLength={p.minLength}
				readOnly={p.readOnly}
				spellcheck={false}
				aria-invalid={p.error ? true : undefined}
				aria-describedby={describedBy(id, p)}
				onInput={(e) => p.onInput(e.currentTarget.value)}
			/>
		</Around>
	);
}

export function TextBox(p: TextProps) {
	const id = useId();
	return (
		<Around id={id} {...p}>
			<textarea
				id={id}
				value={p.value}
				rows={p.rows ?? 3}
				required={p.required}
				dir="auto"
				aria-invalid={p.error ? true : undefined}
				aria-describedby={describedBy(id, p)}
				onInput={(e) => p.onInput(e.currentTarget.value)}
			/>
		</Around>
	);
}

export type ChoiceGroup = { label: string; choices: Choice[] };
type SelectProps = Common & {
	value: string;
	choices?: Choice[];
	groups?: ChoiceGroup[];
	empty?: string;
	onInput: (value: string) => void;
	required?: boolean;
	disabled?: boolean;
};

const Options = ({ choices }: { choices: Choice[] }) => (
	<>
		{choices.map((c) => (
			<option key={c.value} value={c.value}>
				{c.label}
			</option>
		))}
	</>
);

export function Select(p: SelectProps) {
	const id = useId();
	const known = [...(p.choices ?? []), ...(p.groups ?? []).flatMap((g) => g.choices)].some(
		(c) => c.value === p.value,
	);
	return (
		<Around id={id} {...p}>
			<select
				id={id}
				value={p.value}
				required={p.required}
				disabled={p.disabled}
				aria-describedby={describedBy(id, p)}
				aria-invalid={p.error ? true : undefined}
				onChange={(e) => p.onInput(e.currentTarget.value)}
			>
				{p.empty !== undefined && <option value="">{p.empty}</option>}
				{!known && p.value !== "" && <option value={p.value}>{p.value}</option>}
				<Options choices={p.choices ?? []} />
				{p.groups
					?.filter((g) => g.choices.length > 0)
					.map((g) => (
						<optgroup key={g.label} label={g.label}>
							<Options choices={g.choices} />
						</optgroup>
					))}
			</select>
		</Around>
	);
}

export function Tick(p: { label: string; value: boolean; onInput: (value: boolean) => void; hint?: string }) {
	const id = useId();
	return (
		<div class="tick">
			<input
				id={id}
				type="checkbox"
				checked={p.value}
				aria-describedby={p.hint ? `${id}-hint` : undefined}
				onChange={(e) => p.onInput(e.currentTarget.checked)}
			/>
			<label for={id}>{p.label}</label>
			{p.hint && (
				<p class="hint" id={`${id}-hint`}>
					{p.hint}
				</p>
			)}
		</div>
	);
}

type SwitchProps = {
	label: string;
	value: string;
	choices: (Choice & { mark?: ComponentChildren })[];
	onInput: (value: string) => void;
	class?: string;
	hideLabel?: boolean;
};

/* Native radio buttons: arrow keys move, Tab passes. */
export function Switch(p: SwitchProps) {
	const name = useId();
	return (
		<fieldset class={`switch ${p.class ?? ""}`}>
			<legend class={p.hideLabel ? "unseen" : undefined}>{p.label}</legend>
			<div class="options">
				{p.choices.map((c) => (
					<label key={c.value} class={`option option-${c.value}`}>
						<input
							type="radio"
							name={name}
							value={c.value}
							checked={p.value === c.value}
							onChange={() => p.onInput(c.value)}
						/>
						<span>
							{c.mark}
							{c.label}
						</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}
