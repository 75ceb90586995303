// What is sealed and does not open any more is the trouble of the push that needs it: it fails and says why, the others go out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/store/index.ts';
import { sampleDevice, samplePushMessage } from '../../../src/testing/index.ts';
import { type EngineBenchOptions, withEngine } from '../engine-bench.ts';

const { id } = sampleDevice();
const other = sampleDevice({ id: 'IMEI:2' });
const broken = (column: string) => `update devices set ${column} = ${column} || 'AAAA' where id = '${id}'`;

const rotating = (store: Store) => store.beginRotation({ deviceId: id, side: 'server', secret: 'a new one' });

const notifications: readonly (readonly [
  column: string,
  says: RegExp,
  prepare: (store: Store) => Promise<unknown>,
])[] = [
  [
    'srv_secret',
    /^it cannot be composed: devices\.srv_secret of IMEI:493005100592800 does not open: /,
    async () => {},
  ],
  ['rotations', /^devices\.rotations of IMEI:493005100592800 does not open: /, rotating],
];

for (const [column, says, prepare] of notifications) {
  test(`${column} of a device`, async () => {
    const options: EngineBenchOptions = {
      sealed: {
        prepare: async (store) => [await store.createDevice(other), await prepare(store)],
        damage: broken(column),
      },
    };
    await withEngine(options, async (bench) => {
      const failing = await bench.push();
      const { push: good } = await bench.pushes.createNotification({ device: other.id });
      await bench.engine.start();
      await bench.reaches(failing, 'failed');
      await bench.reaches(good.id, 'sent');
      assert.match((await bench.notification(failing)).reason ?? '', says);
      assert.equal(bench.wap.pushes.length, 1);
      await bench.engine.stop();
    });
  });
}

test('a secret that a notification has no use for is in nobody’s way', async () => {
  const options = { sealed: { prepare: async () => {}, damage: broken('cl_secret') } };
  await withEngine(options, async (bench) => {
    await bench.engine.start();
    await bench.reaches(await bench.push(), 'sent');
    await bench.engine.stop();
  });
});

test('the body of a message', async () => {
  const bodies = ['of the one', 'of the other'].map((text) => samplePushMessage({ body: Buffer.from(text) }));
  const prepare = (store: Store) => store.enqueue(bodies);
  const damage = `update pushes set body = body || 'AAAA' where id = (select min(id) from pushes)`;
  await withEngine({ sealed: { prepare, damage } }, async (bench) => {
    const { items } = await bench.store.listPushes({ limit: 9 });
    const [good, failing] = items.map((push) => push.id);
    await bench.engine.start();
    await bench.reaches(failing ?? '', 'failed');
    await bench.reaches(good ?? '', 'sent');
    const { reason } = (await bench.store.push(failing ?? '')) ?? {};
    assert.match(
      reason ?? '',
      new RegExp(`^it cannot be composed: pushes\\.body of ${failing} does not open: `),
    );
    assert.deepEqual(
      bench.wap.pushes.map(({ push }) => Buffer.from(push.body).toString()),
      ['of the other'],
    );
    await bench.engine.stop();
  });
});
