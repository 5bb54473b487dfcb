/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console's round trip in a real browser, in one language: `node test_console.mjs BUILD LANG`. A caller writes at
 * the portal, a counselor takes it, reads, answers, notes, corrects and ends it, a supervisor hands cases on, and the
 * caller reads it all with JavaScript off. Each end state is shown to axe-core. Prints TAP.
 */
import { colleague, submit, track, until } from "./house.mjs";
import { accessible, fillSignIn, fits, openStage, quiet, signIn, wordsOf } from "./stage.mjs";
import { expect, expectSame, rules } from "./tap.mjs";

const [build, lang] = process.argv.slice(2);
const t = wordsOf(lang);
const SAID = {
	"zh-CN": {
		first: "期中考试没考好，妈妈好几天没有跟我说话，晚上也睡不好。",
		urgent: "我在楼顶，不想活了，现在就想跳下去。",
		reply: "谢谢你告诉我们。这几天你是怎么过来的？",
		back: "主要是听音乐。我们能再聊聊吗？",
		note: "声音平静，愿意再聊。",
		call: "来电的妈妈说孩子三天没去上学了。",
		composing: "zai'ne",
		composed: "在呢。",
	},
	en: {
		first: "My exam went badly, my mother has not talked to me for days and I sleep badly.",
		urgent: "I am on the roof and want to kill myself now.",
		reply: "Thank you for telling us. How did you get through these days?",
		back: "Mostly with music. Can we talk again?",
		note: "Calm, wants to go on talking.",
		call: "The mother says that the child has not been to school for three days.",
		composing: "zai'ne",
		composed: "I am here.",
	},
}[lang];

/* ---- what is looked for on the page */

const row = (page, ticket) => page.locator(".row", { hasText: ticket.replace(/^YT-/, "") });
const button = (scope, key, values) => scope.getByRole("button", { name: t(key, values) });
const toast = (page, key, values) => page.locator(".toast", { hasText: t(key, values) }).first().waitFor();
const dialogOf = (page) => page.locator("dialog[open]");
const openTicket = async (page) => (await page.locator("#case-title").innerText()).trim();
const chip = (page, state) => page.locator(".case-title .chip", { hasText: t(`word.state.${state}`) }).waitFor();

/* The page was never loaded again since begin(). */
const begin = (page) => page.evaluate(() => void (window.sameSinceBegin = true));
const same = async (page) => expect(await page.evaluate(() => window.sameSinceBegin), "the page was loaded again");

async function good(page, what, ...announced) {
	await accessible(page, what);
	await fits(page, what);
	quiet(page, ...announced);
}

async function write(page, key, text) {
	await page.keyboard.press(key);
	await page.keyboard.type(text);
	await page.keyboard.press("Control+Enter");
}

/* What a person sees of a box. */
const look = (locator) =>
	locator.evaluate((e) => {
		const { backgroundColor, borderInlineStartColor, borderStyle, marginInlineStart } = getComputedStyle(e);
		return { backgroundColor, border: `${borderInlineStartColor} ${borderStyle}`, marginInlineStart };
	});

/* ---- rules */

async function doorIsKind(s) {
	const page = (s.psych1 = await s.page({ lang }));
	await page.goto(s.house.console);
	await fillSignIn(page, "psych1", "not the password");
	await page.locator("[role=alert]", { hasText: t("console.signin.wrong") }).waitFor();
	expect((await page.locator("input[autocomplete=username]").inputValue()) === "psych1", "the user name is gone");
	await good(page, "the door", "401 /api/v1/me", "401 /api/v1/session");
	await fillSignIn(page, "psych1");
	await page.locator(".frame").waitFor();
	await page.locator(".empty-title", { hasText: t("console.empty.waiting") }).waitFor();
	await good(page, "an empty queue");
}

