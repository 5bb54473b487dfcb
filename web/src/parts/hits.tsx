/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What screening found, in sentences: in the side pane beside the risk, and in place of the conversation while its
 * words are closed. Hints of rules, never words of the caller.
 */
import type { Case } from "../shapes.ts";
import { t, word } from "../state/words.ts";
import { RiskShape } from "./risk.tsx";

export function Hits({ c, open }: { c: Case; open: boolean }) {
	if (c.hits.length === 0) return null;
	return (
		<details class="hits" open={open}>
			<summary>{t("console.hits", { n: c.hits.length })}</summary>
			<ul>
				{c.hits.map((h, i) => (
					<li key={i}>
						<RiskShape risk={h.risk} />
						<span>
							<span class="unseen">{word("risk", h.risk)}: </span>
							{h.why}
							{h.held && <em> {word("held", h.held)}</em>}
						</span>
					</li>
				))}
			</ul>
			<p class="hint">{t("console.hits_hint")}</p>
		</details>
	);
}
