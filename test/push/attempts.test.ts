// Tries of passwords at everything that takes one for pushes, over real sockets from several addresses: they are bounded for
// each source and name, nobody is shut out by the tries of others, and what is not looked at says nothing about the password.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import {
  answerChallenge,
  decodeChallenges,
  decodeResponse,
  encodeRequest,
  encodeResponseTo,
  headerIds,
  octetsHeader,
  opcodes,
  PacketReader,
} from '../../src/codec/obex/index.ts';
import { bytesToBase64, ConfigError, concatBytes, utf8ToBytes } from '../../src/core/index.ts';
import { HttpPushListener } from '../../src/push/http/index.ts';
import { ObexListener } from '../../src/push/obex/index.ts';
import { PapEndpoint, PapListener } from '../../src/push/pap/index.ts';
import { ManualClock } from '../../src/testing/index.ts';
import { account, startDevice as startHttp } from './http/device.ts';
import { credentials, startDevice as startObex } from './obex/device.ts';
import { MemoryHost } from './pap/memory-host.ts';

/** Addresses of the loopback: the one that proves itself, one that fails, eleven that fail together, and a stranger's. */
const honest = '127.0.0.1';
const guessing = '127.0.2.1';
const others = Array.from({ length: 11 }, (_, index) => `127.0.3.${index + 1}`);
const newcomer = '127.0.4.1';

/** Tries a password from an address; gives what is answered. */
type Try = (from: string, username: string, password: string) => Promise<Answer>;

interface Answer {
  readonly outcome: 'taken' | 'wrong' | 'limited';
  readonly retryAfter?: string | undefined;
}

/** A POST with Basic credentials, from an address of the loopback. */
function basicTry(port: number, path: string, body: string, contentType: string): Try {
  return async (from, username, password) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      method: 'POST',
      localAddress: from,
      agent: false,
      headers: {
        authorization: `Basic ${bytesToBase64(utf8ToBytes(`${username}:${password}`))}`,
        'content-type': contentType,
      },
    });
    asked.end(body);
    const [response] = await once(asked, 'response');
    response.resume();
    await once(response, 'end');
    const { statusCode } = response;
    const outcome = statusCode === 401 ? 'wrong' : statusCode === 429 ? 'limited' : 'taken';
    assert.ok(outcome !== 'taken' || (statusCode >= 200 && statusCode < 300), `status ${statusCode}`);
    return { outcome, retryAfter: response.headers['retry-after'] };
  };
}

async function http(t: TestContext, clock: ManualClock): Promise<Try> {
  const { port } = await startHttp(t, { accounts: [account], allowPlainBasic: true, clock });
  return basicTry(port, '/wappush', 'abc', 'application/vnd.syncml.dm.notification');
}

async function pap(t: TestContext, clock: ManualClock): Promise<Try> {
  const initiators = [{ name: 'partner', credentials: account }];
  const endpoint = new PapEndpoint({ host: new MemoryHost(), initiators, allowPlainBasic: true, clock });
  const route = { maxBody: endpoint.maxBody, handle: endpoint.handle.bind(endpoint) };
  const listener = new PapListener({ port: 0, address: '127.0.0.1', routes: { '/pap': route }, clock });
  const port = await listener.start();
  t.after(() => listener.close());
  return basicTry(port, '/pap', '<?xml version="1.0"?><pap/>', 'application/xml');
}

/** CONNECT, its challenge, and CONNECT with the answer; `answers` makes that out of the challenge. */
async function obexConnect(
  port: number,
  from: string,
  answers: (challenge: Uint8Array) => Uint8Array,
): Promise<Answer> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  const reader = new PacketReader(8192);
  const fields = { maxPacketLength: 8192 };
  const ask = async (headers: { id: number; value: Uint8Array }[]) => {
    socket.write(encodeRequest({ opcode: opcodes.connect, final: true, connect: fields, headers }));
    for (;;) {
      const packet = reader.read();
      if (packet !== undefined) return decodeResponse(packet, { toConnect: true });
      const [chunk] = await once(socket, 'data');
      reader.write(chunk);
    }
  };
  try {
    const { headers } = await ask([]);
    const challenge = octetsHeader(headers, headerIds.authenticationChallenge) ?? new Uint8Array();
    const { code } = await ask([{ id: headerIds.authenticationResponse, value: answers(challenge) }]);
    return { outcome: code === 0xa0 ? 'taken' : code === 0xd3 ? 'limited' : 'wrong' };
  } finally {
    socket.destroy();
  }
}

