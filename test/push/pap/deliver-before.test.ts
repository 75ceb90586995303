// The life of a push as push gateways are told it: deliver-before-timestamp (PAP 2.0).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { papCodes } from '../../../src/codec/pap/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import type { Script, SeenRequest } from '../http/scripted-peer.ts';
import { entitiesOf, never, plmn, pushIdOf, pushOf, startGateway, withCode } from './gateway.ts';

const to = { address: plmn, gateway: 'ppg.example' };
const start = Date.UTC(2026, 0, 1, 0, 0, 0, 250);

function beforeOf(request: SeenRequest | undefined): number | undefined {
  assert.ok(request !== undefined);
  const { message } = entitiesOf(request).document;
  assert.ok(message.element === 'push-message');
  return message.deliverBeforeTimestamp;
}

describe('PAP 2.0: deliver-before-timestamp', () => {
  const rows: readonly (readonly [string, number | undefined, number | undefined, number | undefined])[] = [
    ['nothing is said without a life or a setting', undefined, undefined, undefined],
    ['the life of the push', 600_000, undefined, Date.UTC(2026, 0, 1, 0, 10, 1)],
    ['the setting, for a push without an end', undefined, 60_000, Date.UTC(2026, 0, 1, 0, 1, 1)],
    ['the life where it is shorter than the setting', 60_000, 600_000, Date.UTC(2026, 0, 1, 0, 1, 1)],
    ['the setting where it is shorter than the life', 600_000, 60_000, Date.UTC(2026, 0, 1, 0, 1, 1)],
    ['what is left of a second counts as one', 1, undefined, Date.UTC(2026, 0, 1, 0, 0, 1)],
  ];
  for (const [name, leftMs, lifetimeMs, expected] of rows) {
    test(name, async (t) => {
      const clock = new ManualClock(start);
      const { peer, sender } = await startGateway(t, withCode(1001), { lifetimeMs }, { clock });
      const push = { ...pushOf(5), ...(leftMs !== undefined && { expiresAt: start + leftMs }) };
      await sender.send(push, to, never);
      assert.equal(beforeOf(peer.requests[0]), expected);
    });
  }

  test('a push whose time is over is not sent: EXPIRED, which no repetition mends', async (t) => {
    const { peer, sender } = await startGateway(t, withCode(1001), {}, { clock: new ManualClock(start) });
    await assert.rejects(sender.send({ ...pushOf(5), expiresAt: start }, to, never), {
      name: 'PushError',
      code: 'EXPIRED',
      retryable: false,
    });
    assert.deepEqual(peer.requests, []);
  });
});

describe('a gateway whose clock is ahead', () => {
  /** Refuses what ends before its own time, as Kannel does. */
  const gatewayAt =
    (now: () => number): Script =>
    (request, ...rest) => {
      const before = beforeOf(request);
      const over = before !== undefined && before < now();
      return withCode(over ? papCodes.forbidden : papCodes.acceptedForProcessing)(request, ...rest);
    };

  test('takes the push without an end, under a push-id of its own; the log is told once until its clock is right', async (t) => {
    let gatewayNow = start + 3_600_000;
    const warnings: string[] = [];
    const { peer, sender } = await startGateway(
      t,
      gatewayAt(() => gatewayNow),
      {},
      { clock: new ManualClock(start), onWarning: (text) => warnings.push(text) },
    );
    const push = { ...pushOf(5), expiresAt: start + 600_000 };
    for (let i = 0; i < 2; i += 1) {
      const receipt = await sender.send(push, to, never);
      const [first, second] = peer.requests.splice(0);
      assert.ok(first !== undefined && second !== undefined);
      assert.equal(beforeOf(second), undefined);
      assert.notEqual(pushIdOf(second), pushIdOf(first));
      assert.deepEqual(receipt, { outcome: 'accepted', reference: pushIdOf(second) });
    }
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /ends at 2026-01-01T00:10:01Z.*its clock is ahead/);
    gatewayNow = start;
    await sender.send(push, to, never);
    assert.equal(peer.requests.splice(0).length, 1);
    gatewayNow = start + 3_600_000;
    await sender.send(push, to, never);
    assert.equal(warnings.length, 2);
  });

  test('one that refuses the push itself is asked twice at most, and its refusal is final', async (t) => {
    const { peer, sender } = await startGateway(
      t,
      withCode(papCodes.forbidden, 'no'),
      {},
      { clock: new ManualClock(start) },
    );
    await assert.rejects(sender.send({ ...pushOf(5), expiresAt: start + 600_000 }, to, never), {
      code: 'PAP_FORBIDDEN',
      retryable: false,
    });
    assert.equal(peer.requests.splice(0).length, 2);
    await assert.rejects(sender.send(pushOf(5), to, never), { code: 'PAP_FORBIDDEN' });
    assert.equal(peer.requests.length, 1);
  });

  test('when the time of the push ended meanwhile, it is not sent again', async (t) => {
    const clock = new ManualClock(start);
    const { peer, sender } = await startGateway(
      t,
      (request, ...rest) => {
        clock.advance(10_000);
        return withCode(papCodes.forbidden)(request, ...rest);
      },
      {},
      { clock },
    );
    await assert.rejects(sender.send({ ...pushOf(5), expiresAt: start + 10_000 }, to, never), {
      code: 'EXPIRED',
    });
    assert.equal(peer.requests.length, 1);
  });
});
