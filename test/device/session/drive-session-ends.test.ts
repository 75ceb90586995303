// How the carrier of a session deals with what does not go as it should, at its beginning, in its course and at its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, utf8ToBytes } from '../../../src/core/index.ts';
import type { SessionEnd } from '../../../src/session/index.ts';
import { answered, completed, course, send, unwritable } from './session-course.ts';

const gone = { outcome: 'unreachable', reason: 'ECONNRESET' } as const;
const done = { effects: [], end: completed };
const reasonOf = ({ end }: { readonly end: SessionEnd }): string => ('reason' in end ? end.reason : '');

test('a message goes to the address that it names, in the form of the device, and either form is taken back', async () => {
  const hmac = (body: Uint8Array): string => `mac of ${body.length}`;
  const { requests, received } = await course({
    steps: [{ effects: [], send }, done],
    responses: [{ ...answered, hmac: 'mac of theirs' }, answered],
    session: { start: () => ({ effects: [], send: { ...send, hmac } }) },
    transport: { localAddress: '127.0.0.2' },
  });
  const [first, second] = requests;
  const [xml, wbxml] = ['application/vnd.syncml.dm+xml; charset=utf-8', 'application/vnd.syncml.dm+wbxml'];
  assert.deepEqual([first?.contentType, first?.accept], [xml, [xml, wbxml]]);
  assert.deepEqual([first?.hmac, first?.localAddress], [`mac of ${first?.body.length}`, '127.0.0.2']);
  assert.ok(second !== undefined && !('hmac' in second));
  assert.deepEqual(
    received.map((each) => [each.body, 'hmac' in each ? each.hmac : 'none']),
    [
      [answered.body, 'mac of theirs'],
      [answered.body, 'none'],
    ],
  );
  const other = await course({
    steps: [done],
    responses: [answered],
    transport: { form: 'wbxml' },
  });
  assert.deepEqual(other.requests[0]?.accept, [wbxml, xml]);
  assert.ok(!('localAddress' in (other.requests[0] ?? {})));
});

test('what of an answer is tolerated stands before its effects, and without any there is nothing', async () => {
  const nonce = { effect: 'client-nonce', nonce: Uint8Array.of(1) } as const;
  const step = { effects: [nonce], end: completed };
  const odd = { ...answered, body: concatBytes(utf8ToBytes('\n '), answered.body) };
  const { effects } = await course({ steps: [step], responses: [odd] });
  assert.deepEqual(effects, [{ effect: 'note', text: 'tolerated: white space before the document' }, nonce]);
  assert.deepEqual((await course({ steps: [step], responses: [answered] })).effects, [nonce]);
});

