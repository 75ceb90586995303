// The push engine on a real store: attempts, retries, expiry, answers that do not come, stopping.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError } from '../../../src/core/index.ts';
import type { SendResult } from '../../../src/push/index.ts';
import type { PushRecord } from '../../../src/store/index.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { engineKinds, withEngine } from '../engine-bench.ts';
import { settle } from '../settle.ts';

const sessionIdOf = (push?: PushRecord) => (push?.purpose === 'notification' ? push.sessionId : undefined);
const twoAddresses = { addresses: ['wap:127.0.0.1', 'sms:+491701234567'] };

for (const kind of engineKinds) {
  test(`${kind}: new work is sent at once, and every attempt says where, how and by whom`, () =>
    withEngine({}, async ({ engine, pushOf, reaches, timeline, wap }) => {
      await engine.start();
      const id = await pushOf(kind);
      await reaches(id, 'sent');
      const [queued, sending, sent] = await timeline(id);
      assert.equal(queued?.event, 'queued');
      assert.deepEqual([sending?.event, sending?.node, sending?.attempt], ['sending', 'node-1', 1]);
      assert.deepEqual(
        [sent?.event, sent?.node, sent?.attempt, sent?.binding, sent?.address],
        ['sent', 'node-1', 1, 'wap', 'wap:127.0.0.1:2948'],
      );
      assert.equal(wap.pushes.length, 1);
      assert.equal(wap.pushes[0]?.to.port, 2948);
      assert.equal(wap.pushes[0]?.push.id, id);
    }));
}

for (const kind of engineKinds) {
  test(`${kind}: what a carrier reports is recorded, and nothing more`, () =>
    withEngine({}, async ({ engine, pushOf, reaches, timeline, wap, story }) => {
      await engine.start();
      const receipts: SendResult[] = [
        { outcome: 'accepted', reference: 'smsc-1' },
        { outcome: 'delivered', reference: 'obex' },
        { outcome: 'delivered' },
      ];
      for (const receipt of receipts) {
        wap.respond = () => receipt;
        const id = await pushOf(kind);
        await reaches(id, receipt.outcome);
        assert.deepEqual(await story(id), [
          'queued',
          'sending 1',
          receipt.outcome === 'accepted' ? 'accepted 1' : 'delivered',
        ]);
        const reference = 'reference' in receipt ? receipt.reference : undefined;
        assert.equal((await timeline(id)).at(-1)?.reference, reference);
      }
    }));
}

for (const kind of engineKinds) {
  test(`${kind}: what waits for a device that is suspended meanwhile never goes out, and says why`, () =>
    withEngine({}, async ({ engine, pushOf, reaches, store, wap }) => {
      const id = await pushOf(kind);
      await store.updateDevice(sampleDevice().id, { suspended: true });
      await engine.start();
      await reaches(id, 'failed');
      assert.equal((await store.push(id))?.reason, 'the device is suspended');
      assert.equal(wap.pushes.length, 0);
    }));

  test(`${kind}: a device that is suspended between the claim and the attempt gets nothing`, () =>
    withEngine({}, async ({ engine, pushOf, reaches, store, wap }) => {
      const { claimDue } = store;
      // The claim has read the device; what it wrote is on disk.
      store.claimDue = async (...args) => {
        const claimed = await claimDue(...args);
        if (claimed.length > 0) await store.updateDevice(sampleDevice().id, { suspended: true });
        return claimed;
      };
      const id = await pushOf(kind);
      await engine.start();
      await reaches(id, 'failed');
      assert.equal((await store.push(id))?.reason, 'the device is suspended');
      assert.equal(wap.pushes.length, 0);
    }));
}

