// Bindings while the machine's clock is set: pauses, windows and lives in memory go by the monotonic clock.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { answerDigest, formatCredentials, readChallenges } from '../../src/codec/sip/index.ts';
import { encodePdu } from '../../src/codec/smpp/index.ts';
import { PushError } from '../../src/core/index.ts';
import { HttpAuthenticator } from '../../src/push/http/index.ts';
import { DuplicateMemory } from '../../src/push/sip/duplicate-memory.ts';
import { type RequestOutcome, SmppConnection } from '../../src/push/sms/index.ts';
import { ReceiptTracker } from '../../src/push/sms/receipt/receipt-tracker.ts';
import { Pacer } from '../../src/push/sms/submit/pacer.ts';
import { eventually, ManualClock } from '../../src/testing/index.ts';

const hourMs = 3_600_000;
const directions = [
  ['back an hour', -hourMs],
  ['forward an hour', hourMs],
] as const;

for (const [how, byMs] of directions) {
  test(`clock ${how}: the pause after a throttled message, and the rate, are as before (SMPP)`, () => {
    const clock = new ManualClock();
    let ready = 0;
    const pacer = new Pacer({
      clock,
      throughput: 10,
      pauseMs: 1000,
      maxPauseMs: 60_000,
      onReady: () => {
        ready += 1;
      },
    });
    pacer.throttled(clock.monotonic());
    assert.equal(pacer.take(), false);
    clock.jump(byMs);
    assert.equal(pacer.take(), false, 'it still pauses');
    clock.advance(1000);
    assert.equal(ready, 1);
    let sent = 0;
    clock.jump(-byMs);
    for (let ms = 0; ms < 1000; ms += 1) {
      if (pacer.take()) sent += 1;
      clock.advance(1);
    }
    assert.ok(sent >= 4 && sent <= 12, `${sent} in a second`);
  });

  test(`clock ${how}: a receipt is waited for as long as before (SMPP)`, async () => {
    const clock = new ManualClock();
    const reports: string[] = [];
    const tracker = new ReceiptTracker({
      binding: 'sms',
      clock,
      maxTracked: 10,
      trackMs: hourMs / 2,
      textId: 'same',
      parameterId: 'same',
      parts: 'each',
      sameAccount: () => [],
      onUnmatched: () => undefined,
      onUnknownState: () => undefined,
      onReport: ({ outcome }) => {
        reports.push(outcome);
      },
    });
    const receipt = (parameterId: string) =>
      ({ parameterId, state: 'DELIVERED', error: '', intermediate: false }) as const;
    tracker.expect('p', 'sim:1', [{ smsc: 'sim', messageId: '1' }]);
    tracker.expect('q', 'sim:2', [{ smsc: 'sim', messageId: '2' }]);
    clock.jump(byMs);
    clock.advance(hourMs / 2 - 1);
    await tracker.take('sim', receipt('1'));
    assert.deepEqual(reports, ['delivered']);
    clock.advance(1);
    tracker.expect('r', 'sim:3', [{ smsc: 'sim', messageId: '3' }]);
    assert.equal(tracker.counters().open, 1, 'what had its time is forgotten');
  });

  test(`clock ${how}: a response is waited for as long as before (SMPP)`, async () => {
    const clock = new ManualClock();
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [peer] = (await once(server, 'connection')) as [Socket];
    peer.resume();
    const outcomes: RequestOutcome[] = [];
    const connection = new SmppConnection(
      socket,
      { clock, responseMs: 10_000, enquireMs: 600_000, peer: 'sim' },
      { onRequest: () => undefined, onClose: () => undefined },
    );
    connection.request(encodePdu({ command: 'submit_sm' }), (outcome) => outcomes.push(outcome));
    clock.jump(byMs);
    clock.advance(9999);
    assert.equal(outcomes.length, 0);
    clock.advance(1);
    await eventually(() => outcomes.length === 1, 'the end of the wait');
    connection.destroy(new PushError('LINK_LOST', 'the test is over', true));
    peer.destroy();
    server.close();
  });

  test(`clock ${how}: a nonce lives as long as before (RFC 7616)`, () => {
    const clock = new ManualClock();
    const account = { username: 'dms', password: 'secret' };
    const authenticator = new HttpAuthenticator({ accounts: [account], clock, nonceMs: 60_000 });
    const [read] = readChallenges({ text: authenticator.challenges(false)[0] ?? '', path: '', offset: 0 });
    assert.ok(read);
    const check = (nonceCount: number) => {
      const use = { method: 'POST', uri: '/', nonceCount, cnonce: 'c' };
      const authorization = formatCredentials(answerDigest(read, account, use));
      return authenticator.check({
        method: 'POST',
        target: '/',
        authorization,
        tls: false,
        peer: '192.0.2.1',
      }).kind;
    };
    assert.equal(check(1), 'proved');
    clock.jump(byMs);
    clock.advance(59_999);
    assert.equal(check(2), 'proved');
    clock.advance(1);
    assert.equal(check(3), 'refused');
  });

  test(`clock ${how}: a duplicate is known as long as before (RFC 3261 §8.2.2.2)`, () => {
    const clock = new ManualClock();
    const memory = new DuplicateMemory(clock, 60_000);
    assert.equal(memory.seen('a'), false);
    clock.jump(byMs);
    clock.advance(59_999);
    assert.equal(memory.seen('a'), true);
    clock.advance(1);
    assert.equal(memory.seen('a'), false);
  });
}
