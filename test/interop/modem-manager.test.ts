// ModemManager itself, in its test mode on a bus of its own, with a simulated modem behind it: what it reads of our messages, and
// our receiver at its D-Bus interfaces.
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { encodeDeliver } from '../../src/codec/sms/index.ts';
import { hexToBytes } from '../../src/core/index.ts';
import {
  ManagerReceiver,
  type ManagerReceiverOptions,
  managedModemInfo,
} from '../../src/push/modem/index.ts';
import type { ReceivedSmsPush } from '../../src/push/sms/index.ts';
import { eventually, ModemSimulator } from '../../src/testing/index.ts';
import { deliveries, pushOf } from '../push/modem/support.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-mm-'));
const busAddress = `unix:path=${join(folder, 'bus')}`;
const line = join(folder, 'modem');
const simulator = new ModemSimulator();
const server = createServer((socket) => simulator.attach(socket));
const children: ChildProcess[] = [];
let object = '';

/** Calls ModemManager by dbus-send. */
function call(path: string, method: string, ...args: readonly string[]): Promise<string> {
  const to = ['--print-reply', '--dest=org.freedesktop.ModemManager1'];
  return new Promise((resolve) => {
    execFile('dbus-send', [`--bus=${busAddress}`, ...to, path, method, ...args], (error, stdout, stderr) =>
      resolve(error === null ? stdout : `failed: ${stderr}`),
    );
  });
}

async function until(probe: () => Promise<boolean>): Promise<void> {
  while (!(await probe())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function startManager(): Promise<void> {
  const flags = [
    '--test-session',
    '--test-enable',
    '--test-no-udev',
    '--test-no-suspend-resume',
    '--test-no-qrtr',
  ];
  children.push(
    spawn('/usr/sbin/ModemManager', ['--no-auto-scan', ...flags], {
      env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: busAddress },
      stdio: 'ignore',
    }),
  );
  const root = '/org/freedesktop/ModemManager1';
  await until(async () => {
    const said = await call(
      root,
      'org.freedesktop.ModemManager1.Test.SetProfile',
      'string:test',
      'string:generic',
      `array:string:${line}`,
    );
    return !said.startsWith('failed');
  });
  await until(async () => {
    object = await managedModemInfo({ busAddress }).then(
      (info) => info.object,
      () => '',
    );
    return object !== '';
  });
  await until(
    async () =>
      !(await call(object, 'org.freedesktop.ModemManager1.Modem.Enable', 'boolean:true')).startsWith(
        'failed',
      ),
  );
}

async function stopManager(): Promise<void> {
  const child = children.pop();
  const ended = new Promise((resolve) => child?.once('close', resolve));
  child?.kill('SIGKILL');
  await ended;
}

before(
  async () => {
    const config = join(folder, 'bus.conf');
    const policy = '<allow send_destination="*"/><allow own="*"/><allow eavesdrop="true"/>';
    writeFileSync(
      config,
      `<busconfig><type>session</type><listen>${busAddress}</listen><auth>EXTERNAL</auth>` +
        `<policy context="default">${policy}</policy></busconfig>`,
    );
    children.push(spawn('dbus-daemon', [`--config-file=${config}`, '--nofork'], { stdio: 'ignore' }));
    await new Promise<void>((resolve) => server.listen(line, resolve));
    await startManager();
  },
  { timeout: 120_000 },
);

after(async () => {
  simulator.hangUp();
  while (children.length > 0) await stopManager();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Where ModemManager has what comes in laid (the third of +CPMS), and where it deletes. */
const memory = 'ME';

/** Until it is read: while it reads one, ModemManager 1.20.4 pays no heed to what it is told of another. */
async function deliver(tpdu: Uint8Array): Promise<void> {
  const before = simulator.commands.length;
  const index = simulator.deliver(tpdu, memory);
  await until(async () => {
    if (simulator.commands.slice(before).includes(`+CMGR=${index}`)) return true;
    simulator.say(`+CMTI: "${memory}",${index}`);
    return false;
  });
}

function receiverOf(more: Partial<ManagerReceiverOptions> = {}) {
  const received: ReceivedSmsPush[] = [];
  const handler = (push: ReceivedSmsPush): void => {
    received.push(push);
  };
  const receiver = new ManagerReceiver({ busAddress, handler, retryMs: 20, maxRetryMs: 200, ...more });
  receiver.start();
  return { receiver, received };
}

it('tells what it knows of the modem', async () => {
  const { maker, model } = await managedModemInfo({ busAddress, object });
  assert.deepEqual([maker, model], ['Reveille', 'Simulated modem']);
  await assert.rejects(managedModemInfo({ busAddress, object: `${object}9` }), {
    code: 'NO_MODEM',
    message: new RegExp(`there is ${object}$`),
  });
  await assert.rejects(managedModemInfo({ busAddress: 'unix:path=/nowhere' }), { code: 'BUS' });
});

it('hands on messages of one part and of three; others are left alone', { timeout: 120_000 }, async () => {
  const { receiver, received } = receiverOf();
  try {
    const { body } = pushOf(300);
    await deliver(hexToBytes('040b911346610089f60000208062917314080cc8f71d14969741f977fd07'));
    const mms = hexToBytes('0605040b84c00201060603be8d84af84');
    simulator.deliver(
      encodeDeliver({ from: '+4917', userData: mms, hasHeader: true, time: Date.UTC(2026, 1) }),
      memory,
    );
    for (const tpdu of deliveries(new Uint8Array(20).fill(7), { reference: 1 })) await deliver(tpdu);
    for (const tpdu of [...deliveries(body, { reference: 2 })].reverse()) await deliver(tpdu);
    await eventually(() => received.length === 2);
    assert.deepEqual(received.find((push) => push.body.length === 300)?.body, body);
    assert.deepEqual([received[0]?.from, received[0]?.content], ['+491709999999', 'dm+wbxml']);
    await eventually(() => simulator.stored(memory).length === 2);
    assert.deepEqual(simulator.stored(memory), [1, 2]);
  } finally {
    await receiver.close();
  }
});

it('goes on when ModemManager begins anew', { timeout: 120_000 }, async () => {
  const downs: string[] = [];
  let ready = 0;
  const { receiver, received } = receiverOf({
    onDown: (error) => downs.push(error.code),
    onReady: () => {
      ready += 1;
    },
  });
  try {
    await eventually(() => ready === 1);
    await stopManager();
    await eventually(() => downs.includes('MODEM_MANAGER'));
    for (const tpdu of deliveries(new Uint8Array(9), { reference: 3 })) {
      simulator.deliver(tpdu, memory);
    }
    simulator.hangUp();
    await startManager();
    await eventually(() => received.length === 1);
    await eventually(() => simulator.stored(memory).length === 2);
  } finally {
    await receiver.close();
  }
});
