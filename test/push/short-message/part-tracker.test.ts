// Receipts of single messages by tokens of ours, as roads without ids of a centre use the tracker.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeliveryReport } from '../../../src/push/index.ts';
import {
  isToken,
  joinReferences,
  messageReference,
  newToken,
  PartTracker,
  parseReferences,
  tokenId,
} from '../../../src/push/short-message/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

function bench(more: { readonly maxTracked?: number; readonly fail?: () => boolean } = {}) {
  const clock = new ManualClock();
  const reports: DeliveryReport[] = [];
  const tracker = new PartTracker({
    binding: 'sms',
    clock,
    maxTracked: more.maxTracked ?? 10,
    trackMs: 60_000,
    parts: 'each',
    onReport: (report) => {
      if (more.fail?.() === true) throw new Error('not on disk');
      reports.push(report);
    },
  });
  const told = () => reports.map(({ pushId, outcome, detail }) => `${pushId} ${outcome} ${detail}`);
  return { clock, tracker, reports, told };
}

const smsc = 'gw';
const number = '+491701234567';
const receipt = (token: string, outcome: 'delivered' | 'failed' | undefined, state = 'delivered') => ({
  ids: [tokenId(token)],
  outcome,
  state,
});

function sent(tracker: PartTracker, pushId: string, count: number) {
  const submission = tracker.submissions.begin(number);
  const tokens = Array.from({ length: count }, newToken);
  const accepted = tokens.map((token) => ({ smsc, messageId: tokenId(token) }));
  const reference = joinReferences(accepted.map(messageReference));
  return { tokens, reference, take: () => tracker.track(pushId, reference, accepted, submission) };
}

test('a token has its form, is never the same, and does not show in what stands for it', () => {
  const token = newToken();
  assert.ok(isToken(token));
  assert.notEqual(token, newToken());
  for (const text of ['', 'x', `${token}x`, token.replace(/./, '/')]) assert.ok(!isToken(text));
  assert.match(tokenId(token), /^[0-9a-f]{32}$/);
  assert.ok(!tokenId(token).includes(token));
});

test('delivered when each message is; what comes twice or on the way counts for nothing', async () => {
  const { tracker, told } = bench();
  const { tokens, take } = sent(tracker, 'p', 2);
  take();
  const [one = '', two = ''] = tokens;
  for (const of of [
    receipt(one, undefined, 'accepted'),
    receipt(one, 'delivered'),
    receipt(one, 'delivered'),
  ])
    assert.ok(await tracker.take(smsc, of));
  assert.deepEqual(told(), []);
  await tracker.take(smsc, receipt(two, 'delivered'));
  assert.deepEqual(told(), ['p delivered gw: delivered']);
  await tracker.take(smsc, receipt(two, 'delivered'));
  const { matched, intermediate, late, open } = tracker.counters();
  assert.deepEqual({ matched, intermediate, open }, { matched: 3, intermediate: 1, open: 0 });
  assert.ok(late <= 1);
});

test('one message that failed fails the push, and names itself', async () => {
  const { tracker, told } = bench();
  const { tokens, take } = sent(tracker, 'p', 3);
  take();
  await tracker.take(smsc, { ...receipt(tokens[1] ?? '', 'failed', 'rejected'), error: '8' });
  assert.deepEqual(told(), ['p failed gw: rejected, error 8 (message 2 of 3)']);
});

test('a receipt that overtakes the answer counts once that has come', async () => {
  const { tracker, told } = bench();
  const { tokens, take } = sent(tracker, 'p', 1);
  await tracker.take(smsc, { ...receipt(tokens[0] ?? '', 'delivered'), number });
  assert.deepEqual(told(), []);
  take();
  await Promise.resolve();
  assert.deepEqual(told(), ['p delivered gw: delivered']);
});

test('after a restart the reference says which receipts are waited for; twice asked for, it is one wait', async () => {
  const before = bench();
  const { tokens, reference, take } = sent(before.tracker, 'p', 2);
  take();
  for (const token of tokens) assert.ok(!reference.includes(token));
  const { tracker, told } = bench();
  tracker.expect('p', reference, parseReferences(reference), number);
  tracker.expect('p', reference, parseReferences(reference), number);
  assert.equal(tracker.counters().open, 1);
  for (const token of tokens) {
    assert.ok(tracker.knows(smsc, tokenId(token)));
    await tracker.take(smsc, receipt(token, 'delivered'));
  }
  assert.deepEqual(told(), ['p delivered gw: delivered']);
  assert.ok(tracker.knows(smsc, tokenId(tokens[0] ?? '')));
  assert.ok(!tracker.knows(smsc, tokenId(newToken())));
});

test('a report that could not be written is asked for again', async () => {
  let failing = true;
  const { tracker, told } = bench({ fail: () => failing });
  const { tokens, take } = sent(tracker, 'p', 1);
  take();
  assert.equal(await tracker.take(smsc, receipt(tokens[0] ?? '', 'delivered')), false);
  failing = false;
  assert.equal(await tracker.take(smsc, receipt(tokens[0] ?? '', 'delivered')), true);
  assert.deepEqual(told(), ['p delivered gw: delivered']);
});

test('waits have bounds: so many pushes, and so long', async () => {
  const { clock, tracker, told } = bench({ maxTracked: 2 });
  const pushes = ['a', 'b', 'c'].map((id) => sent(tracker, id, 1));
  for (const { take } of pushes) take();
  assert.deepEqual([tracker.counters().open, tracker.counters().forgotten], [2, 1]);
  clock.advance(60_000);
  await tracker.take(smsc, receipt(pushes[2]?.tokens[0] ?? '', 'delivered'));
  assert.deepEqual(told(), []);
  assert.equal(tracker.counters().open, 0);
});
