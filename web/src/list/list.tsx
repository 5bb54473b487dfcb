/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list pane: what view this is, the button that takes the next case, the filter, the rows; or why there are none
 * and what to do next. Tells screen readers of arrivals, at most every 8 s.
 */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { claimNext } from "../acts/case.ts";
import { busy } from "../acts/run.ts";
import { problemText } from "../api/problem.ts";
import { Empty, Skeleton } from "../parts/bits.tsx";
import { Button } from "../parts/button.tsx";
import type { IconName } from "../parts/icon.tsx";
import { VirtualList } from "../parts/virtual.tsx";
import { rowKey } from "../pure/order.ts";
import type { Risk, View } from "../shapes.ts";
import { go } from "../state/place.ts";
import {
	arrivals,
	counts,
	cursorAt,
	failed,
	isFiltered,
	load,
	loading,
	loadMore,
	moves,
	shown,
	view,
} from "../state/queue.ts";
import { t, word, type Key } from "../state/words.ts";
import { clearFilter, FilterBar } from "./filter.tsx";
import { QueueRow, ROW_HEIGHT } from "./row.tsx";

type Emptiness = { icon: IconName; title: Key; text: Key; next?: { label: Key; view: View } };
const EMPTY: Record<View, Emptiness> = {
	waiting: {
		icon: "leaf",
		title: "console.empty.waiting",
		text: "console.empty.waiting_text",
		next: { label: "console.view.mine", view: "mine" },
	},
	mine: {
		icon: "hand",
		title: "console.empty.mine",
		text: "console.empty.mine_text",
		next: { label: "console.view.waiting", view: "waiting" },
	},
	desk: { icon: "people", title: "console.empty.desk", text: "console.empty.desk_text" },
	followups: { icon: "calendar", title: "console.empty.followups", text: "console.empty.followups_text" },
	closed: { icon: "check", title: "console.empty.closed", text: "console.empty.closed_text" },
	all: { icon: "list", title: "console.empty.all", text: "console.empty.all_text" },
};

function Announcer() {
	const said = useSignal("");
	useEffect(() => {
		const timer = setInterval(() => {
			const fresh = arrivals.value;
			if (fresh.length === 0) return;
			const worst = fresh.reduce<Risk>((r, row) => (row.risk > r ? row.risk : r), 0);
			said.value = t("console.arrived", { n: fresh.length, risk: word("risk", worst) });
			arrivals.value = [];
		}, 8000);
		return () => clearInterval(timer);
	}, []);
	return (
		<p class="unseen" role="status" aria-live="polite">
			{said}
		</p>
	);
}

function Nothing() {
	if (failed.value)
		return (
			<Empty
				icon="warn"
				title={t("console.list_failed")}
				action={<Button onClick={() => void load()}>{t("console.try_again")}</Button>}
			>
				{problemText(failed.value)}
			</Empty>
		);
	if (isFiltered.value)
		return (
			<Empty
				icon="search"
				title={t("console.empty.filtered")}
				action={<Button onClick={clearFilter}>{t("console.clear_filter")}</Button>}
			>
				{t("console.empty.filtered_text")}
			</Empty>
		);
	const e = EMPTY[view.value],
		next = e.next;
	return (
		<Empty
			icon={e.icon}
			title={t(e.title)}
			action={
				next && (
					<Button onClick={() => go({ view: next.view })}>
						{t("console.go_to", { name: t(next.label) })}
					</Button>
				)
			}
		>
			{t(e.text)}
		</Empty>
	);
}

function Rows() {
	const list = shown.value;
	if (list.length > 0)
		return (
			<VirtualList
				items={list}
				keyOf={rowKey}
				rowHeight={ROW_HEIGHT}
				at={cursorAt.value}
				moves={moves.value}
				label={t(`console.view.${view.value}`)}
				draw={(row) => <QueueRow row={row} />}
				onNearEnd={() => void loadMore()}
			/>
		);
	return loading.value === "first" ? <Skeleton rows={6} tall /> : <Nothing />;
}

export function ListPane() {
	const n = counts.value[view.value];
	return (
		<section class="list-pane" id="list" aria-labelledby="list-title" tabIndex={-1}>
			<header class="pane-head">
				<h2 id="list-title">
					{t(`console.view.${view.value}`)}
					{n !== undefined && <span class="count">{n}</span>}
				</h2>
				<Button
					voice="main"
					icon="hand"
					keys="c"
					busy={busy.value.has("next")}
					onClick={() => void claimNext()}
				>
					{t("console.claim_next")}
				</Button>
			</header>
			<FilterBar />
			<Announcer />
			<Rows />
		</section>
	);
}
