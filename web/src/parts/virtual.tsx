/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of any length with rows of one height: only what is seen stands in the page, plus the cursor row, so that
 * focus is never lost to scrolling. `at` is the cursor row, `moves` counts the moves of the cursor that the window
 * has to follow. Says its true length and places to screen readers.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { reveal, stretch } from "../pure/window.ts";

type Props<T> = {
	items: readonly T[];
	keyOf: (item: T) => string;
	rowHeight: number;
	at: number;
	moves: number;
	label: string;
	draw: (item: T) => ComponentChildren;
	onNearEnd: () => void;
};

export function VirtualList<T>({ items, keyOf, rowHeight, at, moves, label, draw, onNearEnd }: Props<T>) {
	const box = useRef<HTMLDivElement>(null);
	const [seen, setSeen] = useState({ top: 0, height: 800 });
	useLayoutEffect(() => {
		const el = box.current!;
		const measure = (): void => setSeen({ top: el.scrollTop, height: el.clientHeight });
		const watch = new ResizeObserver(measure);
		watch.observe(el);
		el.addEventListener("scroll", measure, { passive: true });
		return () => {
			watch.disconnect();
			el.removeEventListener("scroll", measure);
		};
	}, []);
	useLayoutEffect(() => {
		const el = box.current!;
		if (at >= 0 && moves > 0) el.scrollTop = reveal(at, el.scrollTop, el.clientHeight, rowHeight);
	}, [moves]);
	const { from, to } = stretch(seen.top, seen.height, rowHeight, items.length);
	useEffect(() => {
		if (to > items.length - 30) onNearEnd();
	}, [to, items.length]);
	const indexes = Array.from({ length: to - from }, (_, i) => from + i);
	if (at >= 0 && (at < from || at >= to)) indexes.push(at);
	return (
		<div class="virtual" ref={box}>
			<ul aria-label={label} style={{ height: `${items.length * rowHeight}px` }}>
				{indexes.map((i) => (
					<li
						key={keyOf(items[i]!)}
						aria-setsize={items.length}
						aria-posinset={i + 1}
						style={{ transform: `translateY(${i * rowHeight}px)` }}
					>
						{draw(items[i]!)}
					</li>
				))}
			</ul>
		</div>
	);
}
