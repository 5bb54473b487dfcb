/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the portal does where JavaScript is there; nothing needs it. Leaving at once (button, Shift three times in five seconds), one history
 * entry for the whole journey, copying and saving the code, no double send. Stores nothing in the browser.
 */
const root = document.documentElement;
const body = document.body;
root.classList.add("js");

/* ---- leaving ---- */

const LEAVE_WITHIN_MS = 5000;
const LEAVE_PRESSES = 3;

function leave(): void {
	body.classList.add("left");
	document.title = " ";
	const home = location.pathname.startsWith("/en") ? "/en" : "";
	/* The server ends the session even when the page is gone before the answer. */
	void fetch(`${home}/exit`, { method: "POST", keepalive: true, redirect: "manual", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "lang=zh-CN" });
	location.replace(body.dataset.exit || "about:blank");
}

document.getElementById("exit")?.addEventListener("click", (event) => {
	event.preventDefault();
	leave();
});

let presses: number[] = [];
let shiftAlone = false;
addEventListener("keydown", (event) => {
	/* Typing a capital is Shift with another key: it does not count. */
	shiftAlone = event.key === "Shift" && !event.repeat;
	if (event.key !== "Shift") presses = [];
});
addEventListener("keyup", (event) => {
	if (event.key !== "Shift" || !shiftAlone) return;
	const now = event.timeStamp;
	presses = [...presses.filter((at) => now - at < LEAVE_WITHIN_MS), now];
	if (presses.length >= LEAVE_PRESSES) leave();
});

/* A page out of the back/forward cache is not shown again. */
addEventListener("pageshow", (event) => {
	if (event.persisted) location.reload();
});

/* ---- one history entry ---- */

for (const link of Array.from(document.querySelectorAll<HTMLAnchorElement>("a[href^='/']"))) {
	link.addEventListener("click", (event) => {
		if (event.ctrlKey || event.metaKey || event.shiftKey) return;
		event.preventDefault();
		location.replace(link.href);
	});
}

/* ---- one send ---- */

for (const form of Array.from(document.forms)) {
	let sent = false;
	form.addEventListener("submit", (event) => {
		if (sent) event.preventDefault();
		sent = true;
		setTimeout(() => (sent = false), 8000);
	});
}

/* ---- the receipt ---- */

function text(id: string): string {
	return document.getElementById(id)?.textContent ?? "";
}

const copy = document.getElementById("copy");
copy?.addEventListener("click", async () => {
	await navigator.clipboard.writeText(`${text("ticket")}\n${text("receipt")}`);
	copy.textContent = copy.dataset.done ?? "";
});

document.getElementById("print")?.addEventListener("click", () => print());

document.getElementById("save")?.addEventListener("click", () => {
	const canvas = document.createElement("canvas");
	canvas.width = 900;
	canvas.height = 300;
	const pen = canvas.getContext("2d");
	if (!pen) return;
	pen.fillStyle = "#fff";
	pen.fillRect(0, 0, canvas.width, canvas.height);
	pen.fillStyle = "#000";
	pen.font = "56px monospace";
	pen.fillText(text("ticket"), 60, 120);
	pen.font = "44px monospace";
	pen.fillText(text("receipt"), 60, 210);
	const link = document.createElement("a");
	link.download = "note.png"; /* a name that tells nothing */
	link.href = canvas.toDataURL("image/png");
	link.click();
});