async function obex(t: TestContext, clock: ManualClock): Promise<Try> {
  const accounts = [{ userId: account.username, password: account.password }];
  const { to } = await startObex(t, { accounts, authenticate: 'always', clock });
  return (from, userId, password) =>
    obexConnect(to.port, from, (value) => {
      const [challenge] = decodeChallenges(value);
      assert.ok(challenge);
      return answerChallenge(challenge, { userId, password });
    });
}

for (const [name, start] of [
  ['HTTP push listener', http],
  ['PAP port', pap],
  ['OBEX listener', obex],
] as const) {
  describe(`wrong passwords at the ${name}`, () => {
    test('ten from one source in one name, and no more are looked at there; others are served', async (t) => {
      const clock = new ManualClock();
      const attempt = await start(t, clock);
      for (let count = 0; count < 10; count += 1) {
        assert.equal((await attempt(guessing, account.username, `guess ${count}`)).outcome, 'wrong');
      }
      // The right one is not looked at either, so it cannot be told from a wrong one.
      const right = await attempt(guessing, account.username, account.password);
      const wrong = await attempt(guessing, account.username, 'another guess');
      assert.deepEqual(right, wrong);
      assert.equal(right.outcome, 'limited');
      if (name !== 'OBEX listener') assert.match(right.retryAfter ?? '', /^[1-9][0-9]*$/);
      assert.equal((await attempt(honest, account.username, account.password)).outcome, 'taken');
      clock.advance(600_000);
      assert.equal((await attempt(guessing, account.username, account.password)).outcome, 'taken');
    });

    test('110 from eleven other sources: who proved itself keeps its way in', async (t) => {
      const clock = new ManualClock();
      const attempt = await start(t, clock);
      assert.equal((await attempt(honest, account.username, account.password)).outcome, 'taken');
      for (const from of others) {
        for (let count = 0; count < 10; count += 1) await attempt(from, account.username, `guess ${count}`);
      }
      // Whoever never proved itself waits: guessing from many addresses is bounded too.
      assert.equal((await attempt(newcomer, account.username, account.password)).outcome, 'limited');
      assert.equal((await attempt(honest, account.username, account.password)).outcome, 'taken');
    });

    test('names that nobody has are counted as well, and cost those that somebody has nothing', async (t) => {
      const clock = new ManualClock();
      const attempt = await start(t, clock);
      for (let count = 0; count < 10; count += 1) {
        assert.equal((await attempt(guessing, 'nobody', `guess ${count}`)).outcome, 'wrong');
      }
      assert.equal((await attempt(guessing, 'nobody', 'guess')).outcome, 'limited');
      assert.equal((await attempt(guessing, account.username, account.password)).outcome, 'taken');
    });
  });
}

test('OBEX: a header of many responses is as many tries, and only the first four are looked at', async (t) => {
  const clock = new ManualClock();
  const { to } = await startObex(t, { accounts: [credentials], authenticate: 'always', clock });
  const digest = new Uint8Array(16);
  const userId = utf8ToBytes(credentials.userId);
  const many = (count: number, last: Uint8Array): Uint8Array =>
    concatBytes(...Array.from({ length: count }, () => encodeResponseTo({ digest, userId })), last);
  const withRight = (count: number) => (value: Uint8Array) => {
    const [challenge] = decodeChallenges(value);
    assert.ok(challenge);
    return many(count, answerChallenge(challenge, credentials));
  };
  assert.equal((await obexConnect(to.port, guessing, withRight(3))).outcome, 'taken');
  assert.equal((await obexConnect(to.port, newcomer, withRight(4))).outcome, 'wrong');
  assert.equal((await obexConnect(to.port, newcomer, withRight(4))).outcome, 'wrong');
  // Eight tries were made: two more, and the one that would be right is not looked at.
  assert.equal((await obexConnect(to.port, newcomer, withRight(2))).outcome, 'limited');
});

test('bounds of tries that are none are refused when a listener is made', () => {
  const attempts = { pair: { maxFailures: Number.NaN } };
  const handler = (): void => {};
  for (const make of [
    () => new HttpPushListener({ handler, attempts }),
    () => new ObexListener({ handler, attempts }),
    () => new PapEndpoint({ host: new MemoryHost(), initiators: [], attempts }),
  ]) {
    assert.throws(make, (error) => error instanceof ConfigError && /pair\.maxFailures/.test(error.message));
  }
});
