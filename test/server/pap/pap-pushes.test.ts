// The host of the PAP endpoint and its outbox of results, over a store on disk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError } from '../../../src/core/index.ts';
import type { PapSubmission } from '../../../src/push/pap/index.ts';
import { eventually, sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { desk, first, reference, second, submission } from './pap-desk.ts';

test('PAP 2.0: a push is accepted when a message for each recipient is kept, with times, type and parameters', async () => {
  const { pushes, all, clock } = await desk();
  const deliverAfter = clock.now() + 5000;
  assert.equal((await pushes.submit(submission({ deliverAfter }))).code, 'acceptedForProcessing');
  const [sms, wap] = await all();
  assert.deepEqual([sms?.addresses, wap?.addresses], [['sms:+491701234567'], ['wap:127.0.0.1']]);
  assert.deepEqual([sms?.dueAt, sms?.expiresAt], [deliverAfter, deliverAfter + 86_400_000]);
  assert.deepEqual(sms?.contentType.parameters, { SEC: '1', MAC: 'AB' });
  assert.equal((await pushes.submit(submission())).code, 'duplicatePushId');
  assert.equal((await pushes.submit(submission({ initiator: 'other' }))).code, 'acceptedForProcessing');
});

test('PAP 2.0: what cannot be served is refused whole, with its code, and nothing is kept', async () => {
  const { pushes, all } = await desk();
  const user = {
    type: 'USER',
    value: 'nobody',
    gateway: 'ppg',
    text: 'WAPPUSH=nobody/TYPE=USER@ppg',
  } as const;
  const [sms] = submission().recipients;
  assert.ok(sms !== undefined);
  const code = async (change: Partial<PapSubmission>) => (await pushes.submit(submission(change))).code;
  assert.equal(await code({ recipients: [sms, user] }), 'addressNotFound');
  assert.equal(await code({ kind: 'notification' }), 'badRequest');
  assert.equal(await code({ body: new Uint8Array(31) }), 'forbidden');
  const confirmed = { qualityOfService: { deliveryMethod: 'confirmed' } } as const;
  assert.equal(await code(confirmed), 'deliveryMethodNotPossible');
  assert.equal((await all()).length, 0);
  assert.equal(await code({ ...confirmed, recipients: [sms] }), 'acceptedForProcessing');
});

test('a push for a device that is suspended is refused, and nothing is kept', async () => {
  const { pushes, store, all } = await desk();
  await store.createAccount(sampleAccount);
  await store.createDevice(sampleDevice({ id: 'd', addresses: ['wap:127.0.0.1'], suspended: true }));
  const text = 'WAPPUSH=d/TYPE=USER@ppg';
  const recipients = [{ type: 'USER', value: 'd', gateway: 'ppg', text }] as const;
  const refused = await pushes.submit(submission({ recipients }));
  assert.equal(refused.code, 'notPossible');
  assert.match(refused.desc ?? '', /device d is suspended/);
  assert.equal((await all()).length, 0);
  await store.updateDevice('d', { suspended: false });
  assert.equal((await pushes.submit(submission({ recipients }))).code, 'acceptedForProcessing');
});

test('PAP 2.0: cancel and query answer for each address, and only the initiator of the push', async () => {
  const { pushes, apply } = await desk();
  await pushes.submit(submission());
  await apply(0, 'sending');
  assert.deepEqual(await pushes.cancel({ ...reference, addresses: [first, second, 'x'] }), [
    { code: 'ok', addresses: [second] },
    { code: 'cancellationNotPossible', addresses: [first] },
    { code: 'addressNotFound', addresses: ['x'] },
  ]);
  const states = await pushes.query(reference);
  assert.deepEqual(
    states.map(({ state }) => state),
    ['pending', 'cancelled'],
  );
  await apply(0, 'sent');
  assert.equal((await pushes.query(reference))[0]?.state, 'unknown');
  assert.deepEqual(await pushes.query({ ...reference, initiator: 'other' }), []);
});

test('PAP 2.0: one address in two spellings is one recipient, and is cancelled and asked for in a third', async () => {
  const { pushes, all } = await desk();
  const [sms] = submission().recipients;
  assert.ok(sms !== undefined);
  const lower = { ...sms, value: '+49-170-1234567', text: 'wappush=+49-170-1234567/type=plmn@ppg' };
  await pushes.submit(submission({ recipients: [sms, lower] }));
  assert.equal((await all()).length, 1);
  const asked = 'Wappush=+49.1701234567/Type=Plmn@PPG';
  const [state, ...more] = await pushes.query({ ...reference, addresses: [asked] });
  assert.deepEqual([state?.state, more], ['pending', []]);
  const replaces = { pushId: '1@partner', method: 'pending-only' } as const;
  const next = await pushes.replace({
    ...submission({ pushId: '2@partner', recipients: [lower] }),
    replaces,
  });
  assert.deepEqual(next, { code: 'acceptedForProcessing' });
  const [cancelled] = await pushes.cancel({ ...reference, pushId: '2@partner', addresses: [asked] });
  assert.equal(cancelled?.code, 'ok');
});

test('PAP 2.0 replace-method: pending-only replaces what waits, all is queued in any case', async () => {
  const { pushes, store, all: messages, apply } = await desk();
  await pushes.submit(submission());
  await apply(0, 'sending');
  const replaces = { pushId: '1@partner', method: 'pending-only' } as const;
  const next = await pushes.replace({ ...submission({ pushId: '2@partner' }), replaces });
  assert.equal(next.code, 'acceptedForProcessing');
  assert.match(next.desc ?? '', /1 of 2/);
  assert.equal((await messages())[1]?.state, 'cancelled');
  const all = { ...replaces, method: 'all' } as const;
  const any = await pushes.replace({ ...submission({ pushId: '3@partner' }), replaces: all });
  assert.deepEqual(any, { code: 'acceptedForProcessing' });
  assert.equal((await store.pushesOfInitiator('partner', '3@partner')).length, 2);
  const again = await pushes.replace({ ...submission({ pushId: '4@partner' }), replaces });
  assert.equal(again.code, 'notPossible');
  const unknown = { ...replaces, pushId: 'none' };
  assert.equal((await pushes.replace({ ...submission(), replaces: unknown })).code, 'pushIdNotFound');
});

test('a result is told again after a passing failure, once when it is taken, and as lost after the bound', async () => {
  const { pushes, store, results, told, notify, clock, all, apply, ends } = await desk();
  await pushes.submit(submission());
  await apply(0, 'delivered');
  let tries = 0;
  const down = () => {
    tries += 1;
    return Promise.reject(new PushError('UNREACHABLE', 'down', true));
  };
  notify.respond = down;
  results.start();
  const noted = async () => (await store.nextResultDueAt()) === clock.now() + 1000;
  await eventually(noted, 'the pause before it is told again');
  assert.equal(tries, 1);
  notify.respond = async () => undefined;
  clock.advance(1000);
  await eventually(async () => (await store.nextResultDueAt()) === undefined, 'the result told');
  assert.deepEqual(
    told.map(({ pushId, messageState, code }) => [pushId, messageState, code]),
    [['1@partner', 'delivered', 1000]],
  );
  await apply(1, 'expired');
  notify.respond = down;
  await eventually(async () => {
    const dueAt = await store.nextResultDueAt();
    if (dueAt !== undefined && dueAt > clock.now()) clock.advance(dueAt - clock.now());
    return dueAt === undefined;
  }, 'the end of the tries');
  const timeline = await store.timeline((await all())[1]?.id ?? '');
  assert.equal(timeline?.at(-1)?.event, 'result-lost');
  assert.equal(told.length, 1);
  await ends();
});

test('a report that comes while an earlier state is told is told too', async () => {
  const { pushes, results, told, notify, apply, ends } = await desk();
  await pushes.submit(submission());
  await apply(0, 'sending', 'accepted', 'unreported');
  notify.respond = async () => {
    notify.respond = async () => undefined;
    await apply(0, 'delivered');
  };
  results.start();
  await eventually(() => told.length === 2, 'both states');
  assert.deepEqual(
    told.map(({ messageState }) => messageState),
    ['unknown', 'delivered'],
  );
  await ends();
});

test('the moment of an end stays what it was when the timeline has gone, and so does the bound of telling it', async () => {
  const { pushes, store, results, told, notify, clock, apply, ends } = await desk();
  await pushes.submit(submission({ recipients: submission().recipients.slice(0, 1) }));
  await apply(0, 'delivered');
  const endedAt = clock.now();
  notify.respond = () => Promise.reject(new PushError('UNREACHABLE', 'down', true));
  results.start();
  await eventually(async () => (await store.nextResultDueAt()) === clock.now() + 1000, 'the first pause');
  assert.ok((await store.removeOver({ events: clock.now() + 1 }, 100)).events > 0);
  notify.respond = async () => undefined;
  clock.advance(1000);
  await eventually(() => told.length === 1, 'the result told');
  assert.deepEqual(
    told.map(({ eventTime }) => eventTime),
    [endedAt],
  );
  const [state] = await pushes.query(reference);
  assert.equal(state?.eventTime, endedAt);
  await ends();
});

test('PAP 2.0: what is asked for one address touches that one alone', async () => {
  const { pushes, all } = await desk();
  await pushes.submit(submission());
  const states = await pushes.query({ ...reference, addresses: [second] });
  assert.deepEqual(
    states.map(({ state, addresses }) => [state, addresses]),
    [['pending', [second]]],
  );
  assert.deepEqual(await pushes.cancel({ ...reference, addresses: [second] }), [
    { code: 'ok', addresses: [second] },
  ]);
  assert.deepEqual(
    (await all()).map(({ state }) => state),
    ['queued', 'cancelled'],
  );
  const strange = await pushes.query({ ...reference, addresses: ['x', first] });
  assert.deepEqual(
    strange.map(({ state, code, addresses }) => [state, code, addresses]),
    [
      ['pending', 'ok', [first]],
      ['unknown', 'addressNotFound', ['x']],
    ],
  );
});

test('PAP 2.0 event-time: the moment at which the push came into its state, whatever was noted of it since', async () => {
  const { pushes, store, all, apply, clock } = await desk();
  await pushes.submit(submission());
  const began = clock.now();
  clock.advance(1000);
  await apply(0, 'sending', 'accepted');
  clock.advance(1000);
  for (const { id } of await all()) await store.change([{ id, change: { event: 'note', detail: 'x' } }]);
  assert.deepEqual(
    (await pushes.query(reference)).map(({ eventTime }) => eventTime),
    [began + 1000, began],
  );
});

test('PAP 2.0: a push to replace that goes while its replacement is read is not known any more', async () => {
  let goes: () => Promise<unknown> = async () => undefined;
  const { pushes, store, all, apply, clock } = await desk((opened) => ({
    ...opened,
    pushesOfInitiator: async (...asked) => {
      const found = await opened.pushesOfInitiator(...asked);
      await goes();
      return found;
    },
  }));
  // Nobody has to be told what became of it first.
  const { notifyTo: _, ...silent } = submission();
  await pushes.submit(silent);
  await apply(0, 'cancelled');
  await apply(1, 'cancelled');
  clock.advance(1000);
  goes = () => store.removeOver({ pushes: clock.now() }, 100);
  const replaces = { pushId: '1@partner', method: 'all' } as const;
  const next = await pushes.replace({ ...submission({ pushId: '2@partner' }), replaces });
  assert.deepEqual(next, { code: 'pushIdNotFound' });
  assert.deepEqual(await all(), []);
});
