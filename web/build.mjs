/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds the counselor's console. `node build.mjs --plain OUT` writes what tools/embed.py takes (console.js,
 * console.css, index.html, root/favicon.svg: it hashes and packs by itself); `node build.mjs OUT` writes a site that
 * any static server can serve: hashed names, .br and .gz beside each file, manifest.json with sizes. Both fail on a
 * type error (unless --no-check) and when a budget of the design (JavaScript 70 KB, styles 12 KB, brotli) is broken.
 * For Meson: --stamp FILE is touched at the end, --depfile FILE names everything read. Reads ../i18n; writes only to
 * OUT and those two.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const BUDGET = { ".js": 70 * 1024, ".css": 12 * 1024 };
const BUNDLED_KEYS = /^(console|word)\./;

/* Of the shared catalogue only the console's own keys travel to the browser. */
const catalogue = {
	name: "catalogue",
	setup(b) {
		b.onLoad({ filter: /[\\/]i18n[\\/][\w-]+\.json$/ }, (args) => {
			const all = JSON.parse(readFileSync(args.path, "utf8"));
			const ours = Object.fromEntries(Object.entries(all).filter(([key]) => BUNDLED_KEYS.test(key)));
			return { contents: JSON.stringify(ours), loader: "json" };
		});
	},
};

export async function bundle(minify = true) {
	const made = await build({
		absWorkingDir: here,
		entryPoints: { console: "src/main.tsx", styles: "styles/console.css" },
		outdir: "out",
		write: false,
		metafile: true,
		bundle: true,
		minify,
		format: "esm",
		target: ["chrome109", "firefox115", "safari16.4"],
		jsx: "automatic",
		jsxImportSource: "preact",
		legalComments: "none",
		charset: "utf8",
		plugins: [catalogue],
		logLevel: "warning",
	});
	const text = (ending) => Buffer.from(made.outputFiles.find((f) => f.path.endsWith(ending)).contents);
	const files = {
		"console.js": text("console.js"),
		"console.css": text("styles.css"),
		"index.html": readFileSync(join(here, "index.html")),
		"root/favicon.svg": readFileSync(join(here, "root/favicon.svg")),
	};
	const inputs = [...Object.keys(made.metafile.inputs), "index.html", "root/favicon.svg", "build.mjs"].map((f) =>
		join(here, f),
	);
	return { files, inputs };
}

const brotli = (data) =>
	brotliCompressSync(data, {
		params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length },
	});

function put(out, name, data) {
	mkdirSync(dirname(join(out, name)), { recursive: true });
	writeFileSync(join(out, name), data);
}

function checkBudgets(files) {
	for (const [name, data] of Object.entries(files)) {
		const limit = BUDGET[name.slice(name.lastIndexOf("."))];
		const size = brotli(data).length;
		console.log(`${name}: ${data.length} bytes, ${size} in brotli${limit ? ` of ${limit} allowed` : ""}`);
		if (limit && size > limit) {
			console.error(`${name} is ${size - limit} bytes over its budget (web/build.mjs, BUDGET).`);
			process.exitCode = 1;
		}
	}
}

function writeSite(out, files) {
	const hashed = (name, data) => {
		const dot = name.lastIndexOf(".");
		return `${name.slice(0, dot)}-${createHash("sha256").update(data).digest("hex").slice(0, 10)}${name.slice(dot)}`;
	};
	const names = Object.fromEntries(["console.js", "console.css"].map((n) => [n, hashed(n, files[n])]));
	const manifest = [];
	for (const [name, data] of Object.entries(files)) {
		const final = names[name] ?? basename(name);
		const content =
			name === "index.html"
				? Buffer.from(
						Object.entries(names).reduce(
							(html, [a, b]) => html.replace(`/assets/${a}`, `/assets/${b}`),
							`${data}`,
						),
					)
				: data;
		const br = brotli(content),
			gz = gzipSync(content, { level: 9 });
		put(out, final, content);
		put(out, `${final}.br`, br);
		put(out, `${final}.gz`, gz);
		manifest.push({
			path: names[name] ? `/assets/${final}` : `/${final}`,
			file: final,
			immutable: name in names,
			bytes: content.length,
			br: br.length,
			gz: gz.length,
		});
	}
	put(out, "manifest.json", JSON.stringify(manifest, null, "\t") + "\n");
}

/* Only what an earlier run of ours has written is taken away. */
function forgetSite(out) {
	const list = join(out, "manifest.json");
	if (existsSync(list))
		for (const { file } of JSON.parse(readFileSync(list, "utf8")))
			for (const ending of ["", ".br", ".gz"]) rmSync(join(out, file + ending), { force: true });
}

function typesHold() {
	const tsc = join(here, "node_modules/typescript/bin/tsc");
	return spawnSync(process.execPath, [tsc, "-p", join(here, "tsconfig.json")], { stdio: "inherit" }).status === 0;
}

async function main() {
	const flag = { type: "boolean", default: false },
		file = { type: "string" };
	const {
		values,
		positionals: [out],
	} = parseArgs({
		allowPositionals: true,
		options: { plain: flag, "no-check": flag, "no-minify": flag, stamp: file, depfile: file },
	});
	if (!out) {
		console.error(
			"Say where to write: node web/build.mjs [--plain] [--no-check] [--no-minify] [--stamp F --depfile F] OUT",
		);
		process.exit(2);
	}
	if (!values["no-check"] && !typesHold()) {
		console.error("The types of web/src do not hold (see above); nothing was written.");
		process.exit(1);
	}
	const { files, inputs } = await bundle(!values["no-minify"]);
	if (values.plain) {
		for (const [name, data] of Object.entries(files)) put(out, name, data);
	} else {
		forgetSite(out);
		writeSite(out, files);
	}
	checkBudgets(files);
	if (values.depfile && values.stamp)
		writeFileSync(
			values.depfile,
			`${values.stamp}: ${inputs.map((f) => f.replaceAll(" ", "\\ ")).join(" ")}\n`,
		);
	if (values.stamp) writeFileSync(values.stamp, "");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
