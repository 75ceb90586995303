// Store contract: many changes in one call; pushes as their callers know them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChangeRequest, PushEvent, PushRecord } from '../../store/index.ts';
import { allPushKinds, pushKinds } from '../store/push-kinds.ts';
import { addSamples, changeOne, claimOne, enqueueOne, type WithStore } from '../store/store-contract-base.ts';

/** Words that a statement could stumble over. */
const words = [
  '"',
  "it's",
  '\\',
  '[1,{}]',
  '\n\t',
  'ü',
  '\u{1f600}',
  '\u2028',
  'null',
  '0',
  ' ',
  '?',
  '%s',
  '',
];

export function changeContract(withStore: WithStore): void {
  for (const { purpose, request } of pushKinds) {
    test(`${purpose}: a change of a push as it is known does what it does without`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const change = { event: 'accepted', binding: 'sms', address: 'sms:1', reference: 'r' } as const;
        const results: unknown[] = [];
        for (const known of [true, false]) {
          const { id } = await enqueueOne(store, request());
          const as = await claimOne(store);
          const dueAt = clock.now() + 500;
          const [outcome] = await store.change([
            { id, change: { ...change, lease: as.lease, dueAt }, ...(known && { as }) },
          ]);
          assert.equal(outcome?.verdict, 'changed');
          assert.deepEqual(await store.push(id), outcome.push);
          const { state, attempts, sends, reference, dueAt: due, version } = outcome.push;
          const events = (await store.timeline(id))?.map(({ event, address }) => [event, address]);
          results.push([state, attempts, sends, reference, due, version, events]);
        }
        assert.deepEqual(results[0], results[1]);
      }));

    test(`${purpose}: one that was changed since is judged as it stands, and keeps what came meanwhile`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const ids: string[] = [];
        const known: PushRecord[] = [];
        for (let count = 0; count < 3; count += 1) {
          ids.push((await enqueueOne(store, request())).id);
          known.push(await claimOne(store, 60_000));
        }
        const [, second = ''] = ids;
        await changeOne(store, second, { event: 'attempt-failed', refusedAddress: 'sms:1', detail: 'no' });
        const changes = known.map((as): ChangeRequest => {
          return { id: as.id, as, change: { event: 'sent', lease: as.lease, dueAt: 7 } };
        });
        const outcomes = await store.change(changes);
        for (const [index, outcome] of outcomes.entries()) {
          assert.equal(outcome?.verdict, 'changed');
          assert.deepEqual(await store.push(ids[index] ?? ''), outcome.push);
          assert.deepEqual(outcome.push.refusedAddresses, index === 1 ? ['sms:1'] : []);
        }
        const timelines = await Promise.all(ids.map((id) => store.timeline(id)));
        assert.deepEqual(
          timelines.map((timeline) => timeline?.length),
          [3, 4, 3],
        );
      }));

    test(`${purpose}: what its end has overtaken is refused or noted, whatever the caller knows`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const as = await claimOne(store);
        await changeOne(store, id, { event: 'failed', detail: 'meanwhile' });
        const over = await store.push(id);
        const refused = await store.change([
          { id, as, change: { event: 'queued', lease: as.lease, dueAt: 1 } },
        ]);
        assert.deepEqual(refused, [{ verdict: 'refused', push: over }]);
        const [kept] = await store.change([{ id, as, change: { event: 'sent', lease: as.lease, dueAt: 1 } }]);
        assert.equal(kept?.verdict, 'kept');
        assert.equal(kept.push.state, 'failed');
        assert.equal(kept.push.dueAt, undefined);
      }));

    test(`${purpose}: what would be refused as it is known is judged as it stands`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const as = (await changeOne(store, id, { event: 'sending' })).push;
        const lease = as.lease + 1;
        assert.equal(
          (await store.change([{ id, as, change: { event: 'queued', lease } }]))[0]?.verdict,
          'refused',
        );
        await changeOne(store, id, { event: 'queued', dueAt: 1 });
        await claimOne(store);
        const [outcome] = await store.change([{ id, as, change: { event: 'queued', lease, dueAt: 2 } }]);
        assert.deepEqual([outcome?.verdict, outcome?.push.dueAt], ['changed', 2]);
      }));

    test(`${purpose}: changes of one push in one call follow each other`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        for (const known of [true, false]) {
          const { id } = await enqueueOne(store, request());
          const as = await claimOne(store);
          const of = { id, ...(known && { as }) };
          const outcomes = await store.change([
            { ...of, change: { event: 'attempt-failed', refusedAddress: 'sms:1' } },
            { ...of, change: { event: 'queued', lease: as.lease, dueAt: clock.now(), carrier: 'other' } },
            { ...of, change: { event: 'sending' } },
          ]);
          assert.deepEqual(
            outcomes.map((outcome) => outcome?.push.state),
            ['sending', 'queued', 'sending'],
          );
          const last = outcomes.at(-1)?.push;
          assert.deepEqual([last?.attempts, last?.failures, last?.carrier], [2, 1, 'other']);
          assert.deepEqual(await store.push(id), last);
          assert.equal((await store.timeline(id))?.length, 5);
          await changeOne(store, id, { event: 'failed' });
        }
      }));

    test(`${purpose}: a push that is gone gives nothing, also to whoever knows it`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const gone = await enqueueOne(store, request());
        const { push: as } = await changeOne(store, gone.id, { event: 'cancelled' });
        const { id } = await enqueueOne(store, request());
        clock.advance(1);
        assert.equal((await store.removeOver({ pushes: clock.now() }, 9)).pushes, 1);
        const outcomes = await store.change([
          { id: gone.id, as, change: { event: 'note' } },
          { id, change: { event: 'note' } },
        ]);
        assert.deepEqual(
          outcomes.map((outcome) => outcome?.verdict),
          [undefined, 'kept'],
        );
        assert.deepEqual((await store.eventsAfter(0, 9)).at(-1)?.pushId, id);
      }));
  }

  test('events of one call are numbered in the order of its changes, and listeners hear all of them in it', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const taken = await store.enqueue(allPushKinds.flatMap(({ request }) => [request(), request()]));
      const pushes = taken.flatMap((each) => (each.outcome === 'queued' ? [each.push] : []));
      const heard: PushEvent[] = [];
      store.onEvent((event) => heard.push(event));
      const changes = pushes.flatMap(({ id }): ChangeRequest[] => [
        { id, change: { event: 'sending' } },
        { id, change: { event: 'note', detail: id } },
      ]);
      const turned = [...changes.filter((_, index) => index % 3 === 0), ...changes].reverse();
      const outcomes = await store.change(turned);
      const written = turned.filter((_, index) => outcomes[index]?.verdict !== 'refused');
      assert.ok(written.length > changes.length);
      assert.deepEqual(
        heard.map(({ pushId, event, detail }) => [pushId, event, detail]),
        written.map(({ id, change }) => [id, change.event, change.detail]),
      );
      const numbers = heard.map(({ sequence }) => sequence);
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
      );
      assert.deepEqual((await store.eventsAfter(0, 99)).slice(pushes.length), heard);
    }));

  test('words are kept as they are, whether one change has them or many', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      for (const { request } of pushKinds) {
        const taken = await store.enqueue(words.map(() => request()));
        const ids = taken.map((each) => (each.outcome === 'queued' ? each.push.id : ''));
        const said = (detail: string, id = '') =>
          ({
            id,
            change: {
              event: 'attempt-failed',
              detail,
              refusedAddress: detail,
              reference: detail,
              address: detail,
            },
          }) as const;
        await store.change(words.map((word, index) => said(word, ids[index])));
        for (const [index, word] of words.entries()) await store.change([said(`${word}${word}`, ids[index])]);
        for (const [index, word] of words.entries()) {
          const push = await store.push(ids[index] ?? '');
          const twice = `${word}${word}`;
          assert.equal(push?.reason, twice);
          assert.deepEqual(push.refusedAddresses, [...new Set([word, twice])]);
          const told = ((await store.timeline(push.id)) ?? []).slice(1);
          for (const [place, text] of [word, twice].entries()) {
            const { detail, reference, address } = told[place] ?? {};
            assert.deepEqual([detail, reference, address], [text, text, text]);
          }
        }
      }
    }));
}
