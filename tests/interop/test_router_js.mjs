#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// The JavaScript peers (npm zeromq) against the real router's open socket. `test_router_js.mjs BUILD`; needs npm packages
// of tests/ and /usr/bin/python3, which starts the router. Prints TAP.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const peers = await import('./peer.mjs').catch((error) => error);
if (peers.code === 'ERR_MODULE_NOT_FOUND') {
  console.log('1..0 # SKIP the npm packages of tests/ are not installed: npm ci --ignore-scripts');
  process.exit(0);
}
const { Client, Disconnected, Worker, mmi, titanicClose, titanicReply, titanicRequest, titanicWait } = peers;
const here = dirname(fileURLToPath(import.meta.url));

// The router in a process of its own: ask({ restart: "router" }) and the like, each answered by one line.
class House {
  constructor(build) {
    this.child = spawn('/usr/bin/python3', [join(here, 'bus_house.py'), 'serve', build], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async line() {
    const next = await this.lines.next();
    assert(!next.done, 'the house ended too early');
    return JSON.parse(next.value);
  }

  async ask(what) {
    this.child.stdin.write(`${JSON.stringify(what)}\n`);
    return (await this.line()).done;
  }

  stop() {
    this.child.stdin.end();
    return this.ended;
  }
}

const house = new House(process.argv[2]);
const { open } = await house.line();
const ours = [];
const client = (dialect) => ours[ours.push(new Client(open, dialect)) - 1];
const worker = (service, dialect, more) => ours[ours.push(new Worker(open, service, dialect, { beat: 100, ...more })) - 1];
const name = (what) => `${what}-${randomUUID().slice(0, 8)}`;

async function known(service) {
  const c = client();
  for (let tries = 0; tries < 500; tries++) if ((await mmi(c, service)) === '200') return;
  assert.fail(`no worker of ${service} came`);
}

// Answers count requests; whoever waits for the end awaits it.
async function served(service, dialect, count, answer = (body) => body) {
  const w = worker(service, dialect);
  const done = w.serve(answer, count, 10000);
  await known(service);
  return done.catch(() => {});
}

const text = (frames) => frames.map((f) => f.toString());

const rules = {
  async clients_and_workers_of_both_dialects_reach_each_other() {
    for (const wd of ['0.1', '0.2']) {
      const service = name('echo');
      const w = worker(service, wd);
      const serving = w.serve((body) => ['ok', ...body], 2, 10000);
      await known(service);
      for (const cd of ['0.1', '0.2']) {
        assert.deepEqual(text(await client(cd).request(service, ['a\0b', '', '倾听'])), ['ok', 'a\0b', '', '倾听']);
      }
      await serving;
    }
  },

  async frames_are_byte_for_byte_those_of_the_rfcs() {
    const service = name('gold');
    const two = client('0.2');
    const one = client('0.1');
    await two.sendRaw('MDPC02', Buffer.from([1]), 'mmi.service', service);
    assert.deepEqual(await two.receiveRaw(), ['MDPC02', '\x03', 'mmi.service', '404'].map((f) => Buffer.from(f)));
    await one.sendRaw('', 'MDPC01', 'mmi.service', service);
    assert.deepEqual(await one.receiveRaw(), ['', 'MDPC01', 'mmi.service', '404'].map((f) => Buffer.from(f)));
    const w = worker(service, '0.2');
    await known(service);
    await two.sendRaw('MDPC02', Buffer.from([1]), service, 'body', '');
    let frames = await w.receiveRaw();
    while (frames.length === 2) frames = await w.receiveRaw();
    assert.match(frames[2].toString(), /^[0-9a-f]{32}$/);
    assert.deepEqual(frames, ['MDPW02', '\x02', frames[2].toString(), '', 'body', ''].map((f) => Buffer.from(f)));
    await w.reply(frames[2], 'done');
    assert.deepEqual(await two.receiveRaw(), ['MDPC02', '\x03', service, 'done'].map((f) => Buffer.from(f)));
  },

  async mmi_knows_its_services_and_nothing_else() {
    const c = client('0.1');
    assert.equal(await mmi(c, name('nobody')), '404');
    assert.equal(await mmi(c, 'intake.submit'), '200');
    assert.equal(await mmi(c, 'order.claim'), '404');
    assert.equal(await mmi(c, '', 'mmi.discover'), '501');
  },

  async titanic_keeps_a_request_over_a_restart_of_the_router() {
    const service = name('tsp');
    const { status, id } = await titanicRequest(client(), service, 'keep', 'this');
    assert.equal(status, '200');
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.equal((await titanicReply(client('0.1'), id)).status, '300');
    await house.ask({ restart: 'router' });
    const serving = served(service, '0.2', 1, (body) => ['kept', ...body]);
    const c = client();
    assert.deepEqual(text((await titanicWait(c, id)).body), ['kept', 'keep', 'this']);
    await serving;
    assert.equal(await titanicClose(c, id), '200');
    assert.equal((await titanicReply(c, id)).status, '400');
  },

  async progress_reaches_the_client_before_the_end() {
    const service = name('parts');
    const w = worker(service, '0.2');
    await known(service);
    const c = client('0.2');
    await c.send(service, 'work');
    const { address } = await w.receive();
    await w.partial(address, 'one');
    await w.reply(address, 'two');
    assert.deepEqual(await c.receive(), { service, body: [Buffer.from('one')], final: false });
    assert.deepEqual(await c.receive(), { service, body: [Buffer.from('two')], final: true });
  },

  async a_request_given_back_or_lost_with_its_worker_goes_to_another() {
    const service = name('back');
    const first = worker(service, '0.1');
    await known(service);
    const c = client();
    await c.send(service, 'carry me');
    await first.receive();
    await first.disconnect();
    const second = worker(service, '0.2');
    assert.deepEqual(text((await second.receive()).body), ['carry me']);
    second.close();
    const third = worker(service, '0.2');
    const { address } = await third.receive(10000);
    await third.reply(address, 'carried');
    assert.deepEqual(text((await c.receive()).body), ['carried']);
  },

  async an_unsealed_request_and_foreign_roles_are_refused() {
    const c = client();
    for (const body of ['please help', '{"text":"please help"}', '']) {
      assert.equal((await c.request('intake.submit', [body]))[0].toString(), '400');
    }
    assert.equal((await c.request('order.claim', ['{}']))[0].toString(), '403');
    assert.equal((await c.request('desk.psych', ['{}']))[0].toString(), '404');
    assert.equal(await house.ask({ count: 'SELECT count(*) FROM cases' }), 0);
  },

  async reserved_names_cannot_be_registered() {
    for (const service of ['mmi.service', 'desk.psych', 'intake.submit']) {
      await assert.rejects(worker(service, '0.2').receive(), Disconnected, service);
    }
  },

  async answers_leave_in_the_order_of_the_requests() {
    const service = name('slow');
    const w = worker(service, '0.1');
    await known(service);
    const c = client('0.1');
    await c.send(service, 'first');
    await c.send('mmi.service', service);
    const { address } = await w.receive();
    await w.reply(address, 'answered');
    assert.deepEqual(text((await c.receive()).body), ['answered']);
    assert.deepEqual(text((await c.receive()).body), ['200']);
  },
};

let failed = 0;
console.log(`1..${Object.keys(rules).length}`);
for (const [number, [rule, run]] of Object.entries(rules).entries()) {
  try {
    await run();
    console.log(`ok ${number + 1} - ${rule}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${number + 1} - ${rule}`);
    for (const line of String(error.stack).split('\n')) console.log(`# ${line}`);
  }
  for (const peer of ours.splice(0)) peer.close();
}
await house.stop();
process.exit(failed ? 1 : 0);
