/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The button: one size, four voices (main, plain, quiet, danger), an optional picture, and the key that does the
 * same. While its act runs it says so and takes no second press, but stays focusable.
 */
import type { ComponentChildren } from "preact";
import { lettersOn } from "../state/prefs.ts";
import { Icon, type IconName } from "./icon.tsx";

export type Voice = "main" | "plain" | "quiet" | "danger" | "note";
type Props = {
	children?: ComponentChildren;
	voice?: Voice;
	icon?: IconName;
	label?: string;
	keys?: string | undefined;
	busy?: boolean;
	disabled?: boolean;
	type?: "button" | "submit";
	onClick?: (() => void) | undefined;
	autofocus?: boolean;
	class?: string;
	expanded?: boolean;
	controls?: string;
};

export function Kbd({ keys }: { keys: string }) {
	return <kbd aria-hidden="true">{keys}</kbd>;
}

export function Button(p: Props) {
	return (
		<button
			type={p.type ?? "button"}
			class={`button ${p.voice ?? "plain"}${p.children ? "" : " square"} ${p.class ?? ""}`}
			aria-label={p.label}
			title={p.children ? undefined : p.label}
			aria-busy={p.busy || undefined}
			aria-disabled={p.busy || undefined}
			aria-expanded={p.expanded}
			aria-controls={p.controls}
			aria-keyshortcuts={p.keys && lettersOn.value ? p.keys : undefined}
			disabled={p.disabled}
			autofocus={p.autofocus}
			onClick={(e) => {
				if (p.busy) e.preventDefault();
				else p.onClick?.();
			}}
		>
			{p.icon && <Icon name={p.icon} />}
			{p.children && <span>{p.children}</span>}
			{p.keys && lettersOn.value && <Kbd keys={p.keys} />}
		</button>
	);
}