async function requestArrivesLive(s) {
	await begin(s.psych1);
	s.first = await submit(s.house, SAID.first, { desk: "psych" });
	await row(s.psych1, s.first.ticket).waitFor();
	s.urgent = await submit(s.house, SAID.urgent, { desk: "psych" });
	await row(s.psych1, s.urgent.ticket).waitFor();
	await until(async () => (await s.psych1.locator(".row").first().innerText()).includes(s.urgent.ticket.slice(3)), "danger on top");
	const top = await s.psych1.locator(".row").first().innerText();
	expect(top.includes(t("word.why.level3")) || top.includes(t("word.why.level2")), `it is not said why it is first: ${top}`);
	await same(s.psych1);
	await good(s.psych1, "the queue");
}

async function keyClaimsTheNext(s) {
	const page = s.psych1;
	await page.keyboard.press("c");
	await page.locator("#case-title").waitFor();
	expectSame(await openTicket(page), s.urgent.ticket, "the first claimed");
	await page.locator(".msg-caller .words", { hasText: SAID.urgent }).waitFor();
	await page.keyboard.press("g");
	await page.keyboard.press("w");
	await page.locator("#case-title").waitFor({ state: "detached" });
	await page.keyboard.press("c");
	await page.locator("#case-title", { hasText: s.first.ticket }).waitFor();
	await page.locator(".msg-caller .words", { hasText: SAID.first }).waitFor();
	await same(page);
	await good(page, "a claimed case");
}

/* Enter that ends a composition belongs to the input method, with Ctrl or without. */
async function composingNeverSends(s) {
	const page = s.psych1;
	const cdp = await page.context().newCDPSession(page);
	await page.keyboard.press("r");
	await page.evaluate(() => {
		window.composingKeys = 0;
		addEventListener("keydown", (e) => (window.composingKeys += e.isComposing && e.key === "Enter" ? 1 : 0), true);
	});
	await cdp.send("Input.imeSetComposition", { text: SAID.composing, selectionStart: 6, selectionEnd: 6 });
	await page.keyboard.press("Enter");
	await page.keyboard.press("Control+Enter");
	expect((await page.evaluate(() => window.composingKeys)) === 2, "the browser was not composing");
	await cdp.send("Input.insertText", { text: SAID.composed });
	expect((await page.locator(".paper textarea").inputValue()).includes(SAID.composed), "the text is not there");
	expect((await page.locator(".msg-reply").count()) === 0, "it was sent");
	await page.keyboard.press("Enter");
	expect((await page.locator(".msg-reply").count()) === 0, "Enter alone sent it");
	await page.locator(".paper textarea").fill("");
	await page.keyboard.press("Escape");
	await cdp.detach();
	quiet(page);
}

async function controlEnterReplies(s) {
	const page = s.psych1;
	await write(page, "r", SAID.reply);
	await page.locator(".msg-reply .words", { hasText: SAID.reply }).waitFor();
	expectSame(await page.locator(".paper textarea").inputValue(), "", "what is left in the composer");
	await toast(page, "console.done.replied");
	await page.locator(".msg-reply", { hasText: t("console.msg.unseen") }).waitFor();
	await good(page, "a reply");
}

async function callerReadsWithoutJavaScript(s) {
	const page = (s.caller = await s.page({ lang, js: false, width: 390 }));
	await page.goto(`${s.house.portal}${lang === "en" ? "/en" : ""}/track`);
	await page.locator("#ticket").fill(s.first.ticket);
	await page.locator("#receipt").fill(s.first.receipt);
	await page.locator("button.primary").click();
	await page.locator(".talk .words", { hasText: SAID.reply }).waitFor();
	await fits(page, "the caller's page");
	await page.locator("#text").fill(SAID.back);
	await page.locator("form[action$='/ticket/say'] button").click();
	await page.locator(".note[role=status]", { hasText: t("portal.ticket.said") }).waitFor();
	quiet(page);
}

async function answerOfTheCallerArrivesLive(s) {
	const page = s.psych1;
	await page.locator(".msg-caller .words", { hasText: SAID.back }).waitFor();
	await page.locator(".msg-reply", { hasText: t("console.msg.seen") }).waitFor();
	await same(page);
	await good(page, "a conversation");
}