test('a refusal that may pass is retried after a pause that doubles, with the same Session-ID', () =>
  withEngine({ random: () => 0.999 }, async ({ engine, push, reaches, clock, wap, store, policy }) => {
    wap.respond = () => {
      throw new PushError('DOWN', 'nobody there', true);
    };
    await engine.start();
    const id = await push();
    const pauses: number[] = [];
    for (let round = 1; round <= 4; round += 1) {
      await reaches(id, 'queued', round + 1);
      const record = await store.push(id);
      assert.equal(record?.state, 'queued');
      assert.equal(record.reason, 'nobody there');
      assert.equal(record.failures, round);
      pauses.push((record.dueAt ?? 0) - clock.now());
      clock.advance(pauses.at(-1) ?? 0);
    }
    assert.deepEqual(
      pauses,
      [1, 2, 4, 8].map((times) => Math.ceil(0.999 * times * policy.backOffBaseMs)),
    );
    wap.respond = () => ({ outcome: 'sent' });
    clock.advance(20_000);
    await reaches(id, 'sent');
    const bodies = new Set(wap.pushes.map(({ push: { body } }) => Buffer.from(body).toString('hex')));
    assert.equal(bodies.size, 1, 'the same message each time');
  }));

for (const kind of engineKinds) {
  test(`${kind}: a pause never ends after the push does`, () =>
    withEngine(
      { policy: { lifetimeMs: 300 }, random: () => 0.99 },
      async ({ engine, pushOf, reaches, clock, wap, store }) => {
        wap.respond = () => {
          throw new PushError('DOWN', 'nobody there', true);
        };
        await engine.start();
        const id = await pushOf(kind);
        await reaches(id, 'queued', 2);
        assert.equal((await store.push(id))?.dueAt, clock.now() + 300);
        clock.advance(300);
        await reaches(id, 'expired');
        assert.equal(
          (await store.push(id))?.reason,
          `its time ended before ${kind === 'message' ? 'it was taken' : 'a push went out'}; met on the way: nobody there`,
        );
      },
    ));
}

for (const kind of engineKinds) {
  test(`${kind}: a refusal for good fails the push and says why`, () =>
    withEngine({}, async ({ engine, pushOf, reaches, wap, store, story }) => {
      wap.respond = () => {
        throw new PushError('BARRED', 'the subscriber is barred', false);
      };
      await engine.start();
      const id = await pushOf(kind);
      await reaches(id, 'failed');
      assert.deepEqual(await story(id), ['queued', 'sending 1', 'attempt-failed 1', 'failed']);
      assert.equal((await store.push(id))?.reason, 'the subscriber is barred');
    }));
}

for (const kind of engineKinds) {
  test(`${kind}: addresses are tried in order of preference until one takes the push`, () =>
    withEngine({ device: twoAddresses }, async ({ engine, pushOf, reaches, wap, sms, story, timeline }) => {
      wap.respond = () => {
        throw new PushError('DOWN', 'no route', false);
      };
      sms.respond = () => ({ outcome: 'accepted', reference: 'm1' });
      await engine.start();
      const id = await pushOf(kind);
      await reaches(id, 'accepted');
      const first = ['queued', 'sending 1', 'attempt-failed 1', 'queued 1'];
      assert.deepEqual(await story(id), [...first, 'sending 2', 'accepted 2']);
      const failed = (await timeline(id))[2];
      assert.deepEqual(
        [failed?.binding, failed?.address, failed?.detail],
        ['wap', 'wap:127.0.0.1', 'no route'],
      );
    }));
}

test('a push that nobody answers goes out again, by the next address, and then fails', () =>
  withEngine({ device: twoAddresses, policy: { attempts: 3 } }, async (bench) => {
    const { engine, push, reaches, wap, sms, store, clock, policy, story } = bench;
    await engine.start();
    const id = await push({ format: 'dm1.3' });
    for (let round = 1; round <= 3; round += 1) {
      await reaches(id, 'sent', round);
      // It doubles, and up to a tenth is left off.
      const longest = policy.answerTimeoutMs * 2 ** (round - 1);
      const wait = ((await store.push(id))?.dueAt ?? 0) - clock.now();
      assert.ok(wait <= longest && wait >= longest * 0.9, String(wait));
      clock.advance(wait);
    }
    await reaches(id, 'failed');
    assert.deepEqual([wap.pushes.length, sms.pushes.length], [2, 1]);
    assert.equal((await store.push(id))?.reason, 'no answer after 3 pushes');
    assert.deepEqual(await story(id), [
      ...['queued', 'sending 1', 'sent 1', 'sending 2', 'sent 2', 'sending 3', 'sent 3', 'failed'],
    ]);
  }));

