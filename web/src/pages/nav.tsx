/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ways through the console: views with their counts, call entry, colleagues. One table; the narrow bar at the
 * foot of a phone shows the first four and call entry, the rest is behind "more".
 */
import { Icon, type IconName } from "../parts/icon.tsx";
import { Menu } from "../parts/menu.tsx";
import { placeHash, type Place } from "../pure/route.ts";
import type { View } from "../shapes.ts";
import { place } from "../state/place.ts";
import { counts } from "../state/queue.ts";
import { isWorker } from "../state/session.ts";
import { t, type Key } from "../state/words.ts";

type Way = { to: Partial<Place>; label: Key; icon: IconName; view?: View; narrow: boolean };
const WAYS: readonly Way[] = [
	{ to: { view: "waiting" }, view: "waiting", label: "console.view.waiting", icon: "inbox", narrow: true },
	{ to: { view: "mine" }, view: "mine", label: "console.view.mine", icon: "person", narrow: true },
	{ to: { view: "desk" }, view: "desk", label: "console.view.desk", icon: "people", narrow: true },
	{
		to: { view: "followups" },
		view: "followups",
		label: "console.view.followups",
		icon: "calendar",
		narrow: false,
	},
	{ to: { view: "closed" }, view: "closed", label: "console.view.closed", icon: "check", narrow: false },
	{ to: { view: "all" }, view: "all", label: "console.view.all", icon: "list", narrow: false },
	{ to: { page: "contact" }, label: "console.page.contact", icon: "phone", narrow: true },
	{ to: { page: "staff" }, label: "console.page.staff", icon: "people", narrow: false },
];

function isHere(w: Way): boolean {
	return w.view
		? place.value.page === "list" && place.value.view === w.view
		: place.value.page === w.to.page || !isWorker();
}

function WayLink({ way }: { way: Way }) {
	const n = way.view && counts.value[way.view];
	return (
		<a
			href={placeHash(way.to)}
			aria-current={isHere(way) ? "page" : undefined}
			class={way.view === "waiting" && n ? "way calls" : "way"}
		>
			<Icon name={way.icon} />
			<span class="way-name">{t(way.label)}</span>
			{n ? way.view !== "closed" && <span class="count">{n > 999 ? "999+" : n}</span> : null}
		</a>
	);
}

const Ways = ({ ways }: { ways: readonly Way[] }) => (
	<ul>
		{ways.map((w) => (
			<li key={w.label}>
				<WayLink way={w} />
			</li>
		))}
	</ul>
);

export function Nav() {
	const ways = isWorker() ? WAYS : WAYS.filter((w) => w.to.page === "staff").map((w) => ({ ...w, narrow: true }));
	const rest = ways.filter((w) => !w.narrow);
	return (
		<nav class="nav" aria-label={t("console.nav")}>
			<div class="nav-wide">
				<Ways ways={ways} />
			</div>
			<div class="nav-narrow">
				<Ways ways={ways.filter((w) => w.narrow)} />
				{rest.length > 0 && (
					<Menu label={t("console.more")} icon="more" text={t("console.more")} class="upward">
						<Ways ways={rest} />
					</Menu>
				)}
			</div>
		</nav>
	);
}
