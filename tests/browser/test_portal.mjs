/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The portal in a real browser, in one language, with JavaScript on and off: `node test_portal.mjs BUILD LANG`. A caller writes one
 * sentence, or answers every question, gets help in danger, comes back, writes back, rates, leaves. Each end state is shown to axe-core and
 * must fit a small phone. Prints TAP.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { colleague, root, until } from "./house.mjs";
import { accessible, fits, openStage, quiet, wordsOf } from "./stage.mjs";
import { expect, expectSame, rules } from "./tap.mjs";

const [build, lang] = process.argv.slice(2);
const t = wordsOf(lang);
const home = lang === "en" ? "/en" : "/";
const base = lang === "en" ? "/en" : "";
const axe = readFileSync(join(root, "tests/node_modules/axe-core/axe.min.js"), "utf8");
const SAID = {
	"zh-CN": { plain: "爸妈天天吵架，我晚上睡不着。", danger: "我不想活了，药已经放在手边了。", friend: "我同学最近很难过。", reply: "我在听，慢慢说。", back: "谢谢你，我再想想。" },
	en: { plain: "My parents fight every night and I cannot sleep.", danger: "I want to kill myself tonight, the pills are in my hand.", friend: "My friend is very sad lately.", reply: "I am listening. Take your time.", back: "Thank you, I will think about it." },
}[lang];
const TRICK = `<script>document.title="owned"</script><img src=x onerror="document.title='owned'"> javascript:alert(1) {{t portal.title}}`;

/* The neutral site of quick exit. */
const elsewhere = createServer((_, answer) => answer.end("<!doctype html><title>weather</title><p>weather"));
await new Promise((go) => elsewhere.listen(0, "127.0.0.1", go));
const EXIT = `http://127.0.0.1:${elsewhere.address().port}/`;

/* ---- what is looked for on the page */

const button = (page, key) => page.locator("main").getByRole("button", { name: t(key), exact: true });
const press = async (page, key) => button(page, key).first().click();
const choose = (page, name, value) => page.locator(`input[name=${name}][value="${value}"]`).check();
const says = (page, key) => page.getByText(t(key)).first().waitFor();
const heading = (page, key) => page.getByRole("heading", { level: 1, name: t(key) }).waitFor();

async function visitor(stage, js, options = {}) {
	const page = await stage.page({ lang, js, width: 320, height: 640, ...options });
	page.js = js;
	page.scheme = options.scheme ?? "light";
	await page.goto(stage.house.portal + home);
	return page;
}

/* axe-core cannot wait where no script runs: it is shown what stands there in a page of its own. */
async function judged(page, what) {
	if (page.js) return accessible(page, what);
	const html = (await page.content()).replace(/<script src=[^>]*><\/script>/, "");
	const context = await stage.browser.newContext({ bypassCSP: true, viewport: page.viewportSize(), colorScheme: page.scheme });
	const twin = await context.newPage();
	await twin.goto(`${stage.house.portal}/healthz`);
	await twin.setContent(html);
	await twin.evaluate(axe);
	await accessible(twin, what);
	await context.close();
}

/* Without JavaScript the pages are the same: judged where it matters, here only measured. */
async function good(page, what, ...announced) {
	if (page.js) await judged(page, what);
	await fits(page, what);
	quiet(page, ...announced, `request to ${EXIT}`);
}

const receiptOf = async (page) => {
	await heading(page, "portal.receipt.title");
	return { ticket: await page.locator("#ticket").innerText(), receipt: await page.locator("#receipt").innerText() };
};

async function send(page, text = SAID.plain) {
	await page.locator("#text").fill(text);
	await press(page, "portal.act.send");
	return receiptOf(page);
}

async function comeBack(page, { ticket, receipt }, both = false) {
	await page.goto(`${new URL(page.url()).origin}${base}/track`);
	await page.locator("#ticket").fill(both ? `${ticket} ${receipt}` : ticket);
	if (!both) await page.locator("#receipt").fill(receipt);
	await press(page, "portal.track.open");
	await heading(page, "portal.ticket.title");
}

/* A counselor takes the case; done by those who answer. */
async function take(stage, ticket) {
	const psych = await colleague(stage.house, "psych1");
	await until(() => psych.post(`/cases/${ticket}/claim`).then(() => true, () => false), "the case to be claimed");
	return psych;
}