test('an answer that is no DM message ends the session with what it was', async () => {
  const text = utf8ToBytes('<html>');
  for (const [response, reason] of [
    [{ ...answered, body: new Uint8Array(0) }, /^the server answered with nothing$/],
    [{ ...answered, contentType: 'text/html', body: text }, /^the server answered with text\/html$/],
    [
      { ...answered, contentType: undefined, body: utf8ToBytes('no message') },
      /^the server answered with what is no DM message$/,
    ],
    [{ ...answered, body: utf8ToBytes('<SyncML>') }, /^the server's message cannot be read: ./],
  ] as const) {
    const { result, log } = await course({ responses: [response] });
    assert.deepEqual(log, ['persist 0', 'send', 'fail', 'persist 0 end']);
    assert.match(reasonOf(result), reason);
    assert.equal(result.retryable, false);
  }
});

test('a message that cannot be written ends the session; one of its end is left out', async () => {
  const first = await course({
    responses: [],
    session: { start: () => ({ effects: [], send: unwritable }) },
  });
  assert.deepEqual(first.log, ['persist 0', 'refused', 'persist 0 end']);
  assert.match(reasonOf(first.result), /^its message cannot be written: ./);
  const last = await course({ steps: [{ ...done, send: unwritable }], responses: [answered] });
  assert.deepEqual(last.log, ['persist 0', 'send', 'persist 0 end']);
  assert.equal(last.result.end, completed);
});

test('where nothing is to be sent or asked again, the session fails', async () => {
  const { result, log } = await course({
    steps: [{ effects: [] }],
    responses: [answered],
    session: { repeat: () => undefined },
  });
  assert.deepEqual(log, ['persist 0', 'send', 'persist 0', 'fail', 'persist 0 end']);
  assert.equal(reasonOf(result), 'there is nothing to ask again');
});

test('answers that do not belong to the session are asked for again once, and may be those of a server that lost it', async () => {
  const stray = { effects: [] };
  const { result, log } = await course({
    steps: [{ effects: [], send }, stray, stray],
    responses: [answered, answered, answered],
  });
  assert.equal(log.filter((line) => line === 'send').length, 3);
  assert.equal(reasonOf(result), 'the answers do not belong to the session');
  assert.deepEqual([result.retryable, result.answers], [true, 1]);
  // The message that is asked again is not sent a third time where nobody answers.
  const lost = await course({ steps: [stray], responses: [answered, gone] });
  assert.deepEqual([reasonOf(lost.result), lost.result.retryable], ['ECONNRESET', true]);
});

test('a message is sent again as often as the carrier says, after its pause', async () => {
  const none = await course({ responses: [gone], transport: { resends: 0 } });
  assert.equal(none.requests.length, 1);
  const twice = await course({ steps: [done], responses: [gone, gone, answered], transport: { resends: 2 } });
  assert.equal(twice.requests.length, 3);
  assert.equal(twice.result.end, completed);
  const usual = await course({ steps: [done], responses: [gone, answered] });
  assert.equal(usual.tookMs, 500);
  const slow = await course({
    steps: [done],
    responses: [gone, answered],
    transport: { resendPauseMs: 2000 },
  });
  assert.equal(slow.tookMs, 2000);
});

test('a refusal is the session’s to judge, unless nobody knows whether the server has the message', async () => {
  const refused = { outcome: 'refused', reason: 'HTTP status 404', status: 404 } as const;
  const certificate = { outcome: 'refused', reason: 'CERT_HAS_EXPIRED' } as const;
  for (const [judged, responses] of [
    ['refused', [refused]],
    ['fail', [certificate]],
    ['fail', [gone, refused]],
    ['fail', [answered, refused]],
  ] as const) {
    const { log, result } = await course({ steps: [{ effects: [] }], responses });
    assert.deepEqual(log.slice(-2), [judged, 'persist 0 end']);
    const last = responses[responses.length - 1];
    assert.equal(reasonOf(result), last !== undefined && 'reason' in last && last.reason);
  }
});

test('a device that stops in the pause before a message is sent again does not send it', async () => {
  const ender = new AbortController();
  const { log } = await course({
    responses: [gone, answered],
    signal: ender.signal,
    onSend: () => ender.abort(),
  });
  assert.deepEqual(log, ['persist 0', 'send', 'abort', 'persist 0 end', 'send']);
});

test('an abort is told once, for two seconds at most; any other end as often as the carrier says', async () => {
  const byServer = { outcome: 'aborted', by: 'server', reason: 'it has enough' } as const;
  for (const end of [byServer, completed, { outcome: 'failed', reason: 'x' } as const]) {
    const { requests, result } = await course({
      steps: [{ effects: [], end, send }],
      responses: [answered, gone, answered],
    });
    assert.equal(requests.length, 3);
    assert.equal(result.end, end);
  }
  const thrice = await course({
    steps: [{ ...done, send }],
    responses: [answered, gone, gone, answered],
    transport: { resends: 2 },
  });
  assert.equal(thrice.requests.length, 4);
  const own = await course({ responses: [{ outcome: 'stopped' }, gone] });
  assert.equal(own.requests.length, 2);
  assert.equal(own.timersLeft, 0);
  const silent = await course({ responses: [{ outcome: 'stopped' }, 'silence'] });
  assert.equal(silent.tookMs, 2000);
  assert.equal(silent.result.end.outcome, 'aborted');
});

test('a session that cannot be stored has failed, whatever it says itself', async () => {
  const persist = () => Promise.reject('no space');
  const { result } = await course({ responses: [], persist });
  assert.equal(reasonOf(result), 'its state could not be stored: no space');
  const mute = await course({ responses: [], persist, session: { fail: () => ({ effects: [] }) } });
  assert.deepEqual(mute.result, {
    end: { outcome: 'failed', reason: 'the session did not end' },
    retryable: false,
    answers: 0,
  });
});