test('a push that is answered is not sent again', () =>
  withEngine({}, async ({ engine, push, reaches, clock, policy, store, wap }) => {
    await engine.start();
    const id = await push();
    await reaches(id, 'sent');
    await store.change([
      { id, change: { event: 'answered', dueAt: clock.now() + 1000 } },
      { id, change: { event: 'completed' } },
    ]);
    clock.advance(policy.answerTimeoutMs * 10);
    assert.equal(await store.nextDueAt(), undefined);
    assert.equal(wap.pushes.length, 1);
  }));

test('a session that breaks off leads to another push, and to failure when there is none left', () =>
  withEngine({ policy: { attempts: 2, resynchronise: 'never' } }, async (bench) => {
    const { engine, push, reaches, clock, store, wap } = bench;
    await engine.start();
    const id = await push();
    for (let round = 1; round <= 2; round += 1) {
      await reaches(id, 'sent', round);
      await store.change([
        { id, change: { event: 'answered', dueAt: clock.now() + 1000 } },
        { id, change: { event: 'session-failed', detail: 'the client vanished', dueAt: clock.now() } },
      ]);
    }
    await reaches(id, 'failed');
    assert.equal(wap.pushes.length, 2);
    assert.equal((await store.push(id))?.reason, 'after 2 pushes: the client vanished');
  }));

test('an answered notification whose session nobody holds any more is sent again', () =>
  withEngine({}, async ({ engine, push, reaches, clock, store }) => {
    await engine.start();
    const id = await push();
    await reaches(id, 'sent');
    await store.change([{ id, change: { event: 'answered', dueAt: clock.now() + 1000 } }]);
    clock.advance(1000);
    await reaches(id, 'sent', 2);
  }));

test('a notification waits for its time, and expires at the other end', () =>
  withEngine({}, async ({ engine, push, reaches, clock, store, wap }) => {
    await engine.start();
    const at = (ms: number) => new Date(clock.now() + ms).toISOString();
    const id = await push({ notBefore: at(5000), expiresAt: at(9000) });
    clock.advance(4999);
    assert.equal((await store.push(id))?.state, 'queued');
    clock.advance(1);
    await reaches(id, 'sent');
    clock.advance(4000);
    await reaches(id, 'expired');
    assert.equal(wap.pushes.length, 1);
    assert.equal((await store.push(id))?.reason, 'its time ended unanswered after 1 push');
  }));

test('DM-NOTI-1.3 §6.4.7, DM-NOTI-1.3-2010 §6.2: the timeout of the message ends the notification', () =>
  withEngine({ policy: { lifetimeMs: 30 * 86_400_000 } }, async ({ push, clock, store }) => {
    const lifeOf = async (fields: Record<string, unknown>) =>
      ((await store.push(await push(fields)))?.expiresAt ?? 0) - clock.now();
    assert.equal(await lifeOf({ format: 'dm1.3', timeoutMinutes: 10 }), 600_000);
    assert.equal(await lifeOf({ format: 'dm1.3', timeoutMinutes: 0 }), 30 * 86_400_000);
    const timestamp = clock.now() / 1000 - 60;
    assert.equal(await lifeOf({ format: 'dm1.3', timeoutMinutes: 10, timestamp }), 540_000);
    assert.equal(await lifeOf({ format: 'dm1.3-2010', timeoutDays: 2 }), 2 * 86_400_000);
  }));

for (const kind of engineKinds) {
  test(`${kind}: what was cancelled is not sent`, () =>
    withEngine({}, async ({ engine, pushOf, pushes, store, wap }) => {
      const id = await pushOf(kind);
      assert.equal((await pushes.cancel(id)).outcome, 'cancelled');
      assert.equal((await pushes.cancel(id)).outcome, 'refused');
      assert.equal((await pushes.cancel('nothing')).outcome, 'unknown');
      await engine.start();
      const other = await pushOf(kind);
      await engine.stop();
      assert.equal((await store.push(id))?.state, 'cancelled');
      assert.ok(wap.pushes.every((each) => each.push.id === other));
    }));
}

