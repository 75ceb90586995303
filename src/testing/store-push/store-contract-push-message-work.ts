// Store contract: push messages as work: claims and leases, listeners, what carriers still have to tell.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushMessageEvent } from '../../store/index.ts';
import {
  addMessage,
  addSamples,
  changeMessage,
  claimMessage,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { samplePushMessage } from '../store/store-samples.ts';

export function pushMessageWorkContract(withStore: WithStore): void {
  test('push message: a claim hides it from others until the lease ends', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { id, body } = await addMessage(store);
      const claimed = await claimMessage(store, 1000);
      assert.equal(claimed.id, id);
      const { state, attempts, lease, claimedBy, dueAt } = claimed;
      assert.deepEqual(
        { state, attempts, lease, claimedBy, dueAt },
        { state: 'sending', attempts: 1, lease: 1, claimedBy: 'node-1', dueAt: clock.now() + 1000 },
      );
      assert.deepEqual(claimed.body, body);
      assert.deepEqual(await store.message(id), claimed);
      const nothing = () =>
        store.claimDueMessages({ limit: 9, leaseMs: 1000, node: 'node-2' }, () => assert.fail());
      assert.deepEqual(await nothing(), []);
      clock.advance(999);
      assert.deepEqual(await nothing(), []);
      clock.advance(1);
      const again = await claimMessage(store, 1000, 'node-2');
      assert.deepEqual([again.id, again.lease, again.claimedBy], [id, 2, 'node-2']);
    }));

  test('push messages: several claimers at once never get the same one', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.enqueueMessages(Array.from({ length: 50 }, () => samplePushMessage()));
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          store.claimDueMessages({ limit: 8, leaseMs: 1000, node: `node-${index}` }, () => ({
            event: 'sending',
          })),
        ),
      );
      assert.ok(claims.every((claim) => claim.length <= 8));
      assert.equal(new Set(claims.flat().map(({ id }) => id)).size, 50);
      assert.equal(claims.flat().length, 50);
    }));

  test('push messages: work comes when it is due, the longest due first', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      assert.equal(await store.nextMessageDueAt(), undefined);
      const start = clock.now();
      const late = await addMessage(store, { notBefore: start + 200 });
      const early = await addMessage(store, { notBefore: start + 100 });
      assert.equal(await store.nextMessageDueAt(), start + 100);
      const claim = () =>
        store.claimDueMessages({ limit: 9, leaseMs: 1000, node: 'n' }, () => ({ event: 'sending' }));
      assert.deepEqual(await claim(), []);
      clock.advance(300);
      assert.equal(await store.nextMessageDueAt(), start + 100, 'the past counts');
      assert.deepEqual(
        (await claim()).map(({ id }) => id),
        [early.id, late.id],
      );
    }));

  test('push message: the decision is written with the claim; what it ends is not due any more', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const queued = await addMessage(store);
      const [claimed] = await store.claimDueMessages({ limit: 9, leaseMs: 1000, node: 'n' }, (due) => {
        assert.deepEqual(due, queued);
        return { event: 'expired', detail: 'too late' };
      });
      assert.deepEqual([claimed?.state, claimed?.reason, claimed?.dueAt], ['expired', 'too late', undefined]);
      assert.equal(await store.nextMessageDueAt(), undefined);
      const last = (await store.messageTimeline(queued.id))?.at(-1);
      assert.deepEqual([last?.event, last?.node, last?.detail], ['expired', 'n', 'too late']);
    }));

  test('push message: a decision that fails or is not allowed leaves everything as it was', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const queued = await addMessage(store);
      const request = { limit: 1, leaseMs: 1, node: 'n' };
      await rejectsWith(
        'BAD_DECISION',
        store.claimDueMessages(request, () => ({ event: 'unreported' })),
      );
      const broken = store.claimDueMessages(request, () => {
        throw new Error('decide broke');
      });
      await assert.rejects(broken, /decide broke/);
      assert.deepEqual(await store.message(queued.id), queued);
      assert.equal((await store.messageTimeline(queued.id))?.length, 1);
    }));

  test('push messages: a node that starts again gets back at once what it was sending, and nothing else', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const ids: string[] = [];
      for (const node of ['a', 'a', 'b']) {
        ids.push((await addMessage(store)).id);
        await claimMessage(store, 60_000, node);
      }
      const dueAt = clock.now() + 90_000;
      await changeMessage(store, ids[1] ?? '', { event: 'accepted', dueAt });
      assert.equal(await store.releaseMessageClaims('a'), 1);
      assert.equal(await store.releaseMessageClaims('c'), 0);
      const again = await claimMessage(store, 60_000, 'a');
      assert.deepEqual([again.id, again.lease, again.attempts], [ids[0], 2, 2]);
      assert.equal((await store.message(ids[1] ?? ''))?.dueAt, dueAt);
      assert.deepEqual(
        await store.claimDueMessages({ limit: 9, leaseMs: 1, node: 'a' }, () => assert.fail()),
        [],
      );
    }));

  test('push messages: what came of an older claim stands on the timeline under its own attempt', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { id } = await addMessage(store);
      const older = await claimMessage(store, 1000);
      clock.advance(1001);
      const { lease, attempts } = await claimMessage(store);
      await changeMessage(store, id, { event: 'sent', lease: older.lease, attempt: older.attempts });
      assert.equal((await store.message(id))?.state, 'sending');
      await changeMessage(store, id, { event: 'sent', lease, attempt: attempts });
      const timeline = ((await store.messageTimeline(id)) ?? []).map(({ event, attempt }) => [
        event,
        attempt,
      ]);
      assert.deepEqual(timeline.slice(-2), [
        ['sent', 1],
        ['sent', 2],
      ]);
    }));

  test('push messages: listeners hear each event after it is written, in order, until they leave', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const heard: PushMessageEvent[] = [];
      const others: unknown[] = [];
      store.onEvent((event) => others.push(event));
      const leave = store.onMessageEvent((event) => heard.push(event));
      const { id } = await addMessage(store);
      assert.equal(heard.length, 1, 'heard before the caller is answered');
      const { lease } = await claimMessage(store);
      await changeMessage(store, id, { event: 'queued', lease: lease - 1 });
      await changeMessage(store, id, { event: 'accepted', lease, binding: 'sms', reference: 'r' });
      const [next] = await store.enqueueMessages([samplePushMessage({ replaces: { id, required: false } })]);
      assert.equal(next?.outcome, 'queued');
      leave();
      await changeMessage(store, id, { event: 'delivered' });
      const timelines = [
        ...((await store.messageTimeline(id)) ?? []).slice(0, 3),
        ...((await store.messageTimeline(next.message.id)) ?? []),
      ];
      assert.deepEqual(heard, timelines);
      const sequences = heard.map(({ sequence }) => sequence);
      assert.deepEqual(
        sequences,
        [...new Set(sequences)].sort((a, b) => a - b),
      );
      assert.deepEqual(others, []);
    }));

  test('push messages: references of accepted ones are found in pages, until their carrier has reported', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const ids: string[] = [];
      for (const reference of [undefined, 'sim:1', 'sim:2', 'sim:3']) {
        const { id } = await addMessage(store);
        ids.push(id);
        await changeMessage(store, id, { event: 'sending' });
        const receipt = { event: 'accepted', binding: 'sms' } as const;
        await changeMessage(store, id, { ...receipt, ...(reference !== undefined && { reference }) });
      }
      const address = 'sms:+491701111111';
      const late = { event: 'accepted', binding: 'sms', address, reference: 'sim:4', lease: -1 } as const;
      assert.equal((await changeMessage(store, ids[1] ?? '', late)).verdict, 'kept');
      const [, one = '', two = '', three = ''] = ids;
      const awaits = (notificationId: string, reference: string) => ({
        notificationId,
        binding: 'sms',
        reference,
      });
      assert.deepEqual(await store.awaitedMessageReports(1), [
        awaits(one, 'sim:1'),
        { ...awaits(one, 'sim:4'), address },
      ]);
      assert.deepEqual(await store.awaitedMessageReports(2, one), [
        awaits(two, 'sim:2'),
        awaits(three, 'sim:3'),
      ]);
      assert.deepEqual(await store.awaitedMessageReports(2, three), []);
      await changeMessage(store, two, { event: 'delivered' });
      await changeMessage(store, three, { event: 'unreported' });
      assert.deepEqual(await store.awaitedMessageReports(9, one), []);
      assert.deepEqual(await store.awaitedReports(9), []);
    }));
}
