/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A colleague saved first: shows field by field what it was, what they made of it and what I wanted; where both
 * changed the same field it asks. Nothing of mine is lost, nothing of theirs is overwritten without a look.
 */
import { useSignal } from "@preact/signals";
import { busy } from "../acts/run.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { differences, factsOf, headOf, resolved, same, type Difference } from "../pure/diff.ts";
import { factText } from "../side/facts.tsx";
import { conflict, type Conflict } from "../state/dialogs.ts";
import { t, word } from "../state/words.ts";

function Cell({
	d,
	which,
	chosen,
	choose,
}: {
	d: Difference;
	which: "mine" | "theirs";
	chosen: boolean;
	choose: () => void;
}) {
	const text = factText(d.field, d[which]);
	if (!d.clash) return <td class={same(d.was, d[which]) ? "unchanged" : "changed"}>{text}</td>;
	return (
		<td class={chosen ? "changed" : "unchanged"}>
			<label>
				<input type="radio" name={d.field} checked={chosen} onChange={choose} /> {text}
			</label>
		</td>
	);
}

type TableProps = {
	found: readonly Difference[];
	taken: ReadonlySet<string>;
	take: (field: string, theirs: boolean) => void;
	both: boolean;
};

function Table({ found, taken, take, both }: TableProps) {
	return (
		<div class="scroll" tabIndex={0} role="region" aria-label={t("console.conflict.table")}>
			<table class="diff">
				<thead>
					<tr>
						<th scope="col">{t("console.conflict.field")}</th>
						<th scope="col">{t("console.conflict.was")}</th>
						<th scope="col">{t("console.conflict.theirs")}</th>
						{both && <th scope="col">{t("console.conflict.mine")}</th>}
					</tr>
				</thead>
				<tbody>
					{found.map((d) => (
						<tr key={d.field}>
							<th scope="row">{word("field", d.field)}</th>
							<td class="unchanged">{factText(d.field, d.was)}</td>
							<Cell
								d={d}
								which="theirs"
								chosen={taken.has(d.field)}
								choose={() => take(d.field, true)}
							/>
							{both && (
								<Cell
									d={d}
									which="mine"
									chosen={!taken.has(d.field)}
									choose={() => take(d.field, false)}
								/>
							)}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function Decide({ k }: { k: Conflict }) {
	const taken = useSignal<ReadonlySet<string>>(new Set());
	const fields = k.mine !== null;
	const base = fields ? factsOf(k.base.facts) : headOf(k.base),
		theirs = fields ? factsOf(k.latest.facts) : headOf(k.latest);
	const found = differences(base, k.mine ?? {}, theirs);
	const other = fields
		? differences(headOf(k.base), {}, headOf(k.latest)).filter((d) => !(d.field in theirs))
		: [];
	const send = fields ? resolved(found, taken.value) : {};
	const take = (field: string, on: boolean): void => {
		const next = new Set(taken.value);
		if (on) next.add(field);
		else next.delete(field);
		taken.value = next;
	};
	const go = (): void => void k.again(send, k.latest.version);
	const nothingLeft = fields && Object.keys(send).length === 0;
	return (
		<Dialog
			wide
			title={t("console.conflict.title")}
			leave={t("console.conflict.leave")}
			onSubmit={go}
			actions={
				<Button type="submit" voice="main" disabled={nothingLeft} busy={busy.value.size > 0}>
					{t(fields ? "console.conflict.save" : "console.conflict.anyway", { what: k.what })}
				</Button>
			}
		>
			<p>
				{t(fields ? "console.conflict.text" : "console.conflict.text_act", {
					ticket: k.latest.ticket,
					what: k.what,
				})}
			</p>
			{found.length > 0 && <Table found={found} taken={taken.value} take={take} both={fields} />}
			{found.length === 0 && other.length === 0 && <p class="hint">{t("console.conflict.nothing_seen")}</p>}
			{other.length > 0 && <Table found={other} taken={new Set()} take={() => undefined} both={false} />}
		</Dialog>
	);
}

export const ConflictDialog = () => (conflict.value ? <Decide k={conflict.value} /> : null);
