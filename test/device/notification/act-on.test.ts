import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ActingHost,
  actOn,
  type PursuitEnd,
  type SessionOrder,
} from '../../../src/device/notification/act-on.ts';
import { type Decision, decideNotification } from '../../../src/device/notification/decide.ts';
import type { DeviceEvent } from '../../../src/device/report/events.ts';
import type { SessionResult } from '../../../src/device/session/drive-session.ts';
import { backOffDefaults } from '../../../src/device/transport/back-off.ts';
import { BearerPool } from '../../../src/device/transport/bearer-pool.ts';
import { parseBearers } from '../../../src/device/transport/bearers.ts';
import { QuestionDesk } from '../../../src/device/user/question-desk.ts';
import type { Consent, UserInterface } from '../../../src/device/user/user-interface.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { accountOf, circumstancesOf, dm13, dm2010, pushOf, sentAt } from '../fixtures.ts';

const completed: SessionResult = { end: { outcome: 'completed' }, retryable: false, answers: 2 };
const gone: SessionResult = {
  end: { outcome: 'failed', reason: 'ECONNREFUSED' },
  retryable: true,
  answers: 0,
};

interface Scene {
  readonly clock: ManualClock;
  readonly host: ActingHost;
  readonly orders: SessionOrder[];
  readonly events: DeviceEvent[];
  readonly ender: AbortController;
  readonly bearers: BearerPool;
}

function scene(
  results: readonly SessionResult[],
  more: Partial<ActingHost> & {
    readonly available?: readonly string[];
    readonly confirmTimeoutMs?: number;
  } = {},
): Scene {
  const clock = new ManualClock(sentAt * 1000);
  const ender = new AbortController();
  const { available, confirmTimeoutMs: timeoutMs = 120_000, ...rest } = more;
  const bearers = new BearerPool(available === undefined ? undefined : parseBearers(available));
  const orders: SessionOrder[] = [];
  const events: DeviceEvent[] = [];
  const host: ActingHost = {
    clock,
    user: undefined,
    questions: new QuestionDesk({
      clock,
      timeoutMs,
      signal: ender.signal,
      maxQuestions: 16,
      maxQuestionsPerServer: 4,
    }),
    bearers,
    bearerWaitMs: 3_600_000,
    backOff: { ...backOffDefaults, attempts: 4 },
    random: () => 0.5,
    signal: ender.signal,
    mayStart: () => Promise.resolve(true),
    runSession(_decision, order) {
      orders.push(order);
      return Promise.resolve(results[orders.length - 1] ?? assert.fail('one session too many'));
    },
    report: (event) => events.push(event),
    ...rest,
  };
  return { clock, host, orders, events, ender, bearers };
}

function decisionOn(push: Parameters<typeof decideNotification>[0], addresses?: readonly string[]): Decision {
  const more = addresses === undefined ? {} : { addresses };
  const verdict = decideNotification(push, circumstancesOf({ accounts: [accountOf(more)] }));
  return 'act' in verdict ? verdict.act : assert.fail(verdict.detail);
}

