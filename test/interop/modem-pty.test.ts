// Modems on pseudo terminals, opened as serial ports: pushes of every kind from one to the other, with a report for each message.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { encodeNotification, parseNotification } from '../../src/codec/notification/index.ts';
import { encodeDeliver } from '../../src/codec/sms/index.ts';
import { contentTypes, type DeliveryReport, type Push } from '../../src/push/index.ts';
import { AtModem, createModemSender, ModemReceiver } from '../../src/push/modem/index.ts';
import type { ReceivedSmsPush } from '../../src/push/sms/index.ts';
import { eventually, ModemSimulator, type ModemSimulatorOptions } from '../../src/testing/index.ts';
import { type Cleanup, deliveries, never, number, pushOf, reportOf, scene } from '../push/modem/support.ts';
import { assertSigned, signedPush } from '../push/short-message/signed-message.ts';
import { Witness } from './python.ts';

const sender = '+491700000001';

async function onPty(cleanup: Cleanup, options: ModemSimulatorOptions = {}) {
  const simulator = new ModemSimulator(options);
  const bridge = new Witness('pty-bridge.py', [String(await simulator.listen())]);
  const said = await bridge.next();
  assert.ok(typeof said === 'object' && said !== null && 'path' in said && typeof said.path === 'string');
  cleanup.add(() => simulator.close());
  cleanup.add(() => bridge.stop());
  return { simulator, path: said.path };
}

function pushes(): readonly Push[] {
  const common = { serverId: 'com.example.dm', sessionId: 7 };
  const key = { secret: 's', nonce: new Uint8Array(4) };
  const formats = ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const;
  const notifications = formats.map((format) => {
    const more = format === 'dm1.3' ? { timestamp: 1_764_500_000, requestedMo: [1] } : {};
    const body = encodeNotification(parseNotification({ format, ...common, ...more }), key);
    return { id: format, contentType: contentTypes[format], body };
  });
  const { body } = pushOf(250);
  const parameters = { SEC: 'USERPIN', MAC: '0123456789ABCDEF0123456789ABCDEF01234567' };
  const contentType = { ...contentTypes['connectivity+wbxml'], parameters };
  return [...notifications, { id: 'bootstrap', contentType, body }, signedPush('signed')];
}

it(
  'Package #0 of each format, a bootstrap with a MAC and a signed message of four segments arrive, and each is reported delivered',
  scene(async (cleanup) => {
    const far = await onPty(cleanup, { places: 40, chunk: 5, noise: ['+CREG: 1'] });
    const near = await onPty(cleanup, {
      alwaysEchoes: false,
      onSubmit: ({ tpdu, reference }) => {
        const { userData, hasHeader, dataCoding } = tpdu;
        const time = Date.UTC(2026, 10, 30);
        far.simulator.deliver(encodeDeliver({ from: sender, userData, hasHeader, dataCoding, time }));
        setImmediate(() => near.simulator.pass(reportOf(reference, number), '+CDS'));
        return 'taken';
      },
    });
    const modems = [near, far].map(({ path }) => new AtModem({ port: path }));
    for (const modem of modems) {
      cleanup.add(() => modem.close());
      modem.start();
    }
    const [ours, theirs] = modems;
    assert.ok(ours !== undefined && theirs !== undefined);
    const received: ReceivedSmsPush[] = [];
    const receiver = new ModemReceiver({
      modem: theirs,
      handler: (push) => {
        received.push(push);
      },
    });
    cleanup.add(() => receiver.close());
    const reports: DeliveryReport[] = [];
    const binding = createModemSender({
      modem: ours,
      onReceipt: (report) => {
        reports.push(report);
      },
    });
    cleanup.add(() => binding.close());
    await ours.whenReady(20_000, never);
    await theirs.whenReady(20_000, never);
    const all = pushes();
    for (const push of all) await binding.send(push, { number }, never);
    await eventually(() => reports.length === all.length && received.length === all.length);
    assert.deepEqual(
      reports.map(({ pushId, outcome }) => [pushId, outcome]).sort(),
      all.map(({ id }) => [id, 'delivered']).sort(),
    );
    for (const { body, contentType } of all) {
      const found = received.find((one) => Buffer.compare(one.body, body) === 0);
      assert.equal(found?.from, sender);
      assert.deepEqual(found?.parameters, 'parameters' in contentType ? contentType.parameters : {});
    }
    assertSigned(received.at(-1)?.body ?? new Uint8Array());
    const signed = reports.find(({ pushId }) => pushId === 'signed');
    assert.equal(signed?.references.length, 4);
    await eventually(() => far.simulator.stored().length === 0);
    assert.equal(near.simulator.submitted.length, 3 + 3 + 4);
  }),
);

it(
  'gammu identifies the simulated modem and reads its messages',
  scene(async (cleanup) => {
    const { simulator, path } = await onPty(cleanup);
    const folder = mkdtempSync(join(tmpdir(), 'reveille-gammu-'));
    cleanup.add(async () => rmSync(folder, { recursive: true }));
    const config = join(folder, 'gammurc');
    writeFileSync(
      config,
      `[gammu]\nport = ${path}\nconnection = at115200\nmodel = at\nsynchronizetime = no\n`,
    );
    for (const tpdu of deliveries(new Uint8Array(20).fill(0x41))) simulator.deliver(tpdu);
    const said = await new Promise<string>((resolve) => {
      execFile('gammu', ['-c', config, 'getallsms'], { timeout: 60_000 }, (_, stdout, stderr) =>
        resolve(`${stdout}${stderr}`),
      );
    });
    assert.match(said, /\+491709999999/);
    assert.match(said, /\+491720000000/);
  }),
);
