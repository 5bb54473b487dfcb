/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The colleagues: who is on duty, at which desks, and what each is carrying.
 */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { problemText } from "../api/problem.ts";
import { Chip, Empty, Meter, Moment, Skeleton, Who } from "../parts/bits.tsx";
import { Button } from "../parts/button.tsx";
import type { Staff } from "../shapes.ts";
import { deskName } from "../state/service.ts";
import { byReadiness, loadStaff, staff, staffError } from "../state/staff.ts";
import { listed, t, word } from "../state/words.ts";

function Person({ s, max }: { s: Staff; max: number }) {
	return (
		<tr>
			<th scope="row">
				<Who name={s.name} /> <span class="hint">{s.user}</span>
			</th>
			<td data-label={t("console.staff.presence")}>
				<i class={`dot dot-${s.presence}`} /> {word("presence", s.presence)}
				{s.state !== "active" && (
					<Chip tone="mark">
						{t(s.state === "invited" ? "console.staff.invited" : "console.staff.inactive")}
					</Chip>
				)}
			</td>
			<td data-label={t("console.staff.roles")}>{listed(s.roles.map((r) => word("role", r)))}</td>
			<td data-label={t("console.staff.desks")}>{listed(s.desks.map(deskName)) || "—"}</td>
			<td data-label={t("console.staff.load")} class="load">
				<Meter label={t("console.load_of", { name: s.name })} value={s.load} max={max} />
				<span>
					{t("console.open_cases", { n: s.open_cases })}
					{s.capacity !== null && ` / ${s.capacity}`}
				</span>
			</td>
			<td data-label={t("console.staff.seen")}>{s.seen_at ? <Moment at={s.seen_at} /> : "—"}</td>
		</tr>
	);
}

const HEADS = ["name", "presence", "roles", "desks", "load", "seen"] as const;

export function StaffPage() {
	const loaded = useSignal(false);
	useEffect(() => {
		void loadStaff().finally(() => (loaded.value = true));
	}, []);
	const people = byReadiness(staff.value),
		max = Math.max(4, ...people.map((s) => s.load));
	return (
		<section class="page" id="list" tabIndex={0} aria-labelledby="page-title">
			<h2 id="page-title">{t("console.page.staff")}</h2>
			<p class="hint">
				{t("console.staff.text", {
					on: people.filter((s) => s.presence === "on").length,
					n: people.length,
				})}
			</p>
			{people.length === 0 && !loaded.value && <Skeleton rows={6} />}
			{people.length === 0 && loaded.value && (
				<Empty
					icon="people"
					title={t("console.staff.none")}
					action={<Button onClick={() => void loadStaff()}>{t("console.try_again")}</Button>}
				>
					{staffError.value ? problemText(staffError.value) : t("console.staff.none_text")}
				</Empty>
			)}
			{people.length > 0 && (
				<table class="staff">
					<thead>
						<tr>
							{HEADS.map((h) => (
								<th key={h} scope="col">
									{t(`console.staff.${h}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{people.map((s) => (
							<Person key={s.user} s={s} max={max} />
						))}
					</tbody>
				</table>
			)}
		</section>
	);
}