async function inDanger(stage, js) {
	const page = await visitor(stage, js);
	await page.locator("#text").fill(SAID.danger);
	await press(page, "portal.act.more");
	await page.getByRole("heading", { name: t("portal.crisis.title") }).waitFor();
	await says(page, "portal.crisis.blind");
	await good(page, "help");
	await page.goto(stage.house.portal + home);
	await send(page, SAID.danger);
	await page.getByRole("heading", { name: t("portal.crisis.title") }).waitFor();
	expect(await page.locator(".crisis a[href='tel:120']").isVisible(), "no telephone number");
	await good(page, "the receipt with help");
}

/* ---- rules, each with JavaScript on and off */

const both = {
	async "one sentence and nothing else is sent from the first page"(stage, js) {
		const page = await visitor(stage, js);
		if (!js) await judged(page, "the start");
		await good(page, "the start");
		const { ticket, receipt } = await send(page, "救");
		expect(/^YT-\w{4}-\w{4}$/.test(ticket) && /^(\d{4} ){4}\d{4}$/.test(receipt), `${ticket} ${receipt}`);
		if (!js) await judged(page, "the receipt");
		await good(page, "the receipt");
		await page.reload();
		expectSame(await receiptOf(page), { ticket, receipt }, "the receipt after a refresh");
		expectSame(await page.context().cookies(), [], "cookies");
		expectSame(await page.title(), t("portal.title"), "the title");
	},

	async "every question is asked, each can be passed by, and what was chosen is shown"(stage, js) {
		const page = await visitor(stage, js);
		await page.locator("#text").fill(SAID.plain);
		await press(page, "portal.act.more");
		await heading(page, "portal.feel.title");
		await choose(page, "mood", 2);
		await choose(page, "self_harm", "no");
		await good(page, "feel");
		await press(page, "portal.act.next");
		await heading(page, "portal.who.title");
		await choose(page, "age_band", "14-17");
		await good(page, "who");
		await press(page, "portal.act.next");
		await heading(page, "portal.reach.title");
		await page.locator("#phone").fill("138 0000 0000");
		await good(page, "reach");
		await page.locator("#phone").press("Enter"); /* the default button goes on, it does not send */
		await heading(page, "portal.check.title");
		for (const chosen of [SAID.plain, t("portal.harm.no"), t("portal.age_band.14-17"), "138 0000 0000"]) await page.getByText(chosen).first().waitFor();
		await good(page, "check");
		await press(page, "portal.act.back");
		await heading(page, "portal.reach.title");
		expectSame(await page.locator("#phone").inputValue(), "138 0000 0000", "the telephone after going back");
		await press(page, "portal.act.send");
		await receiptOf(page);
	},

	async "about somebody else the questions are worded for them"(stage, js) {
		const page = await visitor(stage, js);
		await choose(page, "about", "other");
		await page.locator("#text").fill(SAID.friend);
		await press(page, "portal.act.more");
		await heading(page, "portal.feel.title_other");
		await says(page, "portal.feel.harm_other");
		await choose(page, "self_harm", "yes");
		await press(page, "portal.act.next");
		await says(page, "portal.crisis.heard_other");
		await page.getByText(t("portal.who.relation")).waitFor();
		await good(page, "help beside the questions");
	},

	async "words of danger get help on the very next page with every worker stopped"(stage, js) {
		await stage.house.act({ kill: "worker.psych" });
		await stage.house.act({ kill: "worker.legal" });
		await stage.house.act({ kill: "worker.social" });
		try {
			await inDanger(stage, js);
		} finally {
			for (const desk of ["psych", "legal", "social"]) await stage.house.act({ start: `worker.${desk}` });
		}
	},

	async "a killed intake and the other language lose nothing"(stage, js) {
		const page = await visitor(stage, js);
		await page.locator("#text").fill(SAID.plain);
		await page.locator("header .lang").click();
		const other = wordsOf(lang === "en" ? "zh-CN" : "en");
		await page.getByRole("heading", { level: 1, name: other("portal.start.title") }).waitFor();
		expectSame(await page.locator("#text").inputValue(), SAID.plain, "the words in the other language");
		await page.locator("header .lang").click();
		await heading(page, "portal.start.title");
		await press(page, "portal.act.more");
		await heading(page, "portal.feel.title");
		await stage.house.act({ restart: "intake" });
		await choose(page, "mood", 1);
		await press(page, "portal.act.send");
		await receiptOf(page);
		quiet(page);
	},

	async "what was written is shown as words"(stage, js) {
		const page = await visitor(stage, js);
		await page.locator("#text").fill(TRICK);
		await press(page, "portal.act.more");
		for (let step = 0; step < 3; step++) await press(page, "portal.act.next");
		await heading(page, "portal.check.title");
		expectSame(await page.locator("blockquote").innerText(), TRICK, "the words");
		expectSame([await page.title(), await page.locator("main img, main script").count()], [t("portal.title"), 0], "what the words made");
		quiet(page);
	},

	async "a caller comes back, reads, writes back and rates"(stage, js) {
		const page = await visitor(stage, js);
		const kept = await send(page);
		const psych = await take(stage, kept.ticket);
		await psych.post(`/cases/${kept.ticket}/messages`, { text: `${SAID.reply} ${TRICK}` });
		await comeBack(page, kept, true);
		await page.getByText(SAID.reply).waitFor();
		await says(page, "portal.timeline.replied");
		if (!js) await judged(page, "the ticket");
		await good(page, "the ticket");
		await page.locator("#text").fill(SAID.back);
		await press(page, "portal.ticket.send");
		await says(page, "portal.ticket.said");
		await page.reload();
		await page.locator(".talk .you").first().waitFor();
		expectSame(await page.locator(".talk .you").count(), 1, "messages after a refresh");
		await psych.post(`/cases/${kept.ticket}/close`, { disposition: "answered", category: "psych.family" });
		await page.goto(`${stage.house.portal}${base}/ticket`);
		await page.getByRole("heading", { name: t("portal.rate.title") }).waitFor();
		await good(page, "the ticket to be rated");
		for (const name of ["heard", "helped", "again"]) await choose(page, name, 3);
		await page.locator("#words").fill(SAID.back);
		await press(page, "portal.rate.send");
		await says(page, "portal.ticket.thanked");
		expect(!(await page.getByRole("heading", { name: t("portal.rate.title") }).count()), "it can be rated twice");
		quiet(page);
	},

	async "wishes are done and said"(stage, js) {
		const page = await visitor(stage, js);
		const kept = await send(page);
		await press(page, "portal.receipt.open");
		await heading(page, "portal.ticket.title");
		const more = (key) => page.locator("summary").getByText(t(key), { exact: true }).click();
		await more("portal.ticket.more");
		await good(page, "the ticket with everything open");
		await press(page, "portal.ticket.show_own");
		await page.getByText(SAID.plain).waitFor();
		await more("portal.act.more");
		await choose(page, "self_harm", "unsure");
		await page.locator("form[action$='/ticket/facts'] button").click();
		await says(page, "portal.ticket.noted");
		await more("portal.ticket.more");
		await press(page, "portal.ticket.erase");
		await says(page, "portal.ticket.planned");
		expect(!(await page.getByText(SAID.plain).count()), "the words still stand there");
		await good(page, "a planned erasure");
		await press(page, "portal.ticket.erase_stop");
		await says(page, "portal.ticket.stopped");
		await more("portal.ticket.more");
		await page.locator("#complaint").fill(SAID.back);
		await press(page, "portal.ticket.complaint_send");
		await says(page, "portal.ticket.complained");
		await more("portal.ticket.more");
		await press(page, "portal.ticket.withdraw");
		await says(page, "portal.ticket.withdrawn");
		await good(page, `the ticket of ${kept.ticket.length} characters`);
	},

	async "a typing error and a wrong code are told apart"(stage, js) {
		const page = await visitor(stage, js);
		const kept = await send(page);
		await page.goto(`${stage.house.portal}${base}/track`);
		await good(page, "the form for ticket and code");
		await page.locator("#ticket").fill(kept.ticket);
		await page.locator("#receipt").fill("1234");
		await press(page, "portal.track.open");
		await says(page, "portal.track.mistyped");
		await good(page, "a typing error", `400 ${base}/track`);
	},

	async "leaving ends the session and nothing of ours is shown again"(stage, js) {
		const page = await visitor(stage, js);
		const kept = await send(page);
		await press(page, "portal.receipt.open");
		await heading(page, "portal.ticket.title");
		const cookies = await page.context().cookies();
		await page.locator("header .exit button").click();
		await page.waitForURL(EXIT);
		expectSame((await page.context().cookies()).length, 0, "cookies after leaving");
		await page.goBack().catch(() => undefined);
		if (js) expect(!page.url().startsWith(stage.house.portal), `Back leads to ${page.url()}`);
		else expect(!(await page.locator("body").innerText()).includes(kept.receipt), "Back shows the code");
		await page.context().addCookies(cookies);
		await until(async () => {
			await page.goto(`${stage.house.portal}${base}/ticket`);
			return page.getByText(t("portal.track.ended")).count();
		}, "the end of the session at the server");
		page.complaints.length = 0;
	},
};

