/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the short messages of state/toasts.ts are shown; a live region that is always in the page.
 */
import { keysOf } from "../pure/keymap.ts";
import { drop, holding, toasts } from "../state/toasts.ts";
import { t } from "../state/words.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

export function Toasts() {
	return (
		<div
			class="toasts"
			role="status"
			aria-live="polite"
			onPointerEnter={() => (holding.value = true)}
			onPointerLeave={() => (holding.value = false)}
			onFocusIn={() => (holding.value = true)}
			onFocusOut={() => (holding.value = false)}
		>
			{toasts.value.map((x) => (
				<div key={x.id} class={`toast${x.bad ? " bad" : ""}`}>
					<Icon name={x.bad ? "warn" : "check"} />
					<p>{x.text}</p>
					{x.undo && (
						<Button
							voice="quiet"
							keys={keysOf("undo")}
							onClick={() => {
								drop(x.id);
								x.undo?.();
							}}
						>
							{t("console.undo")}
						</Button>
					)}
					<Button voice="quiet" icon="close" label={t("console.dismiss")} onClick={() => drop(x.id)} />
				</div>
			))}
		</div>
	);
}
