// Runs the DM sessions of many devices: `node dm-load.ts SPEC`, SPEC being a `DmLoadSpec` as JSON. Does what its parent asks
// (`DmLoadAsked`), answers each with a `DmLoaded`, and keeps the nonces of its devices meanwhile.
import { Pool } from 'undici';
import { DmDevice, type Exchange } from './dm-device.ts';
import { deviceId } from './names.ts';

/** Whose sessions they are. */
export interface DmLoadSpec {
  /** Devices of `fill.ts`, from the first on. */
  readonly devices: number;
  /** Sessions at once, each over a connection of its own. */
  readonly connections: number;
}

/** So many sessions at a server, the devices in turn; or the messages of the last one sent as often to an echo. */
export interface DmLoadAsked {
  readonly what: 'sessions' | 'messages';
  /** Such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly count: number;
}

/** What came of it. */
export interface DmLoaded {
  readonly seconds: number;
  /** Messages that were sent. */
  readonly messages: number;
  readonly failed: number;
  /** Why the first one failed. */
  readonly failure?: string;
}

const spec = JSON.parse(process.argv[2] ?? '{}') as DmLoadSpec;
const path = '/dm';
const largestSessionId = 0xffff;
const devices = Array.from({ length: spec.devices }, (_, index) => new DmDevice(deviceId(index)));
const sessionsOf = new Map<DmDevice, number>();
let lastSent: readonly Uint8Array[] = [];

async function load({ what, origin, count }: DmLoadAsked): Promise<DmLoaded> {
  const pool = new Pool(origin, { connections: spec.connections, pipelining: 1 });
  const exchange: Exchange = async ({ path: target, contentType, body }) => {
    const headers = { 'content-type': contentType };
    const answer = await pool.request({ method: 'POST', path: target, headers, body });
    return { status: answer.statusCode, body: new Uint8Array(await answer.body.arrayBuffer()) };
  };
  let [next, messages, failed] = [0, 0, 0];
  let failure: string | undefined;
  const one = what === 'sessions' ? session : sameMessages;
  const connection = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const { sent, failure: why } = await one(index, exchange);
      messages += sent.length;
      if (why === undefined) continue;
      failed += 1;
      failure ??= why;
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: spec.connections }, connection));
  const seconds = (performance.now() - begun) / 1000;
  await pool.close();
  return { seconds, messages, failed, ...(failure !== undefined && { failure }) };
}

async function session(index: number, exchange: Exchange) {
  const device = devices[index % devices.length];
  if (device === undefined) throw new RangeError('there are no devices');
  const sessionId = ((sessionsOf.get(device) ?? 0) % largestSessionId) + 1;
  sessionsOf.set(device, sessionId);
  const run = await device.session(sessionId, path, exchange);
  lastSent = run.sent;
  return run;
}

async function sameMessages(_: number, exchange: Exchange) {
  for (const body of lastSent) await exchange({ path, contentType: 'application/vnd.syncml.dm+wbxml', body });
  return { sent: lastSent, failure: undefined };
}

process.on('disconnect', () => process.exit(0));
process.on('message', (asked) => {
  void load(asked as DmLoadAsked).then((loaded) => process.send?.(loaded));
});
