/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Says when what is on the page may be old: no connection, or only reading again every few seconds. Waits 2.5 s
 * before it speaks, so that a short break is not heard of.
 */
import { useComputed } from "@preact/signals";
import { link } from "../live/live.ts";
import { Icon } from "../parts/icon.tsx";
import { span } from "../pure/time.ts";
import { now } from "../state/clock.ts";
import { lang, t } from "../state/words.ts";

const PATIENCE_MS = 2500;

export function Banner() {
	const late = useComputed(() => {
		const { mode, since } = link.value;
		return (mode === "down" || mode === "polling" || mode === "connecting") &&
			now.value > 0 &&
			Date.now() - since > PATIENCE_MS
			? mode
			: "";
	});
	const age = useComputed(() => {
		const { heardAt } = link.value;
		return now.value > 0 && heardAt > 0 ? span(Date.now() - heardAt, lang.value) : "";
	});
	return (
		<div class={`banner${late.value ? ` banner-${late.value}` : ""}`} role="status">
			{late.value && (
				<p>
					<Icon name={late.value === "polling" ? "info" : "warn"} />
					<span>
						{t(late.value === "polling" ? "console.link.polling" : "console.link.down")}
						{age.value && <span aria-live="off"> {t("console.link.age", { span: age.value })}</span>}
					</span>
				</p>
			)}
		</div>
	);
}
