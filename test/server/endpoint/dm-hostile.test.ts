// Fifty devices, each out of step, beside each flood that strangers can make at the DM endpoint.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { type DmCommand, messageContentType, writeMessage } from '../../../src/codec/syncml/index.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { httpCarrier, listening, post } from '../dm-http.ts';
import { ScriptedDevice } from '../scripted-device.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const honestDevices = 50;
/** Tries that a device makes, as deployed ones do. */
const tries = 3;
/** Devices that try at once. */
const atOnce = 5;
/** Addresses of the flood. */
const sources = 64;

const idOf = (number: number): string => `IMEI:4930051008${String(number).padStart(5, '0')}`;
const xml = messageContentType('xml');

interface Flood {
  readonly name: string;
  /** Strokes under way at once, and the pause of each after one, in milliseconds. */
  readonly underWay: number;
  readonly pauseMs: number;
  /** True where a device has to have been there before, to be told from those who guess at its name. */
  readonly provenBefore?: boolean;
  /** One stroke, the n-th, from an address, at the name of a device. */
  strike(port: number, from: string, deviceId: string, stroke: number): Promise<unknown>;
}

function message(deviceId: string, commands: readonly DmCommand[], guess?: string): Uint8Array {
  const cred =
    guess === undefined ? {} : { cred: { meta: { format: 'b64', type: 'syncml:auth-md5' }, data: guess } };
  const header = {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId: '1',
    target: { uri: sampleAccount.url },
    source: { uri: deviceId, name: 'Bruce2' },
    ...cred,
  };
  return writeMessage({ header, commands, final: true }, 'xml');
}

const begin: DmCommand = { name: 'Alert', cmdId: '1', data: '1201', items: [] };
const many: readonly DmCommand[] = [
  begin,
  ...Array.from(
    { length: 20_000 },
    (_, each): DmCommand => ({ name: 'Get', cmdId: String(each + 2), items: [{}] }),
  ),
];

const send = (port: number, from: string, body: Uint8Array) =>
  post({ port, from, body, headers: { 'content-type': xml } }).catch(() => undefined);

const open = new Set<Socket>();

/** A connection that says a little and then nothing. */
function hang(port: number, from: string, said: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    open.add(socket);
    socket.on('error', () => resolve());
    socket.once('close', () => {
      open.delete(socket);
      resolve();
    });
    socket.once('connect', () => {
      socket.write(said);
      resolve();
    });
  });
}

const floods: readonly Flood[] = [
  {
    name: 'messages #1 under the devices’ own names and SessionIDs',
    underWay: 16,
    pauseMs: 0,
    strike: (port, from, deviceId) => send(port, from, message(deviceId, [begin])),
  },
  {
    name: 'wrong credentials in the devices’ names, of devices that were there before',
    underWay: 16,
    pauseMs: 0,
    provenBefore: true,
    strike: (port, from, deviceId, stroke) =>
      send(
        port,
        from,
        message(deviceId, [begin], Buffer.from(`guess ${stroke % 10}.......`).toString('base64')),
      ),
  },
  {
    name: 'messages of 20 000 commands',
    underWay: 4,
    pauseMs: 10,
    strike: (() => {
      const bodies = new Map<string, Uint8Array>();
      return (port: number, from: string, deviceId: string) => {
        const body = bodies.get(deviceId) ?? message(deviceId, many);
        if (bodies.size < 4) bodies.set(deviceId, body);
        return send(port, from, [...bodies.values()][0] ?? body);
      };
    })(),
  },
  {
    name: 'connections that say nothing',
    underWay: 16,
    pauseMs: 20,
    strike: (port, from) => hang(port, from, ''),
  },
  {
    name: 'bodies that never end',
    underWay: 16,
    pauseMs: 50,
    strike: (port, from) =>
      hang(
        port,
        from,
        `POST /dm HTTP/1.1\r\nhost: x\r\ncontent-type: ${xml}\r\ncontent-length: 900000\r\n\r\n${'x'.repeat(60_000)}`,
      ),
  },
];

async function enrol({ store, device }: ServerBench, port: number): Promise<ScriptedDevice[]> {
  const devices: ScriptedDevice[] = [];
  for (let number = 1; number <= honestDevices; number += 1) {
    await store.createDevice(sampleDevice({ id: idOf(number) }));
    const client = { ...device.state.client, nonce: new Uint8Array([number]) };
    const state = { ...device.state, deviceId: idOf(number), client };
    devices.push(new ScriptedDevice(state, httpCarrier(port, `127.0.9.${number}`)));
  }
  return devices;
}

/** A session within the device's own tries; gives how many it took, or 0 when none got it in. */
async function getsIn(device: ScriptedDevice): Promise<number> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const run = await device.run({ sessionId: 1, trigger: 'client' }).catch(() => undefined);
    if (run?.end?.outcome === 'completed') return attempt;
  }
  return 0;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (const { name, underWay, pauseMs, provenBefore = false, strike } of floods) {
  test(`fifty devices get in beside a flood: ${name}`, () =>
    withServer({}, (bench) =>
      listening(
        bench,
        async ({ port }) => {
          const devices = await enrol(bench, port);
          if (provenBefore) for (const device of devices) assert.equal(await getsIn(device), 1);
          let over = false;
          let strokes = 0;
          const striker = async (): Promise<void> => {
            while (!over) {
              strokes += 1;
              const from = `127.0.10.${(strokes % sources) + 1}`;
              await strike(port, from, idOf((strokes % honestDevices) + 1), strokes);
              if (pauseMs > 0) await pause(pauseMs);
            }
          };
          const strikers = Array.from({ length: underWay }, striker);
          const taken: number[] = [];
          try {
            while (strokes < 10 * underWay) await pause(1);
            for (let first = 0; first < devices.length; first += atOnce) {
              taken.push(...(await Promise.all(devices.slice(first, first + atOnce).map(getsIn))));
            }
          } finally {
            over = true;
            for (const socket of open) socket.destroy();
            await Promise.all(strikers);
          }
          assert.equal(taken.length, honestDevices);
          assert.equal(
            taken.filter((count) => count === 0).length,
            0,
            `after ${strokes} strokes of the flood`,
          );
        },
        {
          connections: { total: 400, perSource: 40 },
          bodies: { strangers: { total: 4_194_304, perHolder: 1_048_576 } },
        },
      ),
    ));
}
