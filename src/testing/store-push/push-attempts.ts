// Store contract: attempts of a push: who may still speak of them, what is counted, what carriers call them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushChange, PushRecord, Store } from '../../store/index.ts';
import { type PushKind, pushKinds } from '../store/push-kinds.ts';
import { addSamples, changeOne, claimOne, enqueueOne, type WithStore } from '../store/store-contract-base.ts';
import type { ManualClock } from '../time/manual-clock.ts';

/** Sends a push that a carrier took once more. */
async function sendAgain(store: Store, clock: ManualClock, { again }: PushKind, id: string) {
  await changeOne(store, id, { event: again, dueAt: clock.now() });
  return await claimOne(store);
}

const counts = ({ attempts, sends, failures }: PushRecord) => [attempts, sends, failures];

const names = (push: PushRecord | undefined) => [push?.reference, push?.givenUp];

export function attemptContract(withStore: WithStore): void {
  for (const kind of pushKinds) {
    const { purpose, request } = kind;

    test(`${purpose}: a claimer that comes back after its lease cannot undo the work of the next one`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const old = await claimOne(store, 1000);
        clock.advance(1000);
        const { lease } = await claimOne(store, 1000);
        for (const event of ['queued', 'failed', 'expired'] as const) {
          const late = await changeOne(store, id, { event, lease: old.lease, dueAt: 1 });
          assert.equal(late.verdict, 'refused', event);
        }
        const remark = { event: 'attempt-failed', dueAt: 1, refusedAddress: 'sms:1' } as const;
        const kept = await changeOne(store, id, { ...remark, lease: old.lease });
        assert.equal(kept.verdict, 'kept');
        assert.equal(kept.push.dueAt, clock.now() + 1000);
        assert.deepEqual(kept.push.refusedAddresses, ['sms:1'], 'an address that refused stays refused');
        const late = await changeOne(store, id, { event: 'sent', lease: old.lease });
        assert.deepEqual([late.verdict, late.push.state], ['kept', 'sending']);
        assert.equal((await changeOne(store, id, { event: 'sent', lease })).verdict, 'changed');
        assert.equal((await store.timeline(id))?.length, 6);
      }));

    test(`${purpose}: what came of an older claim stands on the timeline under its own attempt`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const older = await claimOne(store, 1000);
        clock.advance(1001);
        const { lease, attempts } = await claimOne(store);
        const sent = { event: 'sent', binding: 'wap' } as const;
        const late = await changeOne(store, id, { ...sent, lease: older.lease, attempt: older.attempts });
        assert.deepEqual([late.verdict, late.push.state], ['kept', 'sending']);
        await changeOne(store, id, { ...sent, lease, attempt: attempts });
        const timeline = ((await store.timeline(id)) ?? []).map(({ event, attempt }) => [event, attempt]);
        assert.deepEqual(timeline, [
          ['queued', undefined],
          ['sending', 1],
          ['sending', 2],
          ['sent', 1],
          ['sent', 2],
        ]);
      }));

    test(`${purpose}: attempts, sends and failures are counted, the reason is kept, the timeline tells of each`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const dueAt = clock.now();
        const receipt = { binding: 'sms', address: 'sms:1', reference: 'r' };
        for (const [change, counted] of [
          [{ event: 'queued', detail: 'no route' }, [1, 0, 1]],
          [{ event: 'queued', detail: 'none yet' }, [2, 0, 2]],
          [{ event: 'accepted', ...receipt }, [3, 1, 0]],
        ] as const) {
          const { lease } = await claimOne(store);
          const { push } = await changeOne(store, id, { ...change, lease, dueAt });
          assert.deepEqual(counts(push), counted);
        }
        assert.equal((await store.push(id))?.reason, 'none yet');
        assert.deepEqual(
          (await store.timeline(id))?.map(({ event, attempt, binding, address, reference, detail }) => [
            event,
            attempt,
            ...(event === 'accepted' ? [binding, address, reference] : [detail]),
          ]),
          [
            ['queued', undefined, undefined],
            ['sending', 1, undefined],
            ['queued', 1, 'no route'],
            ['sending', 2, undefined],
            ['queued', 2, 'none yet'],
            ['sending', 3, undefined],
            ['accepted', 3, 'sms', 'sms:1', 'r'],
          ],
        );
        const claimed = await sendAgain(store, clock, kind, id);
        // What a carrier gave up it had taken: that is no failure.
        assert.deepEqual(counts(claimed), [4, 1, 0]);
        const { push } = await changeOne(store, id, { event: 'queued', detail: 'given up', dueAt });
        assert.deepEqual(counts(push), [4, 1, 1]);
        assert.equal(push.reason, 'given up');
        assert.deepEqual(await store.push(id), push);
      }));

    test(`${purpose}: failures go back to 0 when a carrier takes it, whatever the carrier can tell`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        for (const event of ['sent', 'accepted', 'delivered'] as const) {
          const { id } = await enqueueOne(store, request());
          const dueAt = clock.now();
          await claimOne(store);
          await changeOne(store, id, { event: 'queued', dueAt });
          await claimOne(store);
          const { push } = await changeOne(store, id, { event, dueAt: dueAt + 100_000 });
          assert.deepEqual(counts(push), [2, 1, 0], event);
          assert.deepEqual(await store.push(id), push);
        }
      }));

    test(`${purpose}: an address that refuses for good is remembered once, and also when the claim is an older one`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const { lease } = await claimOne(store);
        for (const [refusedAddress, claim] of [
          ['sms:1', lease],
          ['wap:[::1]', lease - 1],
          ['sms:1', lease],
        ] as const) {
          const change = { event: 'attempt-failed', refusedAddress, detail: 'no', lease: claim } as const;
          assert.equal((await changeOne(store, id, change)).verdict, 'kept');
        }
        await changeOne(store, id, { event: 'queued', lease, dueAt: clock.now() });
        assert.deepEqual((await claimOne(store)).refusedAddresses, ['sms:1', 'wap:[::1]']);
        assert.deepEqual((await store.push(id))?.refusedAddresses, ['sms:1', 'wap:[::1]']);
      }));

    test(`${purpose}: the reference of the receipt is kept until a carrier takes the next attempt`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const { lease } = await claimOne(store);
        const dueAt = clock.now();
        const first = await changeOne(store, id, { event: 'accepted', lease, reference: 'sim:1', dueAt });
        assert.deepEqual(names(first.push), ['sim:1', undefined]);
        assert.deepEqual(await store.push(id), first.push);
        const late: PushChange = { event: 'accepted', lease: lease - 1, reference: 'sim:0' };
        assert.deepEqual(
          names((await changeOne(store, id, late)).push),
          ['sim:1', undefined],
          'an older claim',
        );
        assert.deepEqual(names(await sendAgain(store, clock, kind, id)), ['sim:1', undefined]);
        const second = await changeOne(store, id, { event: 'accepted', reference: 'sim:2' });
        assert.deepEqual(names(second.push), ['sim:2', undefined]);
        await sendAgain(store, clock, kind, id);
        const third = await changeOne(store, id, { event: 'sent' });
        assert.deepEqual(names(third.push), [undefined, undefined], 'a carrier that gives no name');
        assert.deepEqual(await store.push(id), third.push);
      }));

    test(`${purpose}: a report that overtakes its receipt leaves what it gave up, until the next attempt`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const { lease } = await claimOne(store);
        const report: PushChange = { event: 'attempt-failed', reference: 'sim:1', detail: 'EXPIRED' };
        const early = await changeOne(store, id, report);
        assert.deepEqual([early.verdict, early.push.state], ['kept', 'sending']);
        assert.deepEqual(names(early.push), [undefined, 'sim:1']);
        assert.deepEqual(await store.push(id), early.push);
        await changeOne(store, id, { event: 'attempt-failed', lease, detail: 'another address refused' });
        const accepted = { event: 'accepted', lease, reference: 'sim:1', dueAt: clock.now() } as const;
        const receipt = await changeOne(store, id, accepted);
        assert.deepEqual(names(receipt.push), ['sim:1', 'sim:1'], 'the receipt meets it');
        assert.deepEqual(await store.push(id), receipt.push);
        const again = await sendAgain(store, clock, kind, id);
        assert.deepEqual(names(again), ['sim:1', undefined]);
        assert.deepEqual(await store.push(id), again);
      }));

    test(`${purpose}: a report on an earlier attempt gives nothing up, nor does one that has its receipt`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const { lease } = await claimOne(store);
        const report: PushChange = { event: 'attempt-failed', reference: 'sim:1' };
        await changeOne(store, id, { event: 'accepted', lease, reference: 'sim:1', dueAt: clock.now() });
        assert.deepEqual(names((await changeOne(store, id, report)).push), ['sim:1', undefined]);
        await sendAgain(store, clock, kind, id);
        const late = await changeOne(store, id, report);
        assert.equal(late.verdict, 'kept');
        assert.deepEqual(names(late.push), ['sim:1', undefined]);
        const { push } = await changeOne(store, id, { event: 'accepted', reference: 'sim:2' });
        assert.deepEqual(names(push), ['sim:2', undefined]);
        assert.deepEqual(await store.push(id), push);
      }));
  }
}
