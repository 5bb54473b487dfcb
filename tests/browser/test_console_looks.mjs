/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How every state of the console stands, in one language and colours: `node test_console_looks.mjs BUILD LANG SCHEME`.
 * Wide, half and narrow: axe-core finds nothing and nothing is wider than the window, at 320 px too. The cases are
 * made beforehand, without a browser. `… BUILD --picture FILE` only takes the picture of the README. Prints TAP.
 */
import { colleague, submit, track } from "./house.mjs";
import { accessible, fillSignIn, fits, openStage, quiet, wordsOf } from "./stage.mjs";
import { expect, rules } from "./tap.mjs";

const DAY_MS = 86_400_000;
const CALLS = [
	["psych", "换了新学校，一个人也不认识，每天中午都是自己吃饭。", { age_band: "12-13", relation: "self" }],
	["psych", "孩子说活着没有意思，我不知道怎么跟他开口。", { age_band: "14-17", relation: "parent" }],
	["psych", "昨天晚上我又用刀划了手，很想停下来，可是停不住。", { age_band: "14-17", gender: "f", relation: "self" }],
	["psych", "Exams start on Monday and my hands will not stop shaking.", { age_band: "18-25", relation: "self" }],
	["legal", "店里说试用期没有工资，我干了三个星期。", { age_band: "18-25", relation: "self" }],
];
const TALK = {
	caller: "我和最好的朋友吵架了，她叫全班都不要理我。已经两个星期，我每天早上都肚子疼，不想去学校。没有跟家里说，怕他们觉得是小事。",
	reply: "谢谢你愿意说出来。两个星期每天这样走进教室，一定很累，这不是小事。\n\n早上肚子疼的时候，有没有哪一天好一点？那一天有什么不一样？",
	note: "同伴排斥两周，晨起躯体不适，睡眠尚可。未见自伤念头。下次问家里谁最能听她说。",
	back: "周三好一点，因为那天有美术课，可以一个人画画，老师也夸过我。",
};

/* A conversation of a girl of 14–17 with psych1; gives its ticket. */
async function converse(house, psych1) {
	const talk = await submit(house, TALK.caller, { desk: "psych", age_band: "14-17", gender: "f", relation: "self", mood: 2 });
	const at = `/cases/${talk.ticket}`,
		caller = await track(house, talk);
	await psych1.post(`${at}/claim`);
	await psych1.post(`${at}/messages`, { text: TALK.reply });
	await psych1.post(`${at}/notes`, { text: TALK.note });
	await psych1.post(`${at}/facts`, { category: "psych.peers", region: "450100", kind: "consult" });
	await caller.read();
	await caller.say(TALK.back);
	return talk.ticket;
}

/* One of everything: {talk, review, closed, foreign, ending} are tickets, {counselor, supervisor} cookies. */
async function furnish(house) {
	const psych1 = await colleague(house, "psych1"),
		psych2 = await colleague(house, "psych2"),
		super1 = await colleague(house, "super1");
	const talk = await converse(house, psych1),
		at = `/cases/${talk}`,
		inThreeDays = new Date(Date.now() + 3 * DAY_MS).toISOString();
	await psych1.post(`${at}/risk`, { risk: 1 });
	await psych1.post(`${at}/followups`, { kind: "followup", due_at: inThreeDays, note: "问问美术课。" });
	await psych1.post(`${at}/tasks`, { desk: "450100.social", text: "请了解学校能不能换座位。" });
	const call = async (by, text, more = {}) => (await by.post("/cases", { text, desk: "psych", channel: "phone", ...more })).ticket;
	const review = await call(psych1, "来电说现在很平静，家人在身边。");
	await psych1.post(`/cases/${review}/risk`, { risk: 3 });
	await psych1.post(`/cases/${review}/close`, { disposition: "answered", category: "psych.other" });
	const closed = await call(psych1, "问热线几点下班。");
	await psych1.post(`/cases/${closed}/close`, { disposition: "answered", category: "psych.other" });
	const foreign = await call(psych2, "想预约下周的面谈。");
	const ending = await call(psych1, "谢谢上次的建议，已经和老师谈过了。");
	for (const [desk, text, facts] of CALLS) await submit(house, text, { desk, ...facts });
	return { talk, review, closed, foreign, ending, counselor: psych1.cookie, supervisor: super1.cookie };
}

/* ---- the states: [name, where, how to get there] */

const press = (key) => (page) => page.keyboard.press(key);
const open = (selector) => (page) => page.locator(selector).first().click();
const dialog = (key) => async (page) => {
	await page.keyboard.press(key);
	await page.locator("dialog[open]").waitFor();
};

