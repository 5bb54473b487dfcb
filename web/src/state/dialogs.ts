/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which dialog is open, one at a time, and what the conflict dialog has to decide. The dialogs themselves are in
 * dialogs/.
 */
import { signal } from "@preact/signals";
import type { Case } from "../shapes.ts";
import type { Values } from "../pure/diff.ts";

export type DialogName = "close" | "assign" | "transfer" | "task" | "release" | "followup" | "help" | "conflict";
export const dialog = signal<DialogName | null>(null);

/* `mine`: the facts I changed, or null when the act is not a set of fields. `again` sends on top of `latest`. */
export type Conflict = {
	base: Case;
	latest: Case;
	mine: Values | null;
	what: string;
	again: (values: Values, version: number) => Promise<void>;
};
export const conflict = signal<Conflict | null>(null);

export const openDialog = (name: DialogName): void => void (dialog.value = name);
export function closeDialog(): void {
	dialog.value = null;
	conflict.value = null;
}
export function askConflict(c: Conflict): void {
	conflict.value = c;
	dialog.value = "conflict";
}
