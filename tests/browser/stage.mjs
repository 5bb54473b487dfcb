/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Debian's Chromium with one house, for the tests here: pages of people in a language, colours and a width; what a
 * page complained of; the sentences of the catalogue; axe-core; what is wider than the window. Every page is watched:
 * an error of the console that a test did not announce fails it, and so does a request to anywhere else.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { openHouse, PASSWORD, PATIENCE_MS, root } from "./house.mjs";
import { expect, skipAll } from "./tap.mjs";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
const modules = join(root, "tests/node_modules");
export const LANGS = ["zh-CN", "en"];

const catalogues = Object.fromEntries(
	LANGS.map((lang) => [lang, JSON.parse(readFileSync(join(root, `i18n/${lang}.json`), "utf8"))]),
);

/* A sentence of the catalogue, filled as web/src/state/words.ts fills it. */
export const wordsOf = (lang) => (key, values = {}) => {
	expect(catalogues[lang][key] !== undefined, `the catalogue ${lang} has no ${key}`);
	return catalogues[lang][key].replace(/\{(\w+)(?:\?([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) =>
		values[name] === undefined ? whole : one === undefined ? `${values[name]}` : values[name] === 1 ? one : many,
	);
};

/* {house, browser, page(…), end()} */
export async function openStage(build, ...words) {
	if (!existsSync(CHROMIUM)) skipAll(`there is no ${CHROMIUM}; ./hotline test installs it`);
	if (!existsSync(join(modules, "playwright-core"))) skipAll("tests/node_modules is missing; ./hotline test fills it");
	const { chromium } = createRequire(join(modules, "."))("playwright-core");
	const house = await openHouse(build, ...words);
	const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
	const pages = [];
	return {
		house,
		browser,
		pages,
		async page(options = {}) {
			const page = await openPage(browser, house, options);
			pages.push(page);
			return page;
		},
		/* Of a rule that failed: what every page shows, beside the logs of the build. */
		async pictures(name, failed) {
			const lines = [];
			if (failed)
				for (const [i, page] of pages.filter((p) => !p.isClosed()).entries()) {
					const path = join(build, "meson-logs", `browser-${name.replace(/\W+/g, "-").slice(0, 60)}-${i}.png`);
					await page.screenshot({ path, timeout: 5000 });
					lines.push(`${path}: ${page.url()} ${page.complaints.join("; ")}`);
				}
			return lines;
		},
		async end() {
			await browser.close();
			await house.end();
		},
	};
}

async function openPage(browser, house, { lang = "zh-CN", scheme = "light", width = 1440, height = 900, js = true, cookie }) {
	const context = await browser.newContext({
		viewport: { width, height },
		colorScheme: scheme,
		reducedMotion: "reduce",
		javaScriptEnabled: js,
		locale: lang,
		timezoneId: "Asia/Shanghai",
		...(cookie ? { storageState: { cookies: [cookieOf(house, cookie)], origins: [] } } : {}),
	});
	context.setDefaultTimeout(PATIENCE_MS);
	if (js) await context.addInitScript({ path: join(modules, "axe-core/axe.min.js") });
	if (js) await context.addInitScript((l) => localStorage.getItem("qt.lang") ?? localStorage.setItem("qt.lang", l), lang);
	const page = await context.newPage();
	page.complaints = [];
	const own = [house.portal, house.console];
	page.on("console", (m) => {
		if (["error", "warning"].includes(m.type())) page.complaints.push(complaintOf(m, own));
	});
	page.on("pageerror", (e) => page.complaints.push(`thrown: ${e.message}`));
	page.on("request", (r) => {
		if (!own.some((o) => r.url().startsWith(o))) page.complaints.push(`request to ${r.url()}`);
	});
	return page;
}

const cookieOf = (house, { name, value }) => ({
	name,
	value,
	domain: new URL(house.console).hostname,
	path: "/",
	expires: -1,
	httpOnly: true,
	secure: false,
	sameSite: "Strict",
});

/* A refused request as "401 /api/v1/me"; anything else in its own words. */
function complaintOf(message, own) {
	const status = /the server responded with a status of (\d+)/.exec(message.text())?.[1];
	const url = message.location().url;
	const base = own.find((o) => url.startsWith(o));
	return status && base ? `${status} ${url.slice(base.length).replace(/YT-\w{4}-\w{4}/, "T")}` : message.text();
}

/* Nothing but what was announced; forgets it all. */
export function quiet(page, ...announced) {
	const loud = page.complaints.filter((c) => !announced.includes(c));
	page.complaints.length = 0;
	expect(loud.length === 0, `the page complained: ${loud.join("; ")}`);
}

export async function fillSignIn(page, user, password = PASSWORD) {
	await page.locator("input[autocomplete=username]").fill(user);
	await page.locator("input[autocomplete=current-password]").fill(password);
	await page.keyboard.press("Enter");
}

/* At the console's door, signed in. */
export async function signIn(page, house, user, password = PASSWORD) {
	await page.goto(house.console);
	await fillSignIn(page, user, password);
	await page.locator(".frame").waitFor();
	quiet(page, "401 /api/v1/me");
}

/* ---- looks */

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/* axe-core has nothing to say of the page as it stands. */
export async function accessible(page, what) {
	const found = await page.evaluate(async (values) => {
		const { violations } = await window.axe.run(document, { runOnly: { type: "tag", values } });
		return violations.map((v) => `${v.id} (${v.help}): ${v.nodes.slice(0, 3).map((n) => `${n.target.join(" ")} ${n.html.slice(0, 160)}`).join(" | ")}`);
	}, TAGS);
	expect(found.length === 0, `axe-core on ${what}:\n${found.join("\n")}`);
}

/* Nothing reaches beyond the window but inside a box that scrolls by itself. */
export async function fits(page, what) {
	const wide = await page.evaluate(() => {
		const width = document.documentElement.clientWidth;
		const beyond = (e) => {
			const r = e.getBoundingClientRect();
			return r.width > 0 && r.height > 0 && (r.right > width + 0.5 || r.left < -0.5);
		};
		const scrolls = (e) => {
			for (let x = e.parentElement; x; x = x.parentElement)
				if (["auto", "scroll"].includes(getComputedStyle(x).overflowX) && !beyond(x)) return true;
			return false;
		};
		const bad = [...document.querySelectorAll("body *")].filter(
			(e) => !e.closest(".unseen, .skip, .hidden-first") && e.checkVisibility() && beyond(e) && !scrolls(e),
		);
		const sideways = document.documentElement.scrollWidth - width;
		return [...(sideways > 0 ? [`the page is ${sideways} px too wide`] : []), ...bad.slice(0, 4).map((e) => e.outerHTML.slice(0, 120))];
	});
	expect(wide.length === 0, `${what} does not fit: ${wide.join(" | ")}`);
}
