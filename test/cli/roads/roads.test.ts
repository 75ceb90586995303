// The section `sms` with roads, as a configuration file has it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readConfigFile } from '../../../src/cli/bindings/config-file.ts';
import { openSender } from '../../../src/cli/bindings/open-senders.ts';
import { senderSections } from '../../../src/cli/bindings/sender-shapes.ts';
import { roadKindNames } from '../../../src/cli/roads/road-kinds.ts';
import { ConfigError } from '../../../src/core/index.ts';
import { contentTypes, type DeliveryReport, parseAddress } from '../../../src/push/index.ts';
import { SmsReceiver } from '../../../src/push/sms/index.ts';
import { eventually, SmscSimulator } from '../../../src/testing/index.ts';
import { testIo } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-roads-'));
after(() => rmSync(folder, { recursive: true }));
const never = new AbortController().signal;
let count = 0;

async function read(value: unknown) {
  count += 1;
  const file = join(folder, `${count}.json`);
  writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
  return { file, sections: await readConfigFile(testIo().io, file, senderSections) };
}

const smpp = (port: number, name: string) => ({
  kind: 'smpp',
  smscs: [{ host: '127.0.0.1', port, name, systemId: 'dms' }],
  backOffMs: 10,
  linkWaitMs: 100,
});
const push = { id: 'p', contentType: contentTypes['dm1.3'], body: Uint8Array.of(1, 2) };

test('two roads over SMPP: numbers by prefix, the second one where the first is away, reports under the road of each', async () => {
  const [near, far] = [new SmscSimulator(), new SmscSimulator()];
  const [nearPort, farPort] = [await near.start(), await far.start()];
  const handsets = [nearPort, farPort].flatMap((port) =>
    ['+491701234567', '+15550100'].map(
      (number) =>
        new SmsReceiver({
          smsc: { host: '127.0.0.1', port, systemId: 'handset' },
          number,
          handler: () => {},
        }),
    ),
  );
  const { file, sections } = await read({
    sms: {
      roads: { near: smpp(nearPort, 'n'), far: smpp(farPort, 'f') },
      routes: [
        { prefix: '+49', roads: ['near', 'far'] },
        { prefix: '', roads: ['far'] },
      ],
    },
  });
  const reports: DeliveryReport[] = [];
  const lines: string[] = [];
  const { binding, callbacks } = openSender('sms', sections, {
    file,
    onTrouble: ({ detail }) => lines.push(detail),
    onReport: (report) => {
      reports.push(report);
    },
  });
  try {
    assert.equal(callbacks, undefined);
    assert.deepEqual(binding.carriers?.names, ['sms:near+far', 'sms:far', 'sms:near!', 'sms:far!']);
    const send = async (uri: string): Promise<string> => {
      const result = await binding.send(push, parseAddress(uri), never);
      return 'reference' in result ? (result.reference ?? '') : '';
    };
    for (const handset of handsets) await handset.start();
    await eventually(() => near.counters().sessions === 3 && far.counters().sessions === 3, 'both links');
    assert.match(await send('sms:+491701234567'), /^near\/n:/);
    assert.match(await send('sms:+15550100'), /^far\/f:/);
    await eventually(() => reports.length === 2, 'a report of each');
    await near.close();
    await eventually(() => lines.some((line) => /^near: .*ECONNREFUSED/.test(line)), 'the loss of a link');
    assert.match(await send('sms:+491701234567'), /^far\/f:/);
    await eventually(() => reports.length === 3, 'the last report');
    const told = () => lines.filter((line) => line.startsWith('near > far'));
    assert.equal(told().length, 1);
    assert.match(told()[0] ?? '', /^near > far \(down\): a push; .*ECONNREFUSED/);
    assert.deepEqual(
      reports.map(({ reference, outcome }) => [reference.replace(/:.*/, ''), outcome]),
      [
        ['near/n', 'delivered'],
        ['far/f', 'delivered'],
        ['far/f', 'delivered'],
      ],
    );
  } finally {
    await binding.close();
    for (const handset of handsets) await handset.close();
    await near.close();
    await far.close();
  }
});

const road = { kind: 'smpp', smscs: [{ host: 'h', systemId: 's', password: 'hidden' }] };
const everywhere = [{ prefix: '', roads: ['a'] }];
const faults: readonly (readonly [string, unknown, RegExp])[] = [
  [
    'a kind that nobody knows',
    { roads: { a: { kind: 'pigeon' } }, routes: everywhere },
    /sms\.roads\.a\.kind: must be one of/,
  ],
  [
    'a field that is none of its kind',
    { roads: { a: { ...road, prot: 1 } }, routes: everywhere },
    /sms\.roads\.a\.prot: not a field here/,
  ],
  [
    'a value that is none',
    { roads: { a: { ...road, window: 'x' } }, routes: everywhere },
    /sms\.roads\.a\.window: must be a whole number/,
  ],
  [
    'a bound that the road has',
    { roads: { a: { ...road, window: 20_000 } }, routes: everywhere },
    /sms\.roads\.a\.window: /,
  ],
  [
    'a route to no road',
    { roads: { a: road }, routes: [{ prefix: '', roads: ['b'] }] },
    /sms\.routes\[0\]\.roads\[0\]: no road "b"/,
  ],
  ['a name that is none', { roads: { 'a/b': road }, routes: everywhere }, /"a\/b" is not 1 to 32/],
  ['roads without routes', { roads: { a: road } }, /sms: must have routes/],
];
for (const [name, sms, message] of faults) {
  test(`${name} is refused with its path, and without a secret`, async () => {
    await assert.rejects(
      async () => {
        const { file, sections } = await read({ sms });
        await openSender('sms', sections, { file }).binding.close();
      },
      (error) => {
        assert.ok(error instanceof ConfigError, String(error));
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /hidden/);
        return true;
      },
    );
  });
}

test('every kind has a shape that takes no other fields, and none called `kind`', async () => {
  const { roadKinds } = await import('../../../src/cli/roads/road-kinds.ts');
  for (const name of roadKindNames) {
    const { shape } = roadKinds[name];
    assert.equal((shape as { readonly additionalProperties?: unknown }).additionalProperties, false, name);
    assert.ok(!('kind' in shape.properties), name);
  }
});

test('the port for reports: where it is, and that nothing is known of it before a port of 0 is open', async () => {
  const { file, sections } = await read({
    sms: { roads: { a: road }, routes: everywhere, listen: { address: '127.0.0.1', port: 0, path: '/in' } },
  });
  const { binding, callbacks } = openSender('sms', sections, { file });
  try {
    assert.ok(callbacks !== undefined);
    assert.equal(callbacks.urlOf('a'), undefined);
    const url = await callbacks.listen();
    assert.match(url, /^http:\/\/127\.0\.0\.1:[0-9]+\/in$/);
    assert.equal(callbacks.urlOf('a'), `${url}/a`);
    assert.equal((await fetch(`${url}/a/x`)).status, 404);
  } finally {
    await callbacks?.close();
    await binding.close();
  }
});
