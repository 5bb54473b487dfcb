/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The help sheet: the keys in groups, and the switch that turns single letters off.
 */
import { Dialog } from "../parts/dialog.tsx";
import { Tick } from "../parts/field.tsx";
import { KEYMAP, type KeyGroup } from "../pure/keymap.ts";
import { chooseLetters, lettersOn } from "../state/prefs.ts";
import { t } from "../state/words.ts";

const GROUPS: readonly KeyGroup[] = ["move", "case", "go"];

const Keys = ({ keys }: { keys: string }) => (
	<>
		{keys.split(" ").map((k) => (
			<kbd key={k}>{k === "Escape" ? "Esc" : k}</kbd>
		))}
	</>
);

export function HelpDialog() {
	return (
		<Dialog wide title={t("console.help.title")} leave={t("console.close_dialog")}>
			<Tick
				label={t("console.help.letters")}
				hint={t("console.help.letters_hint")}
				value={lettersOn.value}
				onInput={chooseLetters}
			/>
			<div class={`keys${lettersOn.value ? "" : " off"}`}>
				{GROUPS.map((g) => (
					<section key={g}>
						<h3>{t(`console.help.group_${g}`)}</h3>
						<dl>
							{KEYMAP.filter((b) => b.group === g).map((b) => (
								<div key={b.keys}>
									<dt>
										<Keys keys={b.keys} />
									</dt>
									<dd>{t(`console.key.${b.command}`)}</dd>
								</div>
							))}
							{g === "case" && (
								<div>
									<dt>
										<Keys keys="Ctrl Enter" />
									</dt>
									<dd>{t("console.key.send")}</dd>
								</div>
							)}
						</dl>
					</section>
				))}
			</div>
		</Dialog>
	);
}
