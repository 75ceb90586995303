// Carriers of real bindings: a message centre with its pace and its links, and push gateways side by side.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createPapSender, papTarget } from '../../../src/push/pap/index.ts';
import { createSmsSender } from '../../../src/push/sms/index.ts';
import { forReportedAddresses } from '../../../src/server/index.ts';
import {
  eventually,
  type ManualClock,
  SimulatedPushGateway,
  SmscSimulator,
  samplePushMessage,
} from '../../../src/testing/index.ts';
import { type EngineBench, withEngine } from '../engine-bench.ts';

const settle = async (turns = 200): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

async function queue(
  { store, clock }: EngineBench,
  count: number,
  address: string,
): Promise<readonly string[]> {
  const expiresAt = clock.now() + 86_400_000;
  const requests = Array.from({ length: count }, () =>
    samplePushMessage({ addresses: [address], expiresAt }),
  );
  return (await store.enqueue(requests)).flatMap((each) => ('push' in each ? [each.push.id] : []));
}

/** How many of them are in each state, with their attempts. */
async function states({ store }: EngineBench, ids: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const id of ids) {
    const push = await store.push(id);
    const name = `${push?.state} ${push?.attempts}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Waits for an end that may wait for a clock that stands still. */
async function ending(clock: ManualClock, end: Promise<void>): Promise<void> {
  let ended = false;
  const wait = end.then(() => {
    ended = true;
  });
  await eventually(() => {
    clock.advance(1000);
    return ended;
  }, 'the end');
  await wait;
}

/** Runs with a sender of short messages that goes by the clock of the bench. */
async function withSms(
  throughput: number | undefined,
  run: (bench: EngineBench, smsc: SmscSimulator) => Promise<void>,
): Promise<void> {
  const smsc = new SmscSimulator();
  const port = await smsc.start();
  let close: () => Promise<void> = async () => undefined;
  const bindings = (clock: ManualClock) => {
    const smscs = [{ host: '127.0.0.1', port, systemId: 'dms', password: 'pw' }];
    const sender = createSmsSender({ smscs, clock, throughput, receipts: 'none', random: () => 0 });
    close = () => sender.close();
    return { sms: forReportedAddresses(sender, ({ user = '' }) => ({ number: user })) };
  };
  try {
    await withEngine({ bindings }, async (bench) => {
      try {
        await run(bench, smsc);
      } finally {
        await ending(bench.clock, bench.engine.stop().then(close));
      }
    });
  } finally {
    await smsc.close();
  }
}

test('a message centre of one message a second: so many are claimed, and the others wait where they are', () =>
  withSms(1, async (bench) => {
    const ids = await queue(bench, 20, 'sms:+491701234567');
    // What finds out whether the centre is there may come before the pace.
    await eventually(() => bench.bindings.sms?.carriers?.free('sms') === 1, 'the link');
    await bench.engine.start();
    await eventually(async () => (await states(bench, ids))['accepted 1'] === 1, 'the first');
    for (let second = 2; second <= 6; second += 1) {
      await settle();
      assert.deepEqual(await states(bench, ids), { 'accepted 1': second - 1, 'queued 0': 21 - second });
      bench.clock.advance(1000);
      await eventually(async () => (await states(bench, ids))['accepted 1'] === second, `number ${second}`);
    }
    for (const id of ids) {
      assert.ok(!(await bench.story(id)).some((event) => event.startsWith('attempt-failed')));
    }
  }));

test('a message centre that is away: a few find out, and the others are not touched', () =>
  withSms(undefined, async (bench, smsc) => {
    await eventually(() => (bench.bindings.sms?.carriers?.free('sms') ?? 0) > 0, 'the link');
    await smsc.close();
    await eventually(() => (bench.bindings.sms?.carriers?.free('sms') ?? 0) === 16, 'the loss of the link');
    const ids = await queue(bench, 100, 'sms:+491701234567');
    await bench.engine.start();
    // One place is kept for the other purposes.
    await eventually(() => bench.engine.inFlight === 15, 'the few');
    await settle();
    assert.deepEqual(await states(bench, ids), { 'sending 1': 15, 'queued 0': 85 });
    // Another carrier knows nothing of it.
    const id = await bench.push();
    await bench.reaches(id, 'sent');
  }));

test('push gateways stand apart: one that does not answer holds up none of the other', async () => {
  const hung: Server = createServer(() => undefined);
  hung.listen(0, '127.0.0.1');
  await once(hung, 'listening');
  const gateway = await SimulatedPushGateway.start({ username: 'reveille', password: 'pw' });
  const credentials = { username: 'reveille', password: 'pw' };
  gateway.route('+491701234567', 9);
  let close: () => Promise<void> = async () => undefined;
  const bindings = (clock: ManualClock) => {
    const { port } = hung.address() as AddressInfo;
    const sender = createPapSender({
      clock,
      gateways: [
        { name: 'slow.example', url: `http://127.0.0.1:${port}/pap`, places: 2 },
        { name: 'quick.example', url: gateway.url, credentials, allowPlainBasic: true },
      ],
    });
    close = () => sender.close();
    assert.deepEqual(sender.carriers?.names, ['pap:slow.example', 'pap:quick.example']);
    return { pap: forReportedAddresses(sender, ({ user = '' }) => papTarget(user)) };
  };
  try {
    await withEngine({ bindings }, async (bench) => {
      const slow = await queue(bench, 20, 'pap:WAPPUSH=+491701234567/TYPE=PLMN@slow.example');
      const quick = await queue(bench, 20, 'pap:WAPPUSH=+491701234567/TYPE=PLMN@QUICK.example');
      await bench.engine.start();
      for (const id of quick) await bench.reaches(id, 'accepted');
      assert.deepEqual(await states(bench, slow), { 'sending 1': 2, 'queued 0': 18 });
      hung.closeAllConnections();
      hung.close();
      bench.clock.advance(bench.policy.sendTimeoutMs);
      await bench.engine.stop();
    });
  } finally {
    hung.closeAllConnections();
    hung.close();
    await close();
    await gateway.close();
  }
});