async function noteIsNoReply(s) {
	const page = s.psych1;
	await page.keyboard.press("Escape");
	const replyPaper = await look(page.locator(".paper"));
	await page.keyboard.press("m");
	const notePaper = await look(page.locator(".paper"));
	await button(page, "console.pen.note_send").waitFor();
	await page.getByText(t("console.pen.note_who")).waitFor();
	await page.keyboard.type(SAID.note);
	await good(page, "a note being written");
	await page.keyboard.press("Control+Enter");
	await page.locator(".msg-note .words", { hasText: SAID.note }).waitFor();
	await toast(page, "console.done.noted");
	const note = await look(page.locator(".msg-note").first()),
		reply = await look(page.locator(".msg-reply").first());
	for (const part of ["backgroundColor", "border"]) {
		expect(note[part] !== reply[part], `a note and a reply have the same ${part}: ${note[part]}`);
		expect(notePaper[part] !== replyPaper[part], `their papers have the same ${part}: ${notePaper[part]}`);
	}
	await page.locator(".msg-note", { hasText: t("console.msg.note") }).first().waitFor();
	const seen = await (await track(s.house, s.first)).read();
	expect(!JSON.stringify(seen).includes(SAID.note), "the caller reads the note");
}

async function riskIsRaised(s) {
	const page = s.psych1;
	await page.keyboard.press("Escape");
	await page.locator(".levels .option-2 input").check();
	await page.getByText(t("console.risk_means_2")).waitFor();
	await button(page.locator(".risk-form"), "console.risk_set").click();
	await toast(page, "console.done.risk_set", { risk: t("word.risk.2") });
	await page.locator(".case-head.bar-2").waitFor();
	await good(page, "a raised risk");
}

const factsForm = (page) => page.locator(".facts-form");
const fact = (page, field) => factsForm(page).getByLabel(t(`word.field.${field}`), { exact: true });
const factShown = (page, text) => page.locator(".facts dd", { hasText: text }).first().waitFor();

async function factsAreCorrected(s) {
	const page = s.psych1;
	await button(page.locator(".side-pane"), "console.facts_edit").click();
	await fact(page, "age_band").selectOption("14-17");
	await fact(page, "relation").selectOption("self");
	await good(page, "facts being edited");
	await button(factsForm(page), "console.save").click();
	await toast(page, "console.done.facts");
	await factShown(page, t("word.age_band.14-17"));
	quiet(page);
}

/* Both change the gender, the supervisor also the category: asked about the one, given the other. */
async function staleFactsAreAskedAbout(s) {
	const page = s.psych1;
	await write(page, "r", "");
	await page.keyboard.type(SAID.composed);
	await button(page.locator(".side-pane"), "console.facts_edit").click();
	await fact(page, "gender").selectOption("f");
	await s.super1.post(`/cases/${s.first.ticket}/facts`, { gender: "m", category: "psych.mood" });
	await button(factsForm(page), "console.save").click();
	const dialog = dialogOf(page);
	await dialog.getByText(t("console.conflict.title")).waitFor();
	await dialog.getByRole("row", { name: t("word.field.category") }).waitFor();
	const gender = dialog.getByRole("row", { name: t("word.field.gender") });
	expect((await gender.getByRole("radio").count()) === 2, "it does not ask whose gender counts");
	await gender.getByLabel(t("word.gender.f")).check();
	await good(page, "the conflict", "412 /api/v1/cases/T/facts");
	await button(dialog, "console.conflict.save").click();
	await factShown(page, t("word.gender.f"));
	const { facts, category } = await s.super1.get(`/cases/${s.first.ticket}`);
	expectSame([facts.gender, category], ["f", "psych.mood"], "the facts");
	expectSame(await page.locator(".paper textarea").inputValue(), SAID.composed, "the unsent reply");
	await page.locator(".paper textarea").fill("");
	await page.keyboard.press("Escape");
	quiet(page);
}

