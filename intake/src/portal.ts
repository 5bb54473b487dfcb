/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the portal does where JavaScript is there; nothing needs it. Steps replace the page and the history entry, so that Back shows nothing
 * of ours; leaving at once (button, Shift three times in five seconds); copying and saving the code. Stores nothing in the browser: what a
 * refresh needs travels in the history entry, as a posted form does without us.
 */
const root = document.documentElement;

interface Step {
	path: string;
	form: string | null; /* null: a plain page */
}

const PATIENCE_MS = 30000;
const LEAVE_WITHIN_MS = 5000;
const LEAVE_PRESSES = 3;

root.classList.add("js");

function find<T extends HTMLElement>(selector: string): T | null {
	return document.querySelector<T>(selector);
}

/* A form as a browser would send it, the pressed button with it. */
function written(form: HTMLFormElement, button?: HTMLButtonElement | null): string {
	const fields = new URLSearchParams();
	new FormData(form).forEach((value, name) => fields.append(name, String(value)));
	if (button?.name) fields.append(button.name, button.value);
	return fields.toString();
}

/* ---- leaving ---- */

function leave(): void {
	const form = find<HTMLFormElement>("form.exit");
	const body = form ? written(form) : "";
	root.classList.add("left");
	document.title = " ";
	/* The server ends the session even when the page is gone before the answer. */
	if (form) void fetch(form.action, { method: "POST", keepalive: true, redirect: "manual", body: new URLSearchParams(body) }).catch(() => undefined);
	location.replace(document.body.dataset.exit || "about:blank");
}

let presses: number[] = [];
let shiftAlone = false;
addEventListener("keydown", (event) => {
	/* Typing a capital is Shift with another key: it does not count. */
	shiftAlone = event.key === "Shift" && !event.repeat;
	if (event.key !== "Shift") presses = [];
});
addEventListener("keyup", (event) => {
	if (event.key !== "Shift" || !shiftAlone) return;
	presses = [...presses.filter((at) => event.timeStamp - at < LEAVE_WITHIN_MS), event.timeStamp];
	if (presses.length >= LEAVE_PRESSES) leave();
});

/* A page out of the back/forward cache is not shown again to whoever comes after somebody left. */
addEventListener("pageshow", (event) => {
	if (event.persisted && root.classList.contains("left")) location.replace(document.body.dataset.exit || "about:blank");
});

/* ---- steps ---- */

let busy = false;
let kept = ""; /* words on their way to another page and back */

function show(page: Document): void {
	const words = find<HTMLTextAreaElement>("#step #text");
	if (words) kept = words.value;
	root.lang = page.documentElement.lang;
	document.body.replaceWith(document.adoptNode(page.body));
	const field = find<HTMLTextAreaElement>("#step #text");
	if (field && !field.value) field.value = kept;
	if (find("#receipt")) kept = "";
	const first = find("#crisis-title") || find("[role=alert]") || find("h1");
	if (!first) return;
	first.tabIndex = -1;
	first.focus({ preventScroll: true });
	scrollTo(0, 0);
}

/* What the browser does by itself: slower, but it always ends with a page. */
function go(step: Step): void {
	if (step.form === null) {
		location.replace(step.path);
		return;
	}
	const form = document.createElement("form");
	form.method = "post";
	form.action = step.path;
	new URLSearchParams(step.form).forEach((value, name) => {
		const field = document.createElement("input");
		field.type = "hidden";
		field.name = name;
		field.value = value;
		form.append(field);
	});
	document.body.append(form);
	form.submit();
}

function step(next: Step): void {
	if (busy) return;
	busy = true;
	root.classList.add("busy");
	const ask = new XMLHttpRequest();
	const ended = (done: () => void) => (): void => {
		busy = false;
		root.classList.remove("busy");
		done();
	};
	ask.open(next.form === null ? "GET" : "POST", next.path);
	ask.responseType = "document"; /* parsed, never run */
	ask.timeout = PATIENCE_MS;
	if (next.form !== null) ask.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
	ask.onload = ended(() => {
		const page = ask.responseXML;
		if (!page?.body) return go(next);
		history.replaceState(next, "");
		show(page);
	});
	ask.onerror = ask.ontimeout = ended(() => go(next));
	ask.send(next.form);
}

let pressed: HTMLButtonElement | null = null; /* for browsers that do not tell a form's submitter */

addEventListener("submit", (event) => {
	const form = event.target as HTMLFormElement;
	const button = ((event as SubmitEvent).submitter as HTMLButtonElement | null) ?? (pressed?.form === form ? pressed : null);
	event.preventDefault();
	if (form.classList.contains("exit")) leave();
	else step({ path: button?.getAttribute("formaction") || form.getAttribute("action") || "/", form: written(form, button) });
});

addEventListener("click", (event) => {
	const at = (event.target as Element).closest<HTMLElement>("a[href^='/'], button");
	if (at instanceof HTMLButtonElement) {
		pressed = at;
		acts[at.id]?.(at);
	} else if (at instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
		event.preventDefault();
		if (at.classList.contains("hidden-first")) leave();
		else step({ path: at.pathname, form: null });
	}
});

/* A refresh shows the same page again: the form is sent again, and a request sent twice is one request. An address typed anew begins anew. */
const before = history.state as Step | null;
const [how] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
if (before && typeof before.path === "string" && how?.type !== "navigate") step(before);
else history.replaceState(null, "");

/* ---- the receipt ---- */

function text(id: string): string {
	return find(`#${id}`)?.textContent ?? "";
}

function copyByHand(words: string): void {
	const field = document.createElement("textarea");
	field.value = words;
	document.body.append(field);
	field.select();
	document.execCommand("copy");
	field.remove();
}

const acts: Record<string, (button: HTMLButtonElement) => void> = {
	copy(button) {
		const words = `${text("ticket")}\n${text("receipt")}`;
		const done = (): void => void (button.textContent = button.dataset.done ?? "");
		if (!navigator.clipboard) copyByHand(words);
		void (navigator.clipboard?.writeText(words).catch(() => copyByHand(words)) ?? Promise.resolve()).then(done);
	},
	print() {
		print();
	},
	save() {
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
	},
};
