// SPDX-License-Identifier: Apache-2.0
// A Majordomo peer written from the RFCs alone (7/MDP 0.1, 18/MDP 0.2, 8/MMI, 9/TSP) on npm `zeromq`, knowing nothing
// of our code.
//
// As a library: new Client(endpoint, dialect), new Worker(endpoint, service, dialect), mmi(), titanicRequest(),
// titanicReply(), titanicWait(), titanicClose(). Bodies are strings or Buffers; what comes is Buffers.
// As a program, for tests in other languages:
//   node peer.mjs client ENDPOINT DIALECT SERVICE BODY...    prints the reply's frames, one line of JSON text each
//   node peer.mjs worker ENDPOINT DIALECT SERVICE [COUNT]    answers COUNT requests (default: all) with their own body
// Timeouts are in milliseconds.
import { fileURLToPath } from 'node:url';
import { Dealer } from 'zeromq';

const EMPTY = Buffer.alloc(0);
const CLIENT_HEADER = { '0.1': 'MDPC01', '0.2': 'MDPC02' };
const WORKER_HEADER = { '0.1': 'MDPW01', '0.2': 'MDPW02' };
// RFC 18, client commands. MDP 0.1 has none.
const CLIENT_COMMANDS = { REQUEST: 1, PARTIAL: 2, FINAL: 3 };
const WORKER_COMMANDS = {
  '0.1': { READY: 1, REQUEST: 2, REPLY: 3, HEARTBEAT: 4, DISCONNECT: 5 },
  '0.2': { READY: 1, REQUEST: 2, PARTIAL: 3, REPLY: 4, HEARTBEAT: 5, DISCONNECT: 6 },
};

export class ProtocolError extends Error {}
export class TimeoutError extends Error {}
export class Disconnected extends Error {}

function expect(condition, what, frames) {
  if (condition) return;
  const shown = frames.map((f) => JSON.stringify(f.toString('latin1')));
  throw new ProtocolError(`${what}: ${shown.join(' ')}`);
}

// One connected DEALER. A socket allows one receive at a time, so one read loop feeds whoever waits.
class Peer {
  #inbox = [];
  #waiting = [];
  #closed = false;

  // curve: { publicKey, secretKey, serverKey } in Z85
  constructor(endpoint, curve) {
    this.socket = new Dealer({ linger: 1000, ipv6: true });
    if (curve) {
      this.socket.curvePublicKey = curve.publicKey;
      this.socket.curveSecretKey = curve.secretKey;
      this.socket.curveServerKey = curve.serverKey;
    }
    this.socket.connect(endpoint);
    this.#read();
  }

  async #read() {
    try {
      for await (const frames of this.socket) {
        const next = this.#waiting.shift();
        if (next) next(frames);
        else this.#inbox.push(frames);
      }
    } catch (error) {
      if (!this.#closed) throw error;
    }
  }

  // Any frames at all, for tests of bad input.
  sendRaw(...frames) {
    return this.socket.send(frames);
  }

  receiveRaw(timeout = 5000) {
    if (this.#inbox.length) return Promise.resolve(this.#inbox.shift());
    return new Promise((resolve, reject) => {
      const take = (frames) => {
        clearTimeout(timer);
        resolve(frames);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(new TimeoutError(`nothing came within ${timeout} ms`));
      }, timeout);
      this.#waiting.push(take);
    });
  }

  close() {
    this.#closed = true;
    this.socket.close();
  }
}

// MDP has no correlation: replies come in the order of the requests, and each names its service.
export class Client extends Peer {
  constructor(endpoint, dialect = '0.2', curve = undefined) {
    super(endpoint, curve);
    this.dialect = dialect;
  }

  send(service, ...body) {
    const head = this.dialect === '0.1' ? [EMPTY, 'MDPC01'] : ['MDPC02', Buffer.from([CLIENT_COMMANDS.REQUEST])];
    return this.sendRaw(...head, service, ...body);
  }

  // { service, body, final }. MDP 0.1 knows final replies only.
  async receive(timeout = 5000) {
    const frames = await this.receiveRaw(timeout);
    const rest = [...frames];
    if (this.dialect === '0.1') expect(rest.shift()?.length === 0, 'a 0.1 reply begins with an empty frame', frames);
    expect(rest.shift()?.toString() === CLIENT_HEADER[this.dialect], "the header of the client's dialect", frames);
    let command = CLIENT_COMMANDS.FINAL;
    if (this.dialect === '0.2') {
      const frame = rest.shift();
      command = frame?.length === 1 ? frame[0] : 0;
      expect(command === CLIENT_COMMANDS.PARTIAL || command === CLIENT_COMMANDS.FINAL, 'PARTIAL or FINAL', frames);
    }
    expect(rest.length >= 2, 'a reply has a service and a body', frames);
    return { service: rest[0].toString(), body: rest.slice(1), final: command === CLIENT_COMMANDS.FINAL };
  }