/* ---- rules of the script alone */

const alone = {
	async "shift three times leaves, typing capitals does not"(stage) {
		const page = await visitor(stage, true);
		await page.locator("#text").focus();
		for (const key of ["A", "B", "C", "D"]) await page.keyboard.press(`Shift+${key}`);
		expect(page.url().startsWith(stage.house.portal), "capitals led away");
		for (let i = 0; i < 3; i++) await page.keyboard.press("Shift");
		await page.waitForURL(EXIT);
		await page.goBack().catch(() => undefined);
		expect(!page.url().startsWith(stage.house.portal), `Back leads to ${page.url()}`);
	},

	async "the whole way is one history entry and a detour keeps the words"(stage) {
		const page = await visitor(stage, true);
		const before = await page.evaluate(() => history.length);
		await page.locator("#text").fill(SAID.plain);
		await page.locator("footer a").first().click();
		await heading(page, "portal.before.title");
		await page.locator("main a.button").click();
		await heading(page, "portal.start.title");
		expectSame(await page.locator("#text").inputValue(), SAID.plain, "the words after a detour");
		await press(page, "portal.act.send");
		await receiptOf(page);
		expectSame(await page.evaluate(() => history.length), before, "history entries");
		expectSame(new URL(page.url()).pathname, home, "the address");
		quiet(page);
	},

	async "the code can be copied and saved under a name that tells nothing"(stage) {
		const page = await visitor(stage, true);
		await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
		const { ticket, receipt } = await send(page);
		await page.locator("#copy").click();
		await page.getByText(t("portal.receipt.copied")).waitFor();
		expectSame(await page.evaluate(() => navigator.clipboard.readText()), `${ticket}\n${receipt}`, "the clipboard");
		const [saved] = await Promise.all([page.waitForEvent("download"), page.locator("#save").click()]);
		expectSame(saved.suggestedFilename(), "note.png", "the file's name");
		await page.locator("svg.qr").waitFor();
		quiet(page);
	},

	async "two clicks on send are one request"(stage) {
		const page = await visitor(stage, true);
		await page.locator("#text").fill(SAID.plain);
		let posts = 0;
		page.on("request", (r) => (posts += r.method() === "POST" ? 1 : 0));
		await button(page, "portal.act.send").dblclick();
		await receiptOf(page);
		expectSame(posts, 1, "posts");
	},

	async "every plain page fits every window, light and dark"(stage) {
		const paths = [home, `${base}/track`, `${base}/before`, `${base}/safe`, `${base}/help`];
		for (const [width, scheme] of [[320, "dark"], [390, "light"], [768, "dark"], [1280, "light"]]) {
			const page = await visitor(stage, true, { width, scheme });
			for (const path of paths) {
				await page.goto(stage.house.portal + path);
				await fits(page, `${path} at ${width} px`);
				if (scheme === "dark" ? width === 320 : width === 1280) await accessible(page, `${path} at ${width} px, ${scheme}`);
			}
			await page.goto(`${stage.house.portal}${base}/nothing`);
			await says(page, "portal.error.missing");
			await good(page, "a page that is not there", `404 ${base}/nothing`);
			await page.close();
		}
	},

	async "a page is small and asks for little"(stage) {
		const page = await stage.page({ lang, js: true, width: 390 });
		let requests = 0;
		page.on("request", () => requests++);
		await page.goto(stage.house.portal + home, { waitUntil: "networkidle" });
		expect(requests <= 4, `${requests} requests`); /* page, style, script; and the icon */
		const sizes = await page.evaluate(() => performance.getEntriesByType("resource").map((e) => [e.name, e.encodedBodySize]));
		for (const [name, bytes] of sizes) expect(bytes < (name.endsWith(".js") ? 10 : 5) * 1024, `${name} has ${bytes} bytes`);
		const left = await page.evaluate(() => [sessionStorage.length, document.cookie]);
		expectSame(left, [0, ""], "what is kept in the browser");
	},
};

const stage = await openStage(build, JSON.stringify({ service: { exit_url: EXIT } }));
const list = [true, false].flatMap((js) => Object.entries(both).map(([name, hold]) => [`${name} (${js ? "with" : "without"} JavaScript)`, (s) => hold(s, js)]));
const status = await rules([...list, ...Object.entries(alone)], stage, async (name, failed) => {
	const lines = await stage.pictures(`portal-${lang}-${name}`, failed);
	for (const page of stage.pages.splice(0)) await page.close().catch(() => undefined);
	return lines;
});
await stage.end();
elsewhere.close();
process.exit(status);
