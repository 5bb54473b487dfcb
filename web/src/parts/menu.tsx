/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A button that shows more: a disclosure, not an ARIA menu, so that Tab and screen readers meet plain buttons.
 * Closes on Escape, on a press outside, when the focus leaves, and after a choice (unless it is to stay).
 */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "./button.tsx";
import type { IconName } from "./icon.tsx";

type Props = {
	label: string;
	text?: ComponentChildren;
	icon?: IconName;
	children: ComponentChildren;
	class?: string;
	stay?: boolean;
};

const EDGE = 8; /* px the sheet keeps from the edge of the window, or else it opens to the other side */

export function Menu({ label, text, icon, children, class: extra, stay }: Props) {
	const [open, setOpen] = useState(false),
		[startward, setStartward] = useState(false);
	const box = useRef<HTMLDivElement>(null),
		id = useId();
	useLayoutEffect(() => {
		const sheet = box.current?.querySelector(".sheet");
		if (open && sheet) setStartward(sheet.getBoundingClientRect().left < EDGE);
		else setStartward(false);
	}, [open]);
	useEffect(() => {
		if (!open) return;
		const outside = (e: Event): void => {
			if (!box.current?.contains(e.target as Node)) setOpen(false);
		};
		addEventListener("pointerdown", outside);
		return () => removeEventListener("pointerdown", outside);
	}, [open]);
	return (
		<div
			class={`menu ${extra ?? ""}`}
			ref={box}
			onKeyDown={(e) => {
				if (e.key === "Escape" && open) {
					e.preventDefault();
					setOpen(false);
					box.current?.querySelector("button")?.focus();
				}
			}}
			onFocusOut={(e) => {
				if (e.relatedTarget instanceof Node && !box.current?.contains(e.relatedTarget)) setOpen(false);
			}}
		>
			<Button
				voice="quiet"
				{...(icon ? { icon } : {})}
				label={label}
				expanded={open}
				controls={id}
				onClick={() => setOpen(!open)}
			>
				{text}
			</Button>
			<div
				class={startward ? "sheet startward" : "sheet"}
				id={id}
				hidden={!open}
				onClick={() => stay || setOpen(false)}
			>
				{open && children}
			</div>
		</div>
	);
}