const statesOf = (t, f) => [
	["the queue", "#/waiting", null, ".row"],
	["my cases", "#/mine", null, ".row"],
	["the closed cases", "#/closed", null, ".row"],
	["the follow-ups", "#/followups", null, ".list-pane"],
	["a filter that finds nothing", "#/desk", (page) => page.locator(".find input").fill("zzz"), ".empty"],
	["a conversation", `#/mine/${f.talk}`, null, ".msg-reply"],
	["a note being written", `#/mine/${f.talk}`, press("m"), ".composer-note"],
	["a case's details", `#/mine/${f.talk}/side`, null, ".side-pane .facts"],
	["facts being edited", `#/mine/${f.talk}/side`, (page) => page.getByRole("button", { name: t("console.facts_edit") }).click(), ".facts-form"],
	["more actions", `#/mine/${f.talk}`, open(".case-actions .menu > button"), ".case-actions .sheet"],
	["a closing dialog", `#/mine/${f.ending}`, dialog("e"), "dialog[open]"],
	["the dialog of another desk's part", `#/mine/${f.talk}`, dialog("x"), "dialog[open]"],
	["the follow-up dialog", `#/mine/${f.talk}`, dialog("f"), "dialog[open]"],
	["the dialog of giving back", `#/mine/${f.talk}`, dialog("b"), "dialog[open]"],
	["the keys", "#/mine", dialog("?"), "dialog[open]"],
	["a case of somebody else", `#/desk/${f.foreign}`, null, ".locked"],
	["a closed case", `#/closed/${f.closed}`, null, ".case-head"],
	["a call being entered", "#/contact", (page) => page.locator(".entry .option-yes").click(), ".entry .notice"],
	["the colleagues", "#/staff", null, ".staff"],
	["my menu", "#/waiting", open(".me > button"), ".me-sheet"],
];
const supervisorsOf = (t, f) => [
	["a closing to confirm", `#/desk/${f.review}`, null, ".case-head .chip"],
	["the dialog of reassigning", `#/desk/${f.talk}`, dialog("a"), "dialog[open] .person"],
	["the transfer dialog", `#/desk/${f.talk}`, dialog("t"), "dialog[open]"],
];

async function visit(page, house, [name, where, go, sign], look) {
	await page.goto(`${house.console}/${where}`);
	await page.reload(); /* nothing of the state before */
	await page.locator(sign.startsWith("dialog") || go ? ".frame" : sign).first().waitFor();
	if (where.split("/").length > 2) await page.locator("#case-title, .side-pane h2").first().waitFor({ state: "attached" });
	if (go) await go(page);
	await page.locator(sign).first().waitFor();
	await look(page, name);
}

async function doors(stage, options, look) {
	const page = await stage.page(options);
	await page.goto(stage.house.console);
	await fillSignIn(page, "nobody", "not the password");
	await page.locator("[role=alert]").filter({ hasText: /./ }).waitFor();
	await look(page, "the door");
	quiet(page, "401 /api/v1/me", "401 /api/v1/session");
	await page.context().close();
}

async function walk(stage, options, look) {
	const { t, f, house } = stage;
	await doors(stage, options, look);
	for (const [cookie, states] of [
		[f.counselor, statesOf(t, f)],
		[f.supervisor, supervisorsOf(t, f)],
	]) {
		const page = await stage.page({ ...options, cookie });
		for (const state of states) await visit(page, house, state, look);
		quiet(page);
		await page.context().close();
	}
}

const both = async (page, name) => {
	await accessible(page, name);
	await fits(page, name);
};

const SIZES = [
	["wide", 1440, 900],
	["half", 800, 900],
	["narrow", 390, 844],
];

/* The two judges themselves: what is wrong is found. */
async function judgesAreAwake(stage) {
	const page = await stage.page({ lang: stage.lang });
	await page.goto(stage.house.console);
	await page.locator("form").waitFor();
	await both(page, "the door");
	await page.evaluate(() => document.querySelector("main").append(new Image(2000, 10)));
	for (const judge of [accessible, fits]) {
		const said = await judge(page, "a page").then(
			() => "nothing",
			(e) => e.message,
		);
		expect(/image-alt|does not fit/.test(said), `${judge.name} said ${said}`);
	}
	await page.context().close();
}

const rulesOf = (lang, scheme) => [
	[`an unnamed picture and a wide one are found (${lang}, ${scheme})`, judgesAreAwake],
	...SIZES.map(([size, width, height]) => [
		`every state is accessible and fits: ${size} (${lang}, ${scheme})`,
		(stage) => walk(stage, { lang, scheme, width, height }, both),
	]),
	[
		`nothing is wider than 320 px (${lang}, ${scheme})`,
		(stage) => walk(stage, { lang, scheme, width: 320, height: 640 }, fits),
	],
];

/* For the README: a queue in its order, a conversation, its details. */
async function takePicture(stage, path) {
	const psych1 = await colleague(stage.house, "psych1");
	const ticket = await converse(stage.house, psych1);
	for (const [desk, text, facts] of CALLS) await submit(stage.house, text, { desk, ...facts });
	const page = await stage.page({ cookie: psych1.cookie });
	await page.goto(`${stage.house.console}/#/waiting/${ticket}`);
	await page.locator(".msg-note").first().waitFor();
	await page.locator(".row").nth(3).waitFor();
	await page.screenshot({ path });
}

const [build, lang, last] = process.argv.slice(2);
const stage = await openStage(build);
try {
	stage.lang = lang === "--picture" ? "zh-CN" : lang;
	stage.t = wordsOf(stage.lang);
	if (lang === "--picture") {
		await takePicture(stage, last);
	} else {
		stage.f = await furnish(stage.house);
		process.exitCode = await rules(rulesOf(lang, last), stage, stage.pictures);
	}
} finally {
	await stage.end();
}
