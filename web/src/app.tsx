/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is shown: nothing yet, the way in, the new password, or the console.
 */
import { useEffect } from "preact/hooks";
import { Empty, Skeleton } from "./parts/bits.tsx";
import { Button } from "./parts/button.tsx";
import { Frame } from "./pages/frame.tsx";
import { NewPassword } from "./pages/password.tsx";
import { SignIn } from "./pages/signin.tsx";
import { counts } from "./state/queue.ts";
import { loadService } from "./state/service.ts";
import { loadStaff } from "./state/staff.ts";
import { begin, me, unreachable } from "./state/session.ts";
import { lang, t } from "./state/words.ts";

function Unreachable() {
	return (
		<main class="gate">
			<Empty
				icon="warn"
				title={t("console.unreachable")}
				action={<Button onClick={() => void begin()}>{t("console.try_again")}</Button>}
			>
				{t("console.unreachable_text")}
			</Empty>
		</main>
	);
}

export function App() {
	const who = me.value,
		waiting = counts.value.waiting ?? 0;
	useEffect(() => {
		if (who && !who.must_change) void loadService().then(loadStaff, () => undefined);
	}, [who?.user, who?.must_change]);
	useEffect(() => {
		document.title = `${who && waiting > 0 ? `(${waiting}) ` : ""}${t("console.product")}`;
	}, [who === null, waiting, lang.value]);
	if (unreachable.value && !who) return <Unreachable />;
	if (who === undefined) return <Skeleton rows={3} />;
	if (who === null) return <SignIn />;
	return who.must_change ? <NewPassword /> : <Frame />;
}
