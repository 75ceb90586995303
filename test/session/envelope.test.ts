import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../src/core/index.ts';
import {
  ClientSession,
  refusalOf,
  ServerSession,
  sessionIdMatches,
  sessionIdOf,
} from '../../src/session/index.ts';
import { redirection } from '../../src/session/message/envelope.ts';
import { asIncoming, line, stage, twoWay } from './conversation.ts';

test('spec-notes ruling 10: SessionID is matched as clients write it', () => {
  for (const text of ['1234', '01234', ' 1234 ']) assert.equal(sessionIdMatches(text, 0x1234), true, text);
  assert.equal(sessionIdMatches('00AF', 0xaf), true);
  assert.equal(sessionIdMatches('af', 0xaf), true);
  assert.equal(sessionIdMatches('175', 0xaf), true, 'decimal');
  assert.equal(sessionIdMatches('0', 0xaf), false);
  assert.equal(sessionIdMatches('nonsense', 0xaf), false);
  // Both hex 175 and decimal 175 may be alive: hex goes first.
  assert.equal(
    sessionIdOf('175', (id) => id === 0x175 || id === 0xaf),
    0x175,
  );
  assert.equal(
    sessionIdOf('175', (id) => id === 0xaf),
    0xaf,
  );
  assert.equal(
    sessionIdOf('175', () => false),
    undefined,
  );
});

test('a session with an id that no notification can have is refused', () => {
  const { session, server } = stage();
  for (const sessionId of [0, 65_536, 1.5, Number.NaN]) {
    assert.throws(() => new ClientSession({ ...session.options, sessionId }), ValueError);
    assert.throws(() => new ServerSession({ ...server.options, sessionId }), ValueError);
  }
  assert.throws(() => new ServerSession({ ...server.options, sessionId: ' ' }), ValueError);
});

test('a message without a session is refused by Statuses only, and the client gives up', async () => {
  const scene = stage(twoWay('md5'));
  const { send } = scene.session.start();
  assert.ok(send);
  for (const [status, outcome] of [
    [401, 'unauthenticated'],
    [503, 'failed'],
  ] as const) {
    const message = refusalOf(send.message, status, 'https://dm.example/');
    const expected = `S1 SyncHdr=${status} Alert=${status} Replace=${status} Final`;
    assert.equal(line({ from: 'server', message }), expected);
    const session = new ClientSession(scene.session.options);
    session.start();
    const step = await session.receive(asIncoming({ message }));
    assert.equal(step.end?.outcome, outcome);
    assert.equal(step.send, undefined);
  }
});

test('DM-PRO-1.2, RespURI: it leads anywhere, but not from an address with TLS to one without', () => {
  for (const [from, respUri, to] of [
    ['http://dm.example/', 'http://other.example/s', 'http://other.example/s'],
    ['http://dm.example/', 'https://dm.example/s', 'https://dm.example/s'],
    ['http://dm.example/a', 's?t=1', 'http://dm.example/s?t=1'],
    ['https://dm.example/', 'HTTPS://dm.example', 'HTTPS://dm.example'],
    ['HTTPS://dm.example/', 'http://dm.example/s', undefined],
    ['https://dm.example/', 'ftp://dm.example/s', undefined],
    ['https://dm.example/', 'https://', undefined],
  ] as const) {
    assert.equal(redirection(from, respUri), to, `${from} ${respUri}`);
  }
});