test('no more pushes are under way than allowed', () =>
  withEngine({ maxInFlight: 3 }, async ({ engine, push, wap, reaches }) => {
    let under = 0;
    let most = 0;
    wap.respond = async () => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      under -= 1;
      return { outcome: 'sent' };
    };
    const ids: string[] = [];
    for (let count = 0; count < 20; count += 1) ids.push(await push());
    await engine.start();
    for (const id of ids) await reaches(id, 'sent');
    assert.equal(wap.pushes.length, 20);
    assert.equal(most, 3);
  }));

test('a slow carrier of messages keeps no notification waiting, nor what goes over another carrier', () =>
  withEngine({ maxInFlight: 32, device: twoAddresses }, async (bench) => {
    const { engine, pushOf, wap, sms, store, reaches } = bench;
    const answers: (() => void)[] = [];
    let open = false;
    wap.respond = () =>
      open
        ? { outcome: 'sent' }
        : new Promise((resolve) => {
            answers.push(() => resolve({ outcome: 'sent' }));
          });
    const messages: string[] = [];
    for (let count = 0; count < 40; count += 1) messages.push(await pushOf('message'));
    messages.push(await bench.pushMessage({ schemes: ['sms'] }));
    await engine.start();
    const notifications: string[] = [];
    try {
      await reaches(messages.at(-1) ?? '', 'sent');
      await eventually(() => answers.length === 30, 'the places that messages may have');
      for (let count = 0; count < 4; count += 1) notifications.push(await pushOf('notification'));
      await eventually(() => answers.length === 32, 'the places that are kept for the others');
      await settle(store);
      assert.deepEqual([engine.inFlight, wap.pushes.length, sms.pushes.length], [32, 32, 1]);
      const asked = wap.pushes.map(({ push }) => push.id);
      assert.deepEqual(new Set(asked), new Set([...messages.slice(0, 30), ...notifications.slice(0, 2)]));
    } finally {
      open = true;
      for (const answer of answers) answer();
    }
    for (const id of [...messages, ...notifications]) await reaches(id, 'sent');
    assert.deepEqual([wap.pushes.length, sms.pushes.length], [44, 1]);
  }));

for (const kind of engineKinds) {
  test(`${kind}: failures are those since a carrier took it last, and the turn begins after what was tried in vain`, () =>
    withEngine({ device: twoAddresses, policy: { attempts: 9 } }, async (bench) => {
      const { engine, pushOf, reaches, store, clock, wap, sms } = bench;
      const down = () => {
        throw new PushError('DOWN', 'nobody there', true);
      };
      wap.respond = down;
      sms.respond = down;
      await engine.start();
      const id = await pushOf(kind);
      const counts = async () => {
        const push = await store.push(id);
        return [push?.attempts, push?.sends, push?.failures];
      };
      const next = async () => clock.advance(((await store.push(id))?.dueAt ?? 0) - clock.now());
      // Each attempt has tried one address; with the last of a round comes a pause.
      await reaches(id, 'queued', 3);
      assert.deepEqual(await counts(), [2, 0, 2]);
      await next();
      await reaches(id, 'queued', 5);
      assert.deepEqual(await counts(), [4, 0, 4]);
      const failed = (await bench.timeline(id)).filter(({ event }) => event === 'attempt-failed');
      const [first, second] = twoAddresses.addresses;
      assert.deepEqual(
        failed.map(({ address }) => address),
        [first, second, first, second],
      );
      wap.respond = () => ({ outcome: 'accepted', reference: 'r1' });
      await next();
      await reaches(id, 'accepted');
      assert.deepEqual(await counts(), [5, 1, 0]);
    }));

  test(`${kind}: what is to be looked at again is looked at in its moment, whoever wrote it, not with the next poll`, () =>
    withEngine({ policy: { answerTimeoutMs: 5000, lifetimeMs: 7000 } }, async (bench) => {
      const { engine, pushOf, reaches, clock, wap, store } = bench;
      wap.respond = () => ({ outcome: 'accepted', reference: 'r1' });
      await engine.start();
      const id = await pushOf(kind);
      await reaches(id, 'accepted');
      // Nothing else is due, so the loop would sleep for as long as it may.
      await settle(store);
      clock.advance(((await store.push(id))?.dueAt ?? 0) - clock.now());
      await reaches(id, kind === 'message' ? 'unreported' : 'sending', kind === 'message' ? 1 : 2);
    }));
}

