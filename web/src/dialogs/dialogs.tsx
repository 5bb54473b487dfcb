/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shows the dialog that state/dialogs.ts names. One table; a dialog about a case shows only while a case lies open.
 */
import type { FunctionComponent } from "preact";
import type { Case } from "../shapes.ts";
import { current } from "../state/casebook.ts";
import { dialog, type DialogName } from "../state/dialogs.ts";
import { CloseDialog } from "./close.tsx";
import { ConflictDialog } from "./conflict.tsx";
import { FollowupDialog } from "./followup.tsx";
import { AssignDialog, ReleaseDialog, TaskDialog, TransferDialog } from "./hand.tsx";
import { HelpDialog } from "./help.tsx";

const OF_CASE: Partial<Record<DialogName, FunctionComponent<{ c: Case }>>> = {
	close: CloseDialog,
	assign: AssignDialog,
	transfer: TransferDialog,
	task: TaskDialog,
	release: ReleaseDialog,
	followup: FollowupDialog,
};

export function Dialogs() {
	const name = dialog.value,
		c = current.value?.value;
	if (name === "help") return <HelpDialog />;
	if (name === "conflict") return <ConflictDialog />;
	const Of = name && OF_CASE[name];
	return Of && c ? <Of key={name + c.ticket} c={c} /> : null;
}
