/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Safety: how high the risk is held to be, and changing it. Raising is done at once; lowering asks for a reason and
 * a second person, and says so before.
 */
import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { setRisk } from "../acts/care.ts";
import { busy } from "../acts/run.ts";
import { Button } from "../parts/button.tsx";
import { Switch, TextField } from "../parts/field.tsx";
import { RiskMark, RiskShape } from "../parts/risk.tsx";
import type { Case, Risk } from "../shapes.ts";
import { take } from "../state/composer.ts";
import { draftOf, write } from "../state/drafts.ts";
import { go, place } from "../state/place.ts";
import { me } from "../state/session.ts";
import { t, word } from "../state/words.ts";

const LEVELS: readonly Risk[] = [0, 1, 2, 3];

/* One's own case is lowered by somebody else: a note tells them why. */
function AskColleague({ c, risk, leave }: { c: Case; risk: Risk; leave: () => void }) {
	const ask = (): void => {
		leave();
		if (draftOf(c.ticket, "note").text.value === "")
			write(c.ticket, "note", t("console.risk_note", { risk: word("risk", risk) }));
		go({ ...place.value, side: false });
		take("note");
	};
	return (
		<>
			<p class="notice">{t("console.risk_lower_own")}</p>
			<div class="row-actions">
				<Button voice="quiet" onClick={leave}>
					{t("console.cancel")}
				</Button>
				<Button voice="note" icon="lock" onClick={ask}>
					{t("console.risk_ask")}
				</Button>
			</div>
		</>
	);
}

function Reason({ reason, lowers, leave }: { reason: Signal<string>; lowers: boolean; leave: () => void }) {
	return (
		<>
			<TextField
				label={t("console.risk_reason")}
				value={reason.value}
				onInput={(v) => (reason.value = v)}
				required={lowers}
				optional={lowers ? "" : t("console.optional")}
				hint={lowers ? t("console.risk_lower_hint") : undefined}
			/>
			<div class="row-actions">
				<Button voice="quiet" onClick={leave}>
					{t("console.cancel")}
				</Button>
				<Button type="submit" voice="main" busy={busy.value.has("risk")}>
					{t("console.risk_set")}
				</Button>
			</div>
		</>
	);
}

export function RiskPart({ c }: { c: Case }) {
	const chosen = useSignal<Risk>(c.risk),
		reason = useSignal("");
	useEffect(() => {
		chosen.value = c.risk;
		reason.value = "";
	}, [c.ticket, c.risk]);
	const lowers = chosen.value < c.risk,
		same = chosen.value === c.risk,
		own = lowers && c.assignee === me.value?.user;
	const leave = (): void => void (chosen.value = c.risk);
	if (!c.can.includes("risk"))
		return (
			<p>
				<RiskMark risk={c.risk} /> <span class="hint">{t(`console.risk_means_${c.risk}`)}</span>
			</p>
		);
	return (
		<form
			class="risk-form"
			onSubmit={(e) => {
				e.preventDefault();
				if (!same && (!lowers || reason.value.trim() !== ""))
					void setRisk(c, chosen.value, reason.value.trim());
			}}
		>
			<Switch
				label={t("console.risk_level")}
				hideLabel
				class="levels"
				value={`${chosen.value}`}
				choices={LEVELS.map((r) => ({
					value: `${r}`,
					label: word("risk", r),
					mark: <RiskShape risk={r} />,
				}))}
				onInput={(v) => (chosen.value = Number(v) as Risk)}
			/>
			<p class="hint">{t(`console.risk_means_${chosen.value}`)}</p>
			{!same && own && <AskColleague c={c} risk={chosen.value} leave={leave} />}
			{!same && !own && <Reason reason={reason} lowers={lowers} leave={leave} />}
		</form>
	);
}
