// Which nonce a push goes out under, and what is on disk before it does (DM-NOTI-1.2 §5.1, spec-notes ruling 12).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeNotification, verifyNotification } from '../../../src/codec/notification/index.ts';
import type { PushQueue } from '../../../src/store/index.ts';
import { type FakeBinding, sampleDevice } from '../../../src/testing/index.ts';
import { type EngineBench, withEngine } from '../engine-bench.ts';

const { serverCredentials } = sampleDevice();
const unknownNonce = { serverCredentials: { scheme: 'md5', name: 's', secret: 'server secret' } } as const;

/** Under which nonce each push went out. */
function noncesOf(binding: FakeBinding): (string | null)[] {
  const { secret, nonce } = serverCredentials;
  return binding.pushes.map(({ push }) =>
    verifyNotification(decodeNotification(push.body), { secret, ...(nonce !== undefined && { nonce }) }),
  );
}

async function runUnanswered(bench: EngineBench, id: string, rounds: number): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    await bench.reaches(id, 'sent', round);
    bench.clock.advance(bench.policy.answerTimeoutMs * 8);
  }
}

test('N12-S-004 N10-S-004: the second push of an MD5 form goes out under the default nonce, then the stored one again', async () => {
  for (const format of ['dm1.2', 'dm1.3-2010']) {
    await withEngine({}, async (bench) => {
      await bench.engine.start();
      const id = await bench.push({ format });
      await runUnanswered(bench, id, 3);
      await bench.reaches(id, 'failed');
      assert.deepEqual(noncesOf(bench.wap), ['given', 'default', 'given']);
      assert.deepEqual(
        (await bench.story(id)).filter((event) => event.startsWith('resync')),
        ['resynchronising 2'],
      );
    });
  }
});

test('a nonce that a session leaves while the claim is being written signs the push', async () => {
  const nonce = Uint8Array.of(9, 8, 7, 6);
  let change: () => Promise<unknown> = async () => undefined;
  const wrapQueue = (queue: PushQueue): PushQueue => ({
    ...queue,
    claimDue: async (...claim) => {
      const claimed = await queue.claimDue(...claim);
      if (claimed.length > 0) await change();
      return claimed;
    },
  });
  await withEngine({ wrapQueue }, async (bench) => {
    change = () =>
      bench.store.recordSession({ deviceId: sampleDevice().id, serverNonce: nonce, changes: [] });
    await bench.engine.start();
    await bench.reaches(await bench.push(), 'sent');
    const [sent] = bench.wap.pushes;
    assert.ok(sent !== undefined);
    const { secret } = serverCredentials;
    assert.equal(verifyNotification(decodeNotification(sent.push.body), { secret, nonce }), 'given');
  });
});

test('the offer is on disk before the push leaves, so that its answer is understood', () =>
  withEngine({}, async (bench) => {
    const seen: (string | undefined)[] = [];
    bench.wap.respond = async ({ push }) => {
      seen.push((await bench.notification(push.id)).defaultNonce);
      return { outcome: 'sent' };
    };
    await bench.engine.start();
    const id = await bench.push();
    await runUnanswered(bench, id, 2);
    assert.deepEqual(seen.slice(0, 2), ['none', 'offered']);
  }));

test('a device whose nonce is fresh is never offered the default one unless asked', () =>
  withEngine({ policy: { resynchronise: 'never' } }, async (bench) => {
    await bench.engine.start();
    const id = await bench.push();
    await runUnanswered(bench, id, 3);
    await bench.reaches(id, 'failed');
    assert.deepEqual(noncesOf(bench.wap), ['given', 'given', 'given']);
    const asked = await bench.push({ resynchronise: true });
    await bench.reaches(asked, 'sent');
    assert.equal(noncesOf(bench.wap).at(-1), 'default');
    assert.equal((await bench.notification(asked)).defaultNonce, 'offered');
  }));

test('an unknown nonce makes the first push go out under the default one', () =>
  withEngine({ device: unknownNonce }, async (bench) => {
    await bench.engine.start();
    await bench.reaches(await bench.push(), 'sent');
    assert.deepEqual(noncesOf(bench.wap), ['default']);
  }));

test('DM-NOTI-1.3 §6.6: dm1.3 needs no nonce and offers none', () =>
  withEngine({ device: unknownNonce }, async (bench) => {
    await bench.engine.start();
    const id = await bench.push({ format: 'dm1.3' });
    await runUnanswered(bench, id, 3);
    await bench.reaches(id, 'failed');
    assert.equal((await bench.notification(id)).defaultNonce, 'none');
    assert.equal((await bench.store.device(sampleDevice().id))?.resynchronisations.offered, 0);
  }));

test('beyond the limit a known nonce is used again, and the timeline says so and what to do', async () => {
  const policy = { resynchronisations: { count: 1, windowMs: 86_400_000 } };
  await withEngine({ policy }, async (bench) => {
    await bench.engine.start();
    const ids: string[] = [];
    for (const expected of ['default', 'given']) {
      const id = await bench.push({ resynchronise: true });
      await bench.reaches(id, 'sent');
      assert.equal(noncesOf(bench.wap).at(-1), expected);
      ids.push(id);
    }
    const notes = (await bench.timeline(ids[1] ?? '')).filter(({ event }) => event === 'note');
    assert.equal(notes.length, 1);
    assert.match(notes[0]?.detail ?? '', /^1 resynchronisations in 24 h are the limit.*come by itself/);
  });
});

test('ruling 12: a first contact is no resynchronisation: a new device that is off is not given up for its nonce', () =>
  withEngine(
    { device: unknownNonce, policy: { resynchronisations: { count: 1, windowMs: 86_400_000 } } },
    async (bench) => {
      await bench.engine.start();
      for (let wake = 0; wake < 4; wake += 1) {
        const id = await bench.push();
        await runUnanswered(bench, id, 3);
        await bench.reaches(id, 'failed');
        assert.equal((await bench.store.push(id))?.reason, 'no answer after 3 pushes');
      }
      assert.deepEqual(noncesOf(bench.wap), Array(12).fill('default'));
      assert.equal((await bench.store.device(sampleDevice().id))?.resynchronisations.offered, 0);
    },
  ));

test('ruling 12: the unanswered offers of one notification count once', () =>
  withEngine({ policy: { attempts: 6 } }, async (bench) => {
    await bench.engine.start();
    const id = await bench.push({ resynchronise: true });
    await runUnanswered(bench, id, 6);
    await bench.reaches(id, 'failed');
    assert.equal(noncesOf(bench.wap).filter((nonce) => nonce === 'default').length, 4);
    assert.equal((await bench.store.device(sampleDevice().id))?.resynchronisations.offered, 1);
  }));

test('an account with basic credentials has no nonce ever, and no limit applies to it', () =>
  withEngine(
    {
      policy: { resynchronisations: { count: 1, windowMs: 86_400_000 } },
      device: { serverCredentials: { scheme: 'basic', name: 's', secret: 'server secret' } },
    },
    async (bench) => {
      await bench.engine.start();
      for (let count = 0; count < 3; count += 1) await bench.reaches(await bench.push(), 'sent');
      assert.deepEqual(noncesOf(bench.wap), ['default', 'default', 'default']);
    },
  ));
