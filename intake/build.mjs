/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds what the portal serves: src/portal.ts and src/portal.css through esbuild (ES2019, as the house's oldest web views want), the
 * templates and root/ as they are; then hands the folder to tools/embed.py. Fails when a budget of the design is broken (brotli: script
 * 10 KB, styles 5 KB). Called by Meson only.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, "..", "web");
const BUDGET = { "portal.js": 10 * 1024, "portal.css": 5 * 1024 };

function fail(sentence) {
	console.error(`build.mjs: ${sentence}`);
	process.exit(1);
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { python: { type: "string" }, embed: { type: "string" }, depfile: { type: "string" }, work: { type: "string" } },
});
if (!existsSync(join(web, "node_modules", "esbuild"))) fail("esbuild is missing: run `npm ci --ignore-scripts` in web/ (./hotline does).");
const { build } = createRequire(join(web, "package.json"))("esbuild");

const work = values.work;
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const made = await build({
	absWorkingDir: here,
	entryPoints: { portal: "src/portal.ts", styles: "src/portal.css" },
	outdir: "out",
	write: false,
	bundle: true,
	minify: true,
	format: "iife",
	target: ["es2019", "chrome80"],
	legalComments: "none",
	charset: "utf8",
	logLevel: "warning",
});
for (const [name, ending] of [["portal.js", "portal.js"], ["portal.css", "styles.css"]]) {
	const bytes = Buffer.from(made.outputFiles.find((f) => f.path.endsWith(ending)).contents);
	const packed = brotliCompressSync(bytes).length;
	if (packed > BUDGET[name]) fail(`${name} is ${packed} bytes in brotli; its budget is ${BUDGET[name]}.`);
	writeFileSync(join(work, name), bytes);
}
cpSync(join(here, "templates"), work, { recursive: true });
cpSync(join(here, "root"), join(work, "root"), { recursive: true });
const embedded = spawnSync(values.python, [values.embed, "assets", ...positionals, "portal", work], { stdio: "inherit" });
if (embedded.status !== 0) process.exit(1);
const list = (dir) => readdirSync(join(here, dir)).map((f) => join(here, dir, f));
const inputs = [...list("templates"), ...list("src"), ...list("root"), join(here, "templates"), join(here, "src")];
writeFileSync(values.depfile, `${positionals[0]}: ${inputs.join(" ")}\n`);
