// Meets obex_tcp and obex_test (Debian package openobex-apps), which speak on TCP port 650 only. Run with the name of a
// scene in a private network; prints what was seen as JSON.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PushError } from '../../src/core/index.ts';
import { contentTypes, type Push } from '../../src/push/index.ts';
import { createObexSender, ObexListener, obexPort, sendOverStream } from '../../src/push/obex/index.ts';

/** What a scene saw. */
export interface Seen {
  /** What the peer printed. */
  readonly peer: string;
  /** Exit code of the peer. */
  readonly peerCode: number | null;
  /** Receipts, or codes of errors. */
  readonly outcomes: readonly string[];
  /** Objects that arrived: octets and SHA-256. */
  readonly objects: readonly { readonly octets: number; readonly sha256: string }[];
  /** Names of drops with what was found. */
  readonly drops: readonly string[];
}

/** Content for tests: `size` octets that do not repeat soon. */
export function content(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 255);
}

/** How an object is told in `Seen`. */
export function summary(octets: Uint8Array): Seen['objects'][number] {
  return { octets: octets.length, sha256: createHash('sha256').update(octets).digest('hex') };
}

const [, program, scene = '', size = '0'] = process.argv;
const isProgram = program === import.meta.filename;
/** Where the peer runs; made only when a scene is played. */
const folder = isProgram ? mkdtempSync(join(tmpdir(), 'reveille-obex-')) : '';
const to = { host: '127.0.0.1', port: obexPort };
const never = new AbortController().signal;
/** obex_tcp saves an object without Name under this one. */
const saved = join(folder, 'OBEX_PUT_Unknown_object');

interface Ended {
  readonly output: string;
  readonly code: number | null;
}

function start(
  command: string,
  args: readonly string[],
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', (error) => {
      reject(new Error(`${command} cannot be run: is openobex-apps installed?`, { cause: error }));
    });
    child.once('close', (code) => resolve({ output, code }));
  });
  return { child, ended };
}

/** Tries again until somebody listens, and no other error comes. */
async function whenListening<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const refused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      if (!refused || tries > 200) throw error;
      await wait(25);
    }
  }
}

const pushOf = (size: number): Push => ({ id: 'p', contentType: contentTypes['dm1.3'], body: content(size) });

/** obex_tcp receives one object of `size` octets from our sender. */
async function sendTo(size: number): Promise<Seen> {
  const peer = start('obex_tcp', []);
  const sender = createObexSender();
  const receipt = await Promise.race([
    whenListening(() => sender.send(pushOf(size), to, never)),
    peer.ended.then(({ output }) => Promise.reject(new Error(`obex_tcp ended early: ${output}`))),
  ]);
  const { output, code } = await peer.ended;
  const objects = existsSync(saved) ? [summary(readFileSync(saved))] : [];
  return { peer: output, peerCode: code, outcomes: [receipt.outcome], objects, drops: [] };
}

/** obex_tcp receives the first packets of an object, and ABORT. */
async function abortTo(): Promise<Seen> {
  const peer = start('obex_tcp', []);
  const socket = await whenListening(
    () =>
      new Promise<ReturnType<typeof connect>>((resolve, reject) => {
        const made = connect(to, () => resolve(made));
        made.once('error', reject);
      }),
  );
  const abort = new AbortController();
  const sending = sendOverStream(socket, pushOf(262_144), {}, abort.signal);
  // The response to CONNECT and some Continues.
  while (socket.bytesRead < 30 && !socket.destroyed) await new Promise((resolve) => setImmediate(resolve));
  abort.abort();
  const outcome = await sending.then(
    ({ outcome: done }) => done,
    (error: unknown) => (error instanceof PushError ? error.code : String(error)),
  );
  const clean = socket.destroyed ? 'destroyed' : 'clean';
  socket.destroy();
  const { output, code } = await peer.ended;
  const objects = existsSync(saved) ? [summary(readFileSync(saved))] : [];
  return { peer: output, peerCode: code, outcomes: [outcome, clean], objects, drops: [] };
}

/** Our listener, and a peer that runs against it. */
async function listen(typed: boolean, command: string, args: readonly string[], input = ''): Promise<Seen> {
  const objects: Seen['objects'][number][] = [];
  const drops: string[] = [];
  const listener = new ObexListener({
    handler: ({ body }) => void objects.push(summary(body)),
    onDrop: ({ reason, detail }) => drops.push(`${reason}: ${detail}`),
    // obex_tcp sends no Type.
    ...(typed
      ? { typeOf: ({ name }) => (name?.endsWith('.nt') === true ? contentTypes['dm1.3'].mime : undefined) }
      : {}),
  });
  await listener.start();
  const peer = start(command, args);
  peer.child.stdin?.end(input);
  const { output, code } = await peer.ended;
  await listener.close();
  return { peer: output, peerCode: code, outcomes: [], objects, drops };
}

function fileOf(size: number): string {
  writeFileSync(join(folder, 'dm.nt'), content(size));
  return 'dm.nt';
}

const scenes: Readonly<Record<string, (size: number) => Promise<Seen>>> = {
  'send-to': sendTo,
  'abort-to': abortTo,
  'receive-from': (size) => listen(true, 'obex_tcp', [fileOf(size), to.host]),
  'refuse-from': (size) => listen(false, 'obex_tcp', [fileOf(size), to.host]),
  'get-from': () => listen(true, 'obex_test', ['-i'], 'c\ng\ndm.nt\nd\nq\n'),
};

if (isProgram) {
  process.on('exit', () => rmSync(folder, { recursive: true }));
  console.log(JSON.stringify(await scenes[scene]?.(Number(size))));
}
