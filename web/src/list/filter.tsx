/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Above the list: find a ticket or a colleague among the rows, narrow to a desk or a risk.
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { filterWish } from "../state/composer.ts";
import { filter, isFiltered, words } from "../state/queue.ts";
import { desks } from "../state/service.ts";
import { nameOf, t, word } from "../state/words.ts";

export function clearFilter(): void {
	words.value = "";
	filter.value = { desk: "", risk: "" };
}

let granted = 0; /* the last wish for focus that was met */

function FindBox() {
	const box = useRef<HTMLInputElement>(null);
	const wish = filterWish.value;
	useLayoutEffect(() => {
		if (wish > granted) {
			granted = wish;
			box.current?.focus();
		}
	}, [wish]);
	return (
		<label class="find">
			<Icon name="search" />
			<span class="unseen">{t("console.find")}</span>
			<input
				ref={box}
				type="search"
				value={words.value}
				placeholder={t("console.find")}
				autocomplete="off"
				spellcheck={false}
				onInput={(e) => (words.value = e.currentTarget.value)}
				onKeyDown={(e) => {
					if (e.key === "Escape" && !e.isComposing) {
						words.value = "";
						e.currentTarget.blur();
					}
				}}
			/>
		</label>
	);
}

export function FilterBar() {
	const f = filter.value;
	return (
		<div class="filter" role="search" aria-label={t("console.filter")}>
			<FindBox />
			<select
				aria-label={t("console.filter_desk")}
				value={f.desk}
				onChange={(e) => (filter.value = { ...f, desk: e.currentTarget.value })}
			>
				<option value="">{t("console.every_desk")}</option>
				{desks().map((d) => (
					<option key={d.id} value={d.kind}>
						{nameOf(d.name)}
					</option>
				))}
			</select>
			<select
				aria-label={t("console.filter_risk")}
				value={f.risk}
				onChange={(e) => (filter.value = { ...f, risk: e.currentTarget.value })}
			>
				<option value="">{t("console.every_risk")}</option>
				{[3, 2, 1, 0].map((r) => (
					<option key={r} value={`${r}`}>
						{word("risk", r)}
					</option>
				))}
			</select>
			{isFiltered.value && (
				<Button voice="quiet" icon="close" label={t("console.clear_filter")} onClick={clearFilter} />
			)}
		</div>
	);
}
