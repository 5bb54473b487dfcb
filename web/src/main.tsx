/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The start: signals into the page, the clock, the address, the keyboard, the live line; then who is signed in.
 */
import "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { listenToKeys } from "./acts/commands.ts";
import { followSession } from "./live/live.ts";
import { followTicket } from "./state/casebook.ts";
import { startClock } from "./state/clock.ts";
import { followPlace } from "./state/queue.ts";
import { begin } from "./state/session.ts";

render(<App />, document.getElementById("app")!);
startClock();
followPlace();
followTicket();
followSession();
listenToKeys();
void begin();