async function caseIsClosed(s) {
	const page = s.psych1;
	await page.keyboard.press("e");
	const dialog = dialogOf(page);
	await dialog.getByLabel(t("console.close.disposition")).selectOption("answered");
	await dialog.getByLabel(t("console.close.category")).selectOption("psych.study");
	await good(page, "closing");
	await s.super1.post(`/cases/${s.first.ticket}/facts`, { urgency: "urgent" });
	await button(dialog, "console.close.do").click();
	await dialog.getByText(t("console.conflict.title")).waitFor();
	await good(page, "a stale closing", "412 /api/v1/cases/T/close");
	await button(dialog, "console.conflict.anyway", { what: t("console.act.close") }).click();
	await toast(page, "console.done.closed", { ticket: s.first.ticket });
	await chip(page, "closed");
	await page.keyboard.press("g");
	await page.keyboard.press("c");
	await row(page, s.first.ticket).waitFor();
	await good(page, "the closed cases");
	const { state, disposition, category } = await s.super1.get(`/cases/${s.first.ticket}`);
	expectSame([state, disposition, category], ["closed", "answered", "psych.study"], "the end");
	await s.caller.goto(`${s.house.portal}${lang === "en" ? "/en" : ""}/ticket`);
	await s.caller.getByText(t("portal.state.closed")).waitFor();
}

async function dangerIsClosedByTwo(s) {
	const page = s.psych1;
	await page.goto(`${s.house.console}/#/mine/${s.urgent.ticket}`);
	await page.locator("#case-title", { hasText: s.urgent.ticket }).waitFor();
	await s.super1.post(`/cases/${s.urgent.ticket}/risk`, { risk: 3 });
	await page.locator(".case-head.bar-3").waitFor();
	await page.keyboard.press("e");
	await dialogOf(page).getByText(t("console.close.second_person")).waitFor();
	await button(dialogOf(page), "console.close.do").click();
	await chip(page, "closing_review");
	await good(page, "a closing that waits");
	const lead = (s.lead = await s.page({ lang }));
	await signIn(lead, s.house, "super1");
	await lead.goto(`${s.house.console}/#/desk/${s.urgent.ticket}`);
	await button(lead.locator(".case-actions"), "console.act.confirm").waitFor();
	await good(lead, "a closing to confirm");
	await lead.keyboard.press("e");
	await button(dialogOf(lead), "console.act.confirm").click();
	await chip(lead, "closed");
	await chip(page, "closed");
	quiet(lead);
}

async function supervisorReassigns(s) {
	s.other = await submit(s.house, SAID.first, { desk: "psych" });
	const given = (s.psych2 = await s.page({ lang }));
	await signIn(given, s.house, "psych2");
	await given.goto(`${s.house.console}/#/mine`);
	await begin(given);
	await row(s.psych1, s.other.ticket).waitFor({ state: "attached" }).catch(() => undefined);
	await s.psych1.goto(`${s.house.console}/#/waiting/${s.other.ticket}`);
	await s.psych1.locator("#case-title", { hasText: s.other.ticket }).waitFor();
	await s.psych1.keyboard.press("c");
	await chip(s.psych1, "assigned");
	await s.lead.goto(`${s.house.console}/#/desk/${s.other.ticket}`);
	await s.lead.locator("#case-title", { hasText: s.other.ticket }).waitFor();
	await s.lead.keyboard.press("a");
	const dialog = dialogOf(s.lead);
	const person = dialog.locator(".person", { has: s.lead.locator("input[value=psych2]") });
	const name = (await person.locator(".who").innerText()).trim();
	await person.click();
	await good(s.lead, "reassigning");
	await button(dialog, "console.assign.do", { name }).click();
	await toast(s.lead, "console.done.assigned", { ticket: s.other.ticket, name });
	await row(given, s.other.ticket).waitFor();
	await same(given);
	await row(given, s.other.ticket).click();
	await given.locator(".msg-caller .words", { hasText: SAID.first }).waitFor();
	quiet(s.lead);
	quiet(given);
}

