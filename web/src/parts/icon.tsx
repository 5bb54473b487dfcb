/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pictures: one table of paths on a 24-unit grid, drawn as lines. Always beside a word or with a label of their
 * own, so they are hidden from screen readers here.
 */
export const PATHS = {
	inbox: "M4 13l2.5-8h11L20 13v6H4zM4 13h4.5l1.5 2.5h4l1.5-2.5H20",
	person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5",
	people: "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 19c.5-3.2 2.9-5 6-5s5.5 1.8 6 5M16 5a3 3 0 0 1 0 6M17.5 14.3c2 .6 3.2 2.3 3.5 4.7",
	calendar: "M5 6h14v14H5zM5 10h14M9 3.5V7M15 3.5V7",
	check: "M5 12.5l4.5 4.5L19 7.5",
	list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
	phone: "M6 4h3l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.5v3c0 1-1 2-2 2C11 20 4 13 4 6c0-1 1-2 2-2z",
	more: "M6 12h.01M12 12h.01M18 12h.01",
	back: "M15 5l-7 7 7 7",
	close: "M6 6l12 12M18 6L6 18",
	search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20",
	eye: "M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
	lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
	send: "M4 12l16-7-5 15-3.5-6z",
	pencil: "M5 19l1-4L16 5l3 3L9 18z",
	info: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 11v5M12 8h.01",
	warn: "M12 4l9 16H3zM12 10v4.5M12 17.5h.01",
	help: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM9.7 9.5a2.4 2.4 0 1 1 3.4 2.4c-.7.3-1.1.9-1.1 1.6v.3M12 16.7h.01",
	clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.5l3 1.8",
	side: "M4 5h16v14H4zM14.5 5v14",
	copy: "M9 9h10v11H9zM6 15H5V4h10v2",
	leaf: "M5 19c0-9 5-14 14-14 0 9-5 14-14 14zM5 19l7-7",
	swap: "M5 8h13M14 4l4 4-4 4M19 16H6M10 12l-4 4 4 4",
	hand: "M7 12V7.5a1.5 1.5 0 0 1 3 0V11 5.5a1.5 1.5 0 0 1 3 0V11 6.5a1.5 1.5 0 0 1 3 0V13c0 4-2 7-5.5 7S6 18 4.5 14.5c-.6-1.5 1.5-2.5 2.5-1z",
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
	return (
		<svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
			<path d={PATHS[name]} />
		</svg>
	);
}
