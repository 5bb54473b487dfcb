/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A dialog on <dialog>: the browser keeps the focus inside, Escape closes, the focus goes back where it was. The
 * frame of every file in dialogs/.
 */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { closeDialog } from "../state/dialogs.ts";
import { t } from "../state/words.ts";
import { Button } from "./button.tsx";

type Props = {
	title: string;
	children: ComponentChildren;
	actions?: ComponentChildren;
	wide?: boolean;
	onSubmit?: () => void;
	leave?: string;
};

/* The first thing to decide, not the button that leaves; of radio buttons the chosen one. */
function firstOf(box: HTMLElement): HTMLElement | null {
	const first = box.querySelector<HTMLElement>(".dialog-body :is(input, select, textarea), footer button");
	if (first instanceof HTMLInputElement && first.type === "radio")
		return box.querySelector<HTMLElement>(`input[name="${first.name}"]:checked`) ?? first;
	return first;
}

/* Escape: gone before the next key, which may be a command already. */
function leaveAtOnce(e: Event): void {
	e.preventDefault();
	closeDialog();
}

export function Dialog({ title, children, actions, wide, onSubmit, leave }: Props) {
	const box = useRef<HTMLDialogElement>(null),
		id = useId();
	useLayoutEffect(() => {
		const before = document.activeElement;
		box.current?.showModal();
		firstOf(box.current!)?.focus();
		return () => {
			if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
		};
	}, []);
	return (
		<dialog
			ref={box}
			class={wide ? "wide" : undefined}
			aria-labelledby={id}
			onClose={closeDialog}
			onCancel={leaveAtOnce}
		>
			<form
				method="dialog"
				onSubmit={(e) => {
					e.preventDefault();
					onSubmit?.();
				}}
			>
				<header>
					<h2 id={id}>{title}</h2>
					<Button voice="quiet" icon="close" label={t("console.close_dialog")} onClick={closeDialog} />
				</header>
				<div class="dialog-body">{children}</div>
				<footer>
					<Button voice="quiet" onClick={closeDialog}>
						{leave ?? t("console.cancel")}
					</Button>
					{actions}
				</footer>
			</form>
		</dialog>
	);
}
