/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs the tests of the console's pure code (*.test.ts here) under node: bundled by esbuild from web/node_modules
 * into one module, printed as TAP. Called by Meson; by hand: node tests/browser/unit/run.mjs
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const web = join(here, "../../../web");
if (!existsSync(join(web, "node_modules/esbuild"))) {
	console.log("1..0 # SKIP esbuild is missing: run `npm ci --ignore-scripts` in web/");
	process.exit(0);
}
const { build } = createRequire(join(web, "package.json"))("esbuild");
const out = mkdtempSync(join(tmpdir(), "qt-console-"));
try {
	const tests = readdirSync(here).filter((name) => name.endsWith(".test.ts"));
	await build({
		stdin: { contents: tests.map((name) => `import "./${name}";`).join("\n"), resolveDir: here },
		outfile: join(out, "tests.mjs"),
		bundle: true,
		platform: "node",
		format: "esm",
		logLevel: "warning",
	});
	process.exitCode =
		spawnSync(process.execPath, ["--test-reporter=tap", join(out, "tests.mjs")], { stdio: "inherit" }).status ??
		1;
} finally {
	rmSync(out, { recursive: true, force: true });
}
