// Who may use the API: tokens, those who guess them, and what the log is told. No token is ever shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BearerCheck, requireToken } from '../../../src/api/access/bearer.ts';
import { anonymous, operator } from '../../../src/api/access/caller.ts';
import { ApiError } from '../../../src/api/request/problem.ts';
import { ConfigError, silentLogger } from '../../../src/core/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const tokens = ['a-token-of-operators', 'another-token-of-theirs'];
const detail = 'send a valid token as Authorization: Bearer TOKEN';
const unauthorized = [401, 'UNAUTHORIZED', detail, undefined];

function door(known: readonly string[] = tokens) {
  const clock = new ManualClock();
  const logged: unknown[] = [];
  const logger = { ...silentLogger, warn: (...line: unknown[]) => void logged.push(line) };
  const bearer = new BearerCheck({ tokens: known, clock, logger });
  /** How a header is refused; `undefined` where it is let in. */
  const ask = (authorization: string | undefined, peer = '192.0.2.1'): unknown => {
    try {
      const caller = bearer.check(authorization, peer);
      assert.equal(caller, known.length === 0 ? anonymous : operator);
      return undefined;
    } catch (error) {
      assert.ok(error instanceof ApiError);
      return [error.status, error.code, error.message, error.retryAfterSeconds];
    }
  };
  return { clock, logged, bearer, ask };
}

test('each of the tokens lets in, however the scheme is written', () => {
  const { ask, logged } = door();
  for (const token of tokens) {
    for (const header of [`Bearer ${token}`, `bearer ${token}`, `BEARER   ${token}`, `Bearer ${token}  `]) {
      assert.equal(ask(header), undefined, header);
    }
  }
  assert.deepEqual(logged, []);
});

test('anything else does not', () => {
  const headers = [
    'Bearer a-token-of-operator',
    'Bearer a-token-of-operators!',
    'Bearer A-token-of-operators',
    'Bearer',
    'Bearer ',
    '',
    'a-token-of-operators',
    'Basic a-token-of-operators',
    'xBearer a-token-of-operators',
    'Bearera-token-of-operators',
    'Bearer a-token-of-operators x',
    'Bearer x a-token-of-operators',
  ];
  const { ask } = door();
  for (const [index, header] of headers.entries()) {
    assert.deepEqual(ask(header, `192.0.2.${index}`), unauthorized, header);
  }
});

test('without tokens everybody is let in', () => {
  const { ask, logged } = door([]);
  assert.equal(ask(undefined), undefined);
  assert.equal(ask('Bearer x'), undefined);
  assert.deepEqual(logged, []);
});

test('who sends no token does not guess: neither counted nor logged', () => {
  const { ask, logged, bearer } = door();
  for (let count = 0; count < 50; count += 1) assert.deepEqual(ask(undefined), unauthorized);
  bearer.end();
  assert.deepEqual(logged, []);
});

test('after 20 wrong tokens in five minutes a source is told to wait; others and right ones are served', () => {
  const { ask, clock } = door();
  for (let count = 0; count < 20; count += 1) assert.deepEqual(ask('Bearer wrong'), unauthorized);
  const late = `too many wrong tokens came from there; ${detail}`;
  assert.deepEqual(ask('Bearer wrong'), [429, 'TOO_MANY_ATTEMPTS', late, 300]);
  clock.advance(1001);
  assert.deepEqual(ask('Bearer wrong'), [429, 'TOO_MANY_ATTEMPTS', late, 299]);
  assert.equal(ask(`Bearer ${tokens[1]}`), undefined);
  assert.deepEqual(ask('Bearer wrong', '192.0.2.2'), unauthorized);
  clock.advance(300_000);
  assert.deepEqual(ask('Bearer wrong'), unauthorized);
});

test('the log learns of wrong tokens by their source, in sum, and never what they were', () => {
  const { ask, clock, logged, bearer } = door();
  ask('Bearer wrong-secret', '2001:db8::1');
  assert.deepEqual(logged, [[{ source: '2001:db8:0:0::/64' }, 'a wrong API token was refused']]);
  ask('Bearer wrong-secret', '192.0.2.1');
  ask('Bearer wrong-secret', '192.0.2.2');
  assert.equal(logged.length, 1);
  clock.advance(500);
  bearer.end();
  assert.deepEqual(logged.slice(1), [
    [
      { source: '192.0.2.2', count: 2, withinMs: 10_000 },
      'more wrong API tokens were refused, the last one from this source',
    ],
  ]);
  assert.doesNotMatch(JSON.stringify(logged), /secret/);
});

test('a token has 16 visible ASCII characters or more; what it holds is not told', () => {
  for (const token of ['sixteen-letters.', '!'.repeat(16), '~'.repeat(16)]) {
    assert.doesNotThrow(() => requireToken(token));
  }
  const refused = (token: string) => {
    try {
      requireToken(token);
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.message;
    }
    return undefined;
  };
  const short = (length: number) =>
    `an API token has ${length} characters, at least 16 are needed, or it can be found by trying; make one with: reveille secret`;
  assert.equal(refused('fifteen-letters'), short(15));
  assert.equal(refused(''), short(0));
  const unfit =
    'an API token holds white space or characters beyond ASCII, which no request can carry; make one with: reveille secret';
  for (const token of [
    'a token of operators',
    ' a-token-of-operators',
    'a-token-of-operators\n',
    'ä'.repeat(20),
    '\x7f'.repeat(20),
  ]) {
    assert.equal(refused(token), unfit, JSON.stringify(token));
  }
  const make = (known: readonly string[]) =>
    new BearerCheck({ tokens: known, clock: new ManualClock(), logger: silentLogger });
  assert.throws(() => make(['a-token-of-operators', 'short']), ConfigError);
});