  // Sends and waits; gives the frames of all PARTIAL replies and the FINAL one, in order.
  async request(service, body, timeout = 5000) {
    await this.send(service, ...body);
    const got = [];
    for (let final = false; !final;) {
      const reply = await this.receive(timeout);
      expect(reply.service === service, `the reply is for ${service}`, [Buffer.from(reply.service)]);
      got.push(...reply.body);
      final = reply.final;
    }
    return got;
  }
}

// READY is sent at once. receive() beats while it waits, as the RFC asks of an idle worker.
export class Worker extends Peer {
  constructor(endpoint, service, dialect = '0.2', { curve, ready = true, beat = 1000 } = {}) {
    super(endpoint, curve);
    Object.assign(this, { dialect, service, beat, beatsHeard: 0 });
    this.started = ready ? this.ready() : Promise.resolve();
  }

  say(command, ...frames) {
    const head = this.dialect === '0.1' ? [EMPTY] : [];
    const code = Buffer.from([WORKER_COMMANDS[this.dialect][command]]);
    return this.sendRaw(...head, WORKER_HEADER[this.dialect], code, ...frames);
  }

  ready() {
    return this.say('READY', this.service);
  }

  heartbeat() {
    return this.say('HEARTBEAT');
  }

  // Also how a request that is held is given back.
  disconnect() {
    return this.say('DISCONNECT');
  }

  partial(address, ...body) {
    return this.say('PARTIAL', address, EMPTY, ...body);
  }

  reply(address, ...body) {
    return this.say('REPLY', address, EMPTY, ...body);
  }

  // The next command, whatever it is: { name, frames }.
  async command(timeout = 5000) {
    const frames = await this.receiveRaw(timeout);
    const rest = [...frames];
    if (this.dialect === '0.1') expect(rest.shift()?.length === 0, 'a 0.1 command begins with an empty frame', frames);
    expect(rest.shift()?.toString() === WORKER_HEADER[this.dialect], "the header of the worker's dialect", frames);
    const code = rest.shift();
    const known = Object.entries(WORKER_COMMANDS[this.dialect]).find(([, c]) => code?.length === 1 && code[0] === c);
    expect(known, 'a known command', frames);
    return { name: known[0], frames: rest };
  }

  // The next request as { address, body }; throws Disconnected when told to go.
  async receive(timeout = 5000) {
    const until = performance.now() + timeout;
    for (;;) {
      let next;
      try {
        next = await this.command(Math.max(0, Math.min(this.beat, until - performance.now())));
      } catch (error) {
        if (!(error instanceof TimeoutError) || performance.now() >= until) throw error;
        await this.heartbeat();
        continue;
      }
      const { name, frames } = next;
      if (name === 'DISCONNECT') throw new Disconnected();
      if (name === 'HEARTBEAT') {
        expect(frames.length === 0, 'a heartbeat is alone', frames);
        this.beatsHeard++;
        continue;
      }
      expect(name === 'REQUEST' && frames.length >= 3 && frames[1].length === 0, `a request, not ${name}`, frames);
      return { address: frames[0], body: frames.slice(2) };
    }
  }

  // Answers requests with the frames answer(body) gives, until count is reached.
  async serve(answer, count = Infinity, timeout = 5000) {
    for (let done = 0; done < count; done++) {
      const { address, body } = await this.receive(timeout);
      await this.reply(address, ...(await answer(body)));
    }
  }
}

// 8/MMI: "200" when a worker serves it, "404" when not, "501" for what the broker does not know.
export async function mmi(client, service, about = 'mmi.service') {
  return (await client.request(about, [service]))[0].toString();
}

// 9/TSP: { status, id }; id is undefined when refused.
export async function titanicRequest(client, service, ...body) {
  const reply = await client.request('titanic.request', [service, ...body]);
  return { status: reply[0].toString(), id: reply[1]?.toString() };
}

// { status, body }: "200" with the reply, "300" not yet, "400" unknown.
export async function titanicReply(client, id) {
  const reply = await client.request('titanic.reply', [id]);
  return { status: reply[0].toString(), body: reply.slice(1) };
}

export async function titanicClose(client, id) {
  return (await client.request('titanic.close', [id]))[0].toString();
}

// Asks until there is a reply.
export async function titanicWait(client, id, timeout = 10000) {
  for (const until = performance.now() + timeout; performance.now() < until;) {
    const reply = await titanicReply(client, id);
    if (reply.status !== '300') return reply;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new TimeoutError(`titanic had no reply within ${timeout} ms`);
}

async function main([what, endpoint, dialect, service, ...rest]) {
  if (what === 'client' && rest.length) {
    const client = new Client(endpoint, dialect);
    for (const frame of await client.request(service, rest)) console.log(JSON.stringify(frame.toString()));
    client.close();
  } else if (what === 'worker' && service && rest.length <= 1) {
    const worker = new Worker(endpoint, service, dialect);
    await worker.serve((body) => body, rest.length ? Number(rest[0]) : Infinity, 3600000);
    worker.close();
  } else {
    console.error('peer.mjs client ENDPOINT DIALECT SERVICE BODY... | worker ENDPOINT DIALECT SERVICE [COUNT]');
    process.exitCode = 2;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