/** Lets everything that is ready run. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function reason(end: PursuitEnd): string {
  return 'ignore' in end ? end.ignore : end.result.end.outcome;
}

function userWho(answer: (question: string, signal: AbortSignal) => Promise<Consent>): UserInterface & {
  readonly told: string[];
} {
  const told: string[] = [];
  return { told, inform: (message) => told.push(message), confirm: answer };
}

test('background: the session runs at once, and nobody is told', async () => {
  const user = userWho(() => assert.fail('nobody was to be asked'));
  const { host, orders } = scene([completed], { user });
  assert.equal(reason(await actOn(decisionOn(pushOf(dm13)), host)), 'completed');
  assert.deepEqual(orders, [{ address: 'http://dm.example/dm', bearer: 'any', attempt: 1, mayRetry: true }]);
  assert.deepEqual(user.told, []);
});

test('N13-C-007 N13-C-015: informative tells the user who and why, and goes on', async () => {
  const user = userWho(() => assert.fail('nobody was to be asked'));
  const { host } = scene([completed], { user });
  const push = pushOf({ ...dm2010, uiMode: 'informative', reason: 'Update FUMO' });
  assert.equal(reason(await actOn(decisionOn(push), host)), 'completed');
  assert.deepEqual(user.told, ['com.mgmtsrv.manage wants to manage this device: Update FUMO']);
});

const asking = pushOf({ ...dm13, uiMode: 'user-interaction', reason: 'Update FUMO' });

test('N13-C-007 N13-C-015: user interaction asks, and the answer decides', async () => {
  for (const answer of [true, false]) {
    let asked = '';
    const user = userWho((question) => {
      asked = question;
      return Promise.resolve(answer);
    });
    const { host, orders, clock } = scene([completed], { user });
    const end = await actOn(decisionOn(asking), host);
    assert.equal(reason(end), answer ? 'completed' : 'declined');
    assert.equal(orders.length, answer ? 1 : 0);
    assert.match(asked, /: Update FUMO$/);
    assert.equal(clock.waiting, 0);
  }
});

test('a user who does not answer, a broken screen, and no screen: the session does not start', async () => {
  let withdrawn = false;
  const silent = userWho(
    (_question, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          withdrawn = true;
        });
      }),
  );
  const waiting = scene([], { user: silent });
  const end = actOn(decisionOn(asking), waiting.host);
  await settle();
  assert.deepEqual(
    waiting.events.map((event) => event.event === 'waiting' && event.for),
    ['user'],
  );
  waiting.clock.advance(120_000);
  assert.equal(reason(await end), 'unanswered');
  assert.ok(withdrawn, 'the question is withdrawn');
  const broken = userWho(() => {
    throw new Error('no terminal');
  });
  assert.equal(reason(await actOn(decisionOn(asking), scene([], { user: broken }).host)), 'unanswered');
  assert.equal(reason(await actOn(decisionOn(asking), scene([]).host)), 'unanswered');
});

test('N13-C-011 DM-NOTI-1.3 §6.5.2: a device that cannot be managed now does not start', async () => {
  const { host } = scene([], { mayStart: () => Promise.resolve('battery at 12 %') });
  const end = await actOn(decisionOn(pushOf({ ...dm13, targetedMo: [5] })), host);
  assert.deepEqual(end, { ignore: 'not-ready', detail: 'battery at 12 %' });
});

test('N13-C-017 DM-NOTI-1.3 §6.5.6: the session waits until a preferred bearer becomes available', async () => {
  const { host, orders, bearers, events, clock } = scene([completed], { available: ['bluetooth'] });
  const end = actOn(decisionOn(pushOf({ ...dm13, preferredBearer: ['wlan', '3gpp-lte'] })), host);
  await settle();
  assert.equal(orders.length, 0);
  assert.equal(events[0]?.event === 'waiting' && events[0].for, 'bearer');
  bearers.set(parseBearers(['ethernet']));
  await settle();
  assert.equal(orders.length, 0);
  bearers.set(parseBearers(['ethernet', '3gpp-lte', 'wlan']));
  assert.equal(reason(await end), 'completed');
  assert.deepEqual(orders[0]?.bearer, { name: 'wlan' });
  assert.equal(clock.waiting, 0);
});

test('DM-NOTI-1.3 §6.5.6: the wait for a bearer is bounded, by its time and by the Session-ID', async () => {
  const bounded = scene([], { available: [] });
  const end = actOn(decisionOn(pushOf({ ...dm13, preferredBearer: ['wlan'] })), bounded.host);
  await settle();
  bounded.clock.advance(3_600_000);
  assert.equal(reason(await end), 'no-bearer');
  const expiring = scene([], { available: [] });
  const late = actOn(
    decisionOn(pushOf({ ...dm13, preferredBearer: ['wlan'], timeoutMinutes: 10 })),
    expiring.host,
  );
  await settle();
  expiring.clock.advance(3_600_000);
  assert.equal(reason(await late), 'expired');
});

test('nobody has said yes, and nobody no, where the answer is neither: the session does not start', async () => {
  const answers: readonly unknown[] = ['unanswered', 'yes', 'y', '', 1, {}, null, undefined, 'no'];
  for (const answer of answers) {
    const user = userWho(() => Promise.resolve(answer as Consent));
    const { host, orders } = scene([completed], { user });
    assert.equal(reason(await actOn(decisionOn(asking), host)), 'unanswered', String(answer));
    assert.equal(orders.length, 0);
  }
});

test('DM-NOTI-1.3-2010 §6.2.12: a session put off beyond the days of its Session-ID is not started', async () => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const user = userWho(() => promise);
  const { host, clock } = scene([], { user, confirmTimeoutMs: 9 * 86_400_000 });
  const push = pushOf({ ...dm2010, uiMode: 'user-interaction', timeoutDays: 1 });
  const end = actOn(decisionOn(push), host);
  await settle();
  clock.advance(86_400_001);
  resolve(true);
  assert.equal(reason(await end), 'expired');
});

test('a server that cannot be reached is tried again, with growing pauses, over all addresses', async () => {
  const addresses = ['http://one.example/', 'http://two.example/'];
  const { host, orders, events, clock } = scene([gone, gone, completed]);
  const end = actOn(decisionOn(pushOf(dm13), addresses), host);
  for (let i = 0; i < 3; i += 1) {
    await settle();
    clock.advance(60_000);
  }
  assert.equal(reason(await end), 'completed');
  assert.deepEqual(
    orders.map((order) => [order.attempt, order.address]),
    [
      [1, addresses[0]],
      [2, addresses[1]],
      [3, addresses[0]],
    ],
  );
  const pauses = events.map((event) => (event.event === 'waiting' ? event.delayMs : 0));
  assert.deepEqual(pauses, [750, 1500]);
});

test('sessions are bounded, and what is not cured by trying again is not tried again', async () => {
  const bounded = scene([gone, gone, gone, gone]);
  const end = actOn(decisionOn(pushOf(dm13)), bounded.host);
  for (let i = 0; i < 4; i += 1) {
    await settle();
    bounded.clock.advance(60_000);
  }
  assert.equal(reason(await end), 'failed');
  assert.equal(bounded.orders.length, 4);
  assert.equal(bounded.orders.at(-1)?.mayRetry, false);
  const refused: SessionResult = {
    end: { outcome: 'unauthenticated', reason: 'no' },
    retryable: false,
    answers: 1,
  };
  assert.equal(reason(await actOn(decisionOn(pushOf(dm13)), scene([refused]).host)), 'unauthenticated');
});

test('stopping ends every wait', async () => {
  const never = userWho(() => new Promise(() => undefined));
  const asked = scene([], { user: never });
  const atUser = actOn(decisionOn(asking), asked.host);
  const noBearer = scene([], { available: [] });
  const atBearer = actOn(decisionOn(pushOf({ ...dm13, preferredBearer: ['wlan'] })), noBearer.host);
  const unreachable = scene([gone]);
  const atPause = actOn(decisionOn(pushOf(dm13)), unreachable.host);
  await settle();
  for (const each of [asked, noBearer, unreachable]) {
    assert.equal(each.clock.waiting, 1);
    each.ender.abort();
  }
  assert.equal(reason(await atUser), 'stopping');
  assert.equal(reason(await atBearer), 'stopping');
  assert.equal(reason(await atPause), 'failed');
  for (const each of [asked, noBearer, unreachable]) assert.equal(each.clock.waiting, 0);
});

for (const byMs of [-3_600_000, 3_600_000]) {
  test(`clock set by ${byMs / 3_600_000} h: days from the arrival and pauses between sessions are as long as before`, async () => {
    const { promise, resolve } = Promise.withResolvers<Consent>();
    const user = userWho(() => promise);
    const put = scene([], { user, confirmTimeoutMs: 9 * 86_400_000 });
    const push = pushOf({ ...dm2010, uiMode: 'user-interaction', timeoutDays: 1 });
    const end = actOn(decisionOn(push), put.host);
    await settle();
    put.clock.jump(byMs);
    put.clock.advance(86_400_001);
    resolve(true);
    assert.equal(reason(await end), 'expired');

    const early = scene([gone, completed], { user });
    const done = actOn(decisionOn(pushOf({ ...dm2010, timeoutDays: 1 })), early.host);
    await settle();
    assert.equal(early.orders.length, 1);
    early.clock.jump(byMs * 30);
    early.clock.advance(749);
    await settle();
    assert.equal(early.orders.length, 1);
    early.clock.advance(1);
    assert.equal(reason(await done), 'completed');
  });
}