for (const kind of engineKinds) {
  test(`${kind}: a binding that does not answer is given up after its time, and the push is tried again`, () =>
    withEngine({}, async ({ engine, pushOf, wap, reaches, clock, policy, store }) => {
      let aborted = false;
      wap.respond = ({ signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        });
      await engine.start();
      const id = await pushOf(kind);
      await reaches(id, 'sending');
      while (wap.pushes.length === 0) await new Promise((resolve) => setImmediate(resolve));
      clock.advance(policy.sendTimeoutMs);
      await reaches(id, 'queued', 2);
      assert.equal(aborted, true);
      assert.match((await store.push(id))?.reason ?? '', /not taken within 30000 ms/);
    }));
}

for (const kind of engineKinds) {
  test(`${kind}: stop waits for what is under way and claims nothing more`, () =>
    withEngine({ maxInFlight: 1 }, async ({ engine, pushOf, wap, store, reaches }) => {
      let answer: (receipt: SendResult) => void = () => undefined;
      wap.respond = () =>
        new Promise((resolve) => {
          answer = resolve;
        });
      await engine.start();
      const first = await pushOf(kind);
      await reaches(first, 'sending');
      while (wap.pushes.length === 0) await new Promise((resolve) => setImmediate(resolve));
      const second = await pushOf(kind);
      const stopped = engine.stop();
      answer({ outcome: 'sent' });
      await stopped;
      assert.equal((await store.push(first))?.state, 'sent');
      assert.equal((await store.push(second))?.state, 'queued');
      assert.equal(engine.inFlight, 0);
    }));
}

for (const kind of engineKinds) {
  test(`${kind}: a node that starts again sends at once what it held when it went down`, () =>
    withEngine({}, async ({ engine, pushOf, store, reaches, story }) => {
      const id = await pushOf(kind);
      await store.claimDue({ limit: 1, leaseMs: 60_000, node: 'node-1' }, () => [{ event: 'sending' }]);
      const before = await store.push(id);
      await engine.start();
      await reaches(id, 'sent');
      assert.deepEqual(await story(id), ['queued', 'sending 1', 'sending 2', 'sent 2']);
      const after = await store.push(id);
      assert.equal(sessionIdOf(after), sessionIdOf(before));
    }));
}

test('a message that the carrier cannot take is refused before sending, with size and limit', () =>
  withEngine({}, async ({ engine, push, store, reaches, wap }) => {
    await engine.start();
    const id = await push({ vendorData: '00'.repeat(2000) });
    await reaches(id, 'failed');
    assert.equal(wap.pushes.length, 0);
    assert.match((await store.push(id))?.reason ?? '', /2038 octets, at most 1400 fit/);
  }));

test('a device reached by a scheme without a binding is refused when the push is created', () =>
  withEngine({ device: { addresses: ['sip:a@example.com', 'obex:host'] } }, async ({ push }) => {
    await assert.rejects(push(), {
      code: 'CONFIG',
      message: `device ${sampleDevice().id} is reached by sip: obex:, for which no binding is configured here (configured: wap: sms:)`,
    });
  }));

for (const kind of engineKinds) {
  test(`${kind}: an address whose binding is missing is passed over with a word on the timeline`, () =>
    withEngine({ device: { addresses: ['sip:a@example.com', 'wap:127.0.0.1'] } }, async (bench) => {
      const { engine, pushOf, reaches, timeline } = bench;
      await engine.start();
      const id = await pushOf(kind);
      await reaches(id, 'sent');
      assert.equal((await timeline(id))[2]?.detail, 'no binding is configured for sip:');
    }));
}
