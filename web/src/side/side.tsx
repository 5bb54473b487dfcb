/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The side pane: safety first, then the facts, what the caller has seen, other desks, follow-ups, history.
 */
import type { ComponentChildren } from "preact";
import { Moment } from "../parts/bits.tsx";
import { Button } from "../parts/button.tsx";
import { Hits } from "../parts/hits.tsx";
import type { Case } from "../shapes.ts";
import { current } from "../state/casebook.ts";
import { goUp } from "../state/place.ts";
import { t } from "../state/words.ts";
import { FactsPart } from "./facts.tsx";
import { RiskPart } from "./risk.tsx";
import { FollowupsPart, HistoryPart, TasksPart } from "./work.tsx";

function Part({ title, children }: { title: string; children: ComponentChildren }) {
	return (
		<section class="part">
			<h3>{title}</h3>
			{children}
		</section>
	);
}

function CallerPart({ c }: { c: Case }) {
	return (
		<>
			<p>
				{c.caller_last_opened_at ? (
					<>
						{t("console.caller_opened")} <Moment at={c.caller_last_opened_at} />
					</>
				) : (
					t("console.caller_never")
				)}
			</p>
			<p class="hint">{t("console.readers", { n: c.readers })}</p>
		</>
	);
}

export function SidePane() {
	const c = current.value?.value;
	return (
		<aside class="side-pane" aria-label={t("console.side")}>
			{c && (
				<>
					<div class="not-wide side-back">
						<Button voice="quiet" icon="back" onClick={goUp}>
							{t("console.back_to_case")}
						</Button>
					</div>
					<h2 class="side-title">
						{t("console.side")} <span class="ticket">{c.ticket}</span>
					</h2>
					<Part title={t("console.part.risk")}>
						<RiskPart c={c} />
						{c.open && <Hits c={c} open={c.risk >= 2} />}
					</Part>
					<Part title={t("console.part.facts")}>
						<FactsPart c={c} />
					</Part>
					<Part title={t("console.part.caller")}>
						<CallerPart c={c} />
					</Part>
					<Part title={t("console.part.tasks")}>
						<TasksPart c={c} />
					</Part>
					<Part title={t("console.part.followups")}>
						<FollowupsPart c={c} />
					</Part>
					<HistoryPart c={c} />
				</>
			)}
		</aside>
	);
}
