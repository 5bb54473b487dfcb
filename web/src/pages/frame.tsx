/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of the console: bar, banner, nav, and list + case + side pane, or a page in their place. Which pane a
 * narrow window shows follows from the address alone.
 */
import { Button } from "../parts/button.tsx";
import { Toasts } from "../parts/toasts.tsx";
import { CasePane } from "../case/case.tsx";
import { Dialogs } from "../dialogs/dialogs.tsx";
import { ListPane } from "../list/list.tsx";
import { SidePane } from "../side/side.tsx";
import { openDialog } from "../state/dialogs.ts";
import { place } from "../state/place.ts";
import { isWorker } from "../state/session.ts";
import { t } from "../state/words.ts";
import { Banner } from "./banner.tsx";
import { ContactPage } from "./contact.tsx";
import { Nav } from "./nav.tsx";
import { MeMenu, PresenceSwitch } from "./prefs.tsx";
import { Mark } from "./signin.tsx";
import { StaffPage } from "./staff.tsx";

function Bar() {
	return (
		<header class="bar">
			<h1 class="brand">
				<Mark />
				<span>{t("console.product")}</span>
			</h1>
			<div class="bar-tools">
				<div class="not-narrow">
					<PresenceSwitch />
				</div>
				<span class="not-narrow">
					<Button
						voice="quiet"
						icon="help"
						label={t("console.help.title")}
						onClick={() => openDialog("help")}
					/>
				</span>
				<MeMenu />
			</div>
		</header>
	);
}

export function Frame() {
	const { ticket, side } = place.value,
		page = isWorker() ? place.value.page : "staff";
	const pane = page !== "list" ? "page" : side ? "side" : ticket ? "case" : "list";
	const skip = (): void => document.getElementById(ticket ? "case" : "list")?.focus();
	return (
		<div class="frame" data-pane={pane}>
			<button type="button" class="skip" onClick={skip}>
				{t("console.skip")}
			</button>
			<Bar />
			<Nav />
			<Banner />
			<main class="panes">
				{page === "contact" && <ContactPage />}
				{page === "staff" && <StaffPage />}
				{page === "list" && (
					<>
						<ListPane />
						<CasePane />
						{ticket && <SidePane />}
					</>
				)}
			</main>
			<Dialogs />
			<Toasts />
		</div>
	);
}
