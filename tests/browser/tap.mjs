/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules as TAP: [["what is to hold", async (stage) => …], …], one after the other, each a test; the next is tried even
 * where one fails. Used by the test_*.mjs here.
 */
const shown = (text) => `${text}`.split("\n").map((line) => `# ${line}`).join("\n");

const RULE_MS = 60_000;

function inTime(work) {
	let timer;
	const late = new Promise((_, fail) => {
		timer = setTimeout(() => fail(new Error(`it was not over within ${RULE_MS / 1000} s`)), RULE_MS);
	});
	return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/* afterwards(name, failed) may add lines to what is shown of a failure. */
export async function rules(list, stage, afterwards = async () => []) {
	let failed = 0;
	console.log(`1..${list.length}`);
	for (const [i, [name, hold]] of list.entries()) {
		try {
			await inTime(hold(stage));
			await afterwards(name, false);
			console.log(`ok ${i + 1} - ${name}`);
		} catch (error) {
			failed++;
			console.log(`not ok ${i + 1} - ${name}\n${shown(error?.stack ?? error)}`);
			for (const line of await afterwards(name, true).catch((e) => [e.message])) console.log(shown(line));
		}
	}
	return failed ? 1 : 0;
}

export function skipAll(why) {
	console.log(`1..0 # SKIP ${why}`);
	process.exit(0);
}

export function expect(held, sentence) {
	if (!held) throw new Error(sentence);
}

export function expectSame(got, wanted, what) {
	expect(JSON.stringify(got) === JSON.stringify(wanted), `${what}: ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
}