async function supervisorTransfers(s) {
	await s.lead.keyboard.press("t");
	const dialog = dialogOf(s.lead);
	await dialog.locator(".options .option", { hasText: t("word.desk.legal").slice(0, 2) }).first().click();
	await good(s.lead, "transferring");
	await button(dialog, "console.transfer.do").click();
	await s.lead.locator(".toast", { hasText: s.other.ticket }).last().waitFor();
	const legal = await colleague(s.house, "legal1");
	await until(async () => (await legal.get("/cases?view=waiting")).items.some((r) => r.ticket === s.other.ticket), "the move");
	const moved = await legal.post(`/cases/${s.other.ticket}/claim`);
	expectSame([moved.desk, moved.messages[0].text], ["legal", SAID.first], "what legal reads");
	await s.psych2.locator(".msg-caller .words").waitFor({ state: "detached" });
	quiet(s.lead);
	for (const page of [s.psych1, s.psych2]) {
		await page.locator(".case-pane", { hasText: t("console.problem.gone") }).waitFor();
		quiet(page, "404 /api/v1/cases/T", "404 /api/v1/cases/T/looking");
	}
}

async function telephoneCallMakesACase(s) {
	const page = s.psych1;
	await page.keyboard.press("n");
	await page.locator(".entry").waitFor();
	await page.getByLabel(t("console.entry.text"), { exact: false }).first().fill(SAID.call);
	await page.locator("input[type=tel]").fill("07710000000");
	await good(page, "a call being entered");
	await button(page, "console.entry.save_case").click();
	await page.locator(".receipt .code").waitFor();
	const ticket = (await page.locator(".receipt .ticket").innerText()).trim(),
		receipt = (await page.locator(".receipt .code").innerText()).replace(/\D/g, "");
	expect(/^YT-\w{4}-\w{4}$/.test(ticket) && receipt.length === 20, `ticket ${ticket}, receipt of ${receipt.length} digits`);
	await good(page, "the receipt of a call");
	expectSame((await (await track(s.house, { ticket, receipt })).read()).ticket, ticket, "the caller's ticket");
	await button(page, "console.entry.open_case").click();
	await page.locator(".msg-note .words", { hasText: SAID.call }).waitFor();
	quiet(page);
}

async function signingOutLeavesNothing(s) {
	const page = s.psych1;
	await page.locator(".me > button").click();
	await good(page, "the menu");
	await button(page.locator(".me-sheet"), "console.sign_out").click();
	await page.locator(".gate-card").waitFor();
	await page.goBack();
	await page.locator(".gate-card").waitFor();
	expect(!(await page.content()).includes(SAID.call), "words of the case are still on the page");
	await page.reload();
	await page.locator(".gate-card").waitFor();
	const left = await page.evaluate(() => [Object.keys(localStorage).filter((k) => !k.startsWith("qt.")), Object.keys(sessionStorage)].flat());
	expectSame(left, [], "what the browser keeps");
	/* what was on its way when the session ended is refused */
	await good(page, "the door again", ...page.complaints.filter((c) => c.startsWith("401 /api/v1/")));
}

const RULES = [
	["a wrong password gets one kind sentence, and the right one the queue", doorIsKind],
	["a request appears in the queue by itself, danger on top with its reason", requestArrivesLive],
	["c claims the next case by the server's order, and its words are read", keyClaimsTheNext],
	["Enter of an input method never sends", composingNeverSends],
	["Ctrl and Enter send a reply", controlEnterReplies],
	["the caller reads it with JavaScript off and writes back", callerReadsWithoutJavaScript],
	["the counselor sees the caller's answer by itself, and that theirs was seen", answerOfTheCallerArrivesLive],
	["a note cannot be taken for a reply, and the caller never reads it", noteIsNoReply],
	["risk is raised", riskIsRaised],
	["facts are corrected", factsAreCorrected],
	["stale facts are asked about, and nothing typed is lost", staleFactsAreAskedAbout],
	["a case is closed with a disposition and a category, after a look at what changed meanwhile", caseIsClosed],
	["imminent danger is closed by two people", dangerIsClosedByTwo],
	["a supervisor gives a case to another colleague, who sees it by itself", supervisorReassigns],
	["a supervisor transfers a case to another desk, which alone reads it then", supervisorTransfers],
	["a telephone call makes a case with ticket and receipt", telephoneCallMakesACase],
	["signing out leaves nothing behind", signingOutLeavesNothing],
];

const stage = await openStage(build);
try {
	stage.super1 = await colleague(stage.house, "super1");
	process.exitCode = await rules(RULES.map(([name, f]) => [`${name} (${lang})`, f]), stage, stage.pictures);
} finally {
	await stage.end();
}
