// Messages by their pace: whole pushes one after the other, and no more of them than leave in time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError, ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import {
  centreFindings,
  createHttpCentre,
  type HttpCentreOptions,
  httpCentreDefaults,
} from '../../../src/push/sms-http/index.ts';
import { MessagePace } from '../../../src/push/sms-http/message-pace.ts';
import { pushPolicyDefaults, sendTimeoutOf } from '../../../src/server/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const never = new AbortController().signal;

/** Lets promises go on that wait for nothing else. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a place for each push that leaves well within an attempt, one at least', () => {
  const clock = new ManualClock();
  assert.deepEqual(
    [1, 10, 0.5, 0.1, 1e9].map((perSecond) => new MessagePace(perSecond, 90_000, clock).places),
    [5, 50, 2, 1, 1_000_000],
  );
  for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(
      () => new MessagePace(wrong, 90_000, clock),
      new ValueError('OUT_OF_RANGE', `${wrong} is not more than 0`, 'throughput'),
    );
  }
});

test('pushes that come at once are whole one after the other, and all within an attempt', async () => {
  const clock = new ManualClock();
  const pace = new MessagePace(2, 90_000, clock);
  const begun = clock.monotonic();
  const out: { readonly push: number; readonly at: number }[] = [];
  const sending = Array.from({ length: pace.places }, async (_, push) => {
    const turn = pace.begin(7);
    for (let part = 0; part < 7; part += 1) {
      await pace.run(turn, never, async () => void out.push({ push, at: clock.monotonic() - begun }));
    }
  });
  await settle();
  for (let waited = 0; out.length < 7 * pace.places && waited < 100; waited += 1) {
    clock.advance(500);
    await settle();
  }
  await Promise.all(sending);
  const wanted = Array.from({ length: pace.places }, (_, push) => Array.from({ length: 7 }, () => push));
  assert.deepEqual(
    out.map(({ push }) => push),
    wanted.flat(),
  );
  assert.ok((out.at(-1)?.at ?? Number.NaN) <= 50_000);
  for (const [index, { at }] of out.entries()) assert.ok(at >= (index - 1) * 500, 'no faster than its pace');
  assert.equal(clock.waiting, 0);
});

test('who gives up, or is closed, is refused; those behind go on', async () => {
  const clock = new ManualClock();
  const pace = new MessagePace(1, 90_000, clock);
  const gone = new AbortController();
  await pace.run(pace.begin(1), never, async () => {});
  const code = (waiting: Promise<string>): Promise<string> =>
    waiting.catch((error: unknown) => (error instanceof PushError ? error.code : String(error)));
  const first = code(pace.run(pace.begin(1), gone.signal, async () => 'sent'));
  const second = code(pace.run(pace.begin(1), never, async () => 'sent'));
  const third = code(pace.run(pace.begin(1), never, async () => 'sent'));
  gone.abort();
  assert.equal(await first, 'ABORTED');
  clock.advance(1000);
  assert.equal(await second, 'sent');
  pace.close();
  assert.equal(await third, 'CLOSED');
  assert.equal(await code(pace.run(pace.begin(1), never, async () => 'sent')), 'CLOSED');
  assert.equal(clock.waiting, 0);
});

test('a road has as many places; a push that cannot leave within an attempt is not begun', async (t) => {
  const centre = createHttpCentre({
    name: 'acme',
    preset: 'smseagle',
    account: { accessToken: '0005gOjCOlMH8F2x' },
    request: { url: 'http://127.0.0.1:1/http_api/send_binary_sms' },
    throughput: 0.02,
  });
  t.after(() => centre.close());
  assert.equal(centre.carriers?.free('sms:acme'), 1);
  const push = { id: 'p1', contentType: contentTypes['dm+wbxml'], body: new Uint8Array(400) };
  await assert.rejects(centre.send(push, { number: '+447700900000' }, never), (error: unknown) => {
    assert.ok(error instanceof PushError && error.notTaken && error.retryable);
    assert.equal(error.code, 'THROUGHPUT');
    assert.match(
      error.message,
      /4 messages at 0.02 in a second \(throughput\) need 150 s, more than the 90 s/,
    );
    return true;
  });
});

test("what an attempt has is the engine's to say; the default is that of its policy", () => {
  assert.equal(httpCentreDefaults.attemptMs, sendTimeoutOf(pushPolicyDefaults, 'sms'));
  const pace = new MessagePace(1, 5000, new ManualClock());
  assert.deepEqual([pace.places, new MessagePace(1, 180_000, new ManualClock()).places], [1, 10]);
  assert.equal(pace.begin(6), 1);
  assert.throws(
    () => pace.begin(7),
    /7 messages at 1 in a second \(throughput\) need 6 s, more than the 5 s/,
  );
});

test('settings at which pushes cannot leave are told', () => {
  const told = (
    own: Pick<HttpCentreOptions, 'throughput' | 'maxSegments' | 'attemptMs'>,
  ): readonly string[] =>
    centreFindings({
      name: 'acme',
      preset: 'smseagle',
      account: { accessToken: '0005gOjCOlMH8F2x' },
      request: { url: 'https://gateway.example/http_api/send_binary_sms' },
      ...own,
    }).flatMap(({ path, what }) => (path === 'throughput' ? [what] : []));
  assert.deepEqual(told({ throughput: 0.1 }), []);
  assert.deepEqual(told({ throughput: 0.09, maxSegments: 4 }), []);
  const tooSlow =
    'a push of 10 messages needs 100 s, more than the 90 s that an attempt has, and does not go out here';
  assert.deepEqual(told({ throughput: 0.09 }), [tooSlow]);
  assert.deepEqual(told({ throughput: 0.09, maxSegments: 10 }), [tooSlow]);
  assert.deepEqual(told({ throughput: 0.09, attemptMs: 100_000 }), []);
});
