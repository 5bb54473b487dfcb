/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Risk, never by colour alone: a shape (ring, half disc, triangle, octagon with a bar), a word, and the colour of
 * the bar.
 */
import type { Risk } from "../shapes.ts";
import { word } from "../state/words.ts";

const RING = "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z";

export function RiskShape({ risk }: { risk: Risk }) {
	return (
		<svg class={`shape shape-${risk}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
			{risk === 0 && <path class="line" d={RING} />}
			{risk === 1 && <path class="line" d={RING} />}
			{risk === 1 && <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" />}
			{risk === 2 && <path d="M8 1.5L15 14H1z" />}
			{risk === 3 && <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />}
			{risk === 3 && <path class="hole" d="M7 4h2v5H7zM7 10.5h2v2H7z" />}
		</svg>
	);
}

export function RiskMark({ risk }: { risk: Risk }) {
	return (
		<span class={`risk risk-${risk}`}>
			<RiskShape risk={risk} />
			<span>{word("risk", risk)}</span>
		</span>
	);
}
