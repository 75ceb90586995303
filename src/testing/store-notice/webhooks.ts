// Store contract: webhooks, and what of theirs is held.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../core/index.ts';
import {
  type NewDelivery,
  type Store,
  versionOf,
  type WebhookHealth,
  type WebhookInput,
  webhookLimits,
} from '../../store/index.ts';
import type { WithStore } from '../store/store-contract-base.ts';

const secrets = { current: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
const input: WebhookInput = { url: 'https://hooks.example/a', kinds: ['notification'], secrets };
const health: Omit<WebhookHealth, 'dropped'> = { failures: 0, delivered: 0 };
const position = { event: 0, notice: 0 };
const nobody = '00000000-0000-7000-8000-000000000000';

function delivery(eventId: string, changes: Partial<NewDelivery> = {}): NewDelivery {
  return { eventId, lane: 'd1', type: 'job.failed', at: 1, payload: '{}', attempts: 0, dueAt: 0, ...changes };
}

async function dueOf(store: Store, id: string): Promise<readonly string[]> {
  return (await store.dueDeliveries(id, 99)).map(({ eventId }) => eventId);
}

const refusedAs = (code: string) => (error: unknown) => error instanceof StoreError && error.code === code;

export function webhookContract(withStore: WithStore): void {
  test('webhooks: created, read, listed, changed, deleted', () =>
    withStore(async ({ store, clock }) => {
      await store.note([{ kind: 'link', subject: 'a', event: 'down' }]);
      const whole: WebhookInput = {
        ...input,
        name: 'desk',
        devices: ['IMEI:1'],
        accounts: ['com.example'],
        owner: 'ann',
        actor: 'ann/desk',
      };
      const made = await store.createWebhook(whole);
      assert.deepEqual(made, {
        ...whole,
        id: made.id,
        state: 'active',
        position: await store.feedEnd(),
        health: { failures: 0, delivered: 0, dropped: 0 },
        waiting: 0,
        dead: 0,
        createdAt: clock.now(),
        updatedAt: clock.now(),
        revision: 0,
      });
      assert.deepEqual(await store.webhook(made.id), made);
      const other = await store.createWebhook(input);
      assert.deepEqual(await store.listWebhooks({ limit: 1 }), { items: [made], next: made.id });
      assert.deepEqual(await store.listWebhooks({ limit: 1, after: made.id }), { items: [other] });
      clock.advance(5);
      const changed = await store.changeWebhook(made.id, { name: null, devices: null, kinds: ['job'] });
      const { name: _, devices: _devices, ...rest } = made;
      assert.deepEqual(changed, { ...rest, kinds: ['job'], updatedAt: clock.now(), revision: 1 });
      await assert.rejects(
        store.changeWebhook(made.id, { name: 'x' }, [versionOf(made)]),
        refusedAs('VERSION_MISMATCH'),
      );
      await assert.rejects(store.deleteWebhook(made.id, [versionOf(made)]), refusedAs('VERSION_MISMATCH'));
      assert.equal(await store.deleteWebhook(made.id, changed && [versionOf(changed)]), true);
      assert.equal(await store.deleteWebhook(made.id), false);
      assert.equal(await store.webhook(made.id), undefined);
      assert.equal(await store.changeWebhook(nobody, { name: 'x' }), undefined);
    }));

  test('webhooks: suspended with a reason, active again without it; two secrets', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await store.createWebhook(input);
      const suspended = await store.changeWebhook(id, { state: 'suspended', reason: 'tests' });
      const since = clock.now();
      assert.deepEqual(
        [suspended?.state, suspended?.reason, suspended?.suspendedAt],
        ['suspended', 'tests', since],
      );
      clock.advance(5);
      assert.equal((await store.changeWebhook(id, { state: 'suspended' }))?.suspendedAt, since);
      await store.settleWebhook(id, { position, health: { failures: 3, failingSince: 1, delivered: 2 } });
      const both = { current: 'whsec_bmV3', previous: { secret: secrets.current, until: 9 } };
      const active = await store.changeWebhook(id, { state: 'active', secrets: both, fresh: true });
      assert.deepEqual(
        [active?.state, active?.reason, active?.suspendedAt, active?.secrets, active?.health],
        ['active', undefined, undefined, both, { failures: 0, delivered: 2, dropped: 0 }],
      );
    }));

  test('webhooks: no more than there may be', () =>
    withStore(async ({ store }) => {
      for (let count = 0; count < webhookLimits.webhooks; count += 1) await store.createWebhook(input);
      await assert.rejects(store.createWebhook(input), refusedAs('TOO_MANY_WEBHOOKS'));
    }));

  test('webhooks: what is held waits lane by lane; only the first of each may be tried', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await store.createWebhook(input);
      const now = clock.now();
      const hold = [
        delivery('e1', { attempts: 1, dueAt: now + 50, error: '500' }),
        delivery('e2'),
        delivery('e3', { lane: 'd2' }),
        delivery('e4'),
      ];
      await store.settleWebhook(id, { position: { event: 7, notice: 3 }, hold, health });
      await store.settleWebhook(id, { position: { event: 7, notice: 3 }, hold, health });
      const record = await store.webhook(id);
      assert.deepEqual(
        [record?.position, record?.waiting, record?.dead, record?.revision],
        [{ event: 7, notice: 3 }, 4, 0, 0],
      );
      const held = await store.heldOfWebhook(id);
      assert.deepEqual(
        held.map(({ eventId, lane, state }) => [eventId, lane, state]),
        hold.map(({ eventId, lane }) => [eventId, lane, 'waiting']),
      );
      assert.deepEqual(await dueOf(store, id), ['e3']);
      assert.equal(await store.nextDeliveryAt(id), 0);
      const numberOf = (eventId: string) => held.find((each) => each.eventId === eventId)?.number ?? 0;
      await store.settleWebhook(id, { position, done: [numberOf('e3')], health });
      assert.equal(await store.nextDeliveryAt(id), now + 50);
      clock.advance(50);
      assert.deepEqual(await dueOf(store, id), ['e1']);
      const again = [{ number: numberOf('e1'), attempts: 2, dueAt: now + 90, error: 'again' }];
      await store.settleWebhook(id, { position, again, health });
      assert.deepEqual(await dueOf(store, id), []);
      clock.advance(40);
      const [first] = await store.dueDeliveries(id, 9);
      assert.deepEqual(first, {
        ...delivery('e1', { attempts: 2, dueAt: now + 90, error: 'again' }),
        number: numberOf('e1'),
        state: 'waiting',
        updatedAt: now + 50,
      });
      const dead = [{ number: numberOf('e1'), attempts: 3, error: 'no more' }];
      await store.settleWebhook(id, { position, dead, health });
      assert.deepEqual(await dueOf(store, id), ['e2'], 'the next of its lane goes on');
      await store.settleWebhook(id, { position, done: [numberOf('e2'), numberOf('e4')], health });
      assert.equal(await store.nextDeliveryAt(id), undefined);
    }));

  test('webhooks: dead deliveries are listed, tried again, dropped, and no more than may be', () =>
    withStore(async ({ store }) => {
      const { id } = await store.createWebhook(input);
      const count = webhookLimits.dead + 5;
      const hold = Array.from({ length: count }, (_, index) => delivery(`e${index}`, { lane: `d${index}` }));
      await store.settleWebhook(id, { position, hold, health });
      const dead = (await store.heldOfWebhook(id)).map(({ number }) => ({ number, attempts: 9, error: 'x' }));
      await store.settleWebhook(id, { position, dead, health });
      const record = await store.webhook(id);
      assert.deepEqual([record?.waiting, record?.dead, record?.health.dropped], [0, webhookLimits.dead, 5]);
      const page = await store.deadDeliveries(id, { limit: 2 });
      assert.deepEqual(
        page.items.map(({ eventId, state, error }) => [eventId, state, error]),
        [
          ['e5', 'dead', 'x'],
          ['e6', 'dead', 'x'],
        ],
      );
      const next = await store.deadDeliveries(id, { limit: 1, ...(page.next && { after: page.next }) });
      assert.equal(next.items[0]?.eventId, 'e7');
      assert.equal(await store.retryDead(id, ['e5', 'e0']), 1);
      assert.deepEqual(await dueOf(store, id), ['e5']);
      assert.equal(await store.dropDead(id, ['e6']), 1);
      assert.equal(await store.retryDead(id, []), 0);
      assert.equal(await store.dropDead(id), webhookLimits.dead - 2);
      assert.equal(await store.retryDead(id), 0);
      assert.equal(await store.deleteWebhook(id), true);
      assert.deepEqual(await store.heldOfWebhook(id), []);
    }));

  test('webhooks: a step may suspend one; of one that is gone nothing is written', () =>
    withStore(async ({ store }) => {
      const { id } = await store.createWebhook(input);
      const failing = { failures: 4, failingSince: 1, lastErrorAt: 2, lastError: '410', delivered: 1 };
      await store.settleWebhook(id, { position, health: failing, suspend: 'it is gone' });
      const record = await store.webhook(id);
      assert.deepEqual(
        [record?.state, record?.reason, record?.health],
        ['suspended', 'it is gone', { ...failing, dropped: 0 }],
      );
      await store.settleWebhook(nobody, { position, health, hold: [delivery('e')] });
      assert.deepEqual(await store.heldOfWebhook(nobody), []);
    }));

  test('webhooks: a store that was put back tells nobody until somebody says so', () =>
    withStore(async ({ store }) => {
      const { id } = await store.createWebhook(input);
      await store.holdRestored();
      const record = await store.webhook(id);
      assert.equal(record?.state, 'suspended');
      assert.match(record?.reason ?? '', /restored/);
    }));

  test('webhooks: pauses between attempts are waits, which a clock that is set moves', () =>
    withStore(async ({ store, clock }) => {
      const { id } = await store.createWebhook(input);
      const hold = [delivery('e1', { dueAt: clock.now() + 1000 })];
      await store.settleWebhook(id, { position, hold, health });
      clock.jump(86_400_000);
      await store.note([{ kind: 'link', subject: 'a', event: 'up' }]);
      assert.equal(await store.nextDeliveryAt(id), clock.now() + 1000);
    }));
}
