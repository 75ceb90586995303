// Tokens of an identity provider that stands on the loopback: which open, what their claims come to, and what is fetched.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { BearerCheck } from '../../../src/api/access/bearer.ts';
import { OidcTokens } from '../../../src/api/access/oidc.ts';
import { keyBounds } from '../../../src/api/access/oidc-keys.ts';
import { checkOidc, type OidcSettings } from '../../../src/api/index.ts';
import { ApiError } from '../../../src/api/request/problem.ts';
import { ConfigError } from '../../../src/core/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { withApi } from '../api-bench.ts';

interface Pair {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

async function pair(alg: string, kid: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

const first = await pair('ES256', 'first');
const second = await pair('RS256', 'second');
const stranger = await pair('ES256', 'first');

interface Provider {
  readonly issuer: string;
  readonly clock: ManualClock;
  /** Requests so far, by path. */
  readonly fetched: string[];
  /** What is answered; by default the configuration and the keys. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  keys: readonly JWK[];
  tokens(settings?: Partial<OidcSettings>): OidcTokens;
  /** A token that is right but for what is changed. */
  sign(changes?: Readonly<Record<string, unknown>>, by?: Pair, header?: object): Promise<string>;
}

async function withProvider(run: (provider: Provider) => Promise<void>): Promise<void> {
  const clock = new ManualClock();
  const server = createServer((request, response) => {
    provider.fetched.push(request.url ?? '');
    if (provider.answer !== undefined) return provider.answer(request, response);
    const document = request.url?.endsWith('openid-configuration')
      ? { issuer, jwks_uri: `${issuer}/keys` }
      : { keys: provider.keys };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: Provider = {
    issuer,
    clock,
    fetched: [],
    answer: undefined,
    keys: [first.jwk],
    tokens: (settings = {}) => new OidcTokens({ issuer, audience: 'reveille', ...settings }, clock),
    sign: (changes = {}, by = first, header = {}) => {
      const now = Math.floor(clock.now() / 1000);
      const claims = {
        iss: issuer,
        aud: 'reveille',
        sub: 'alice',
        iat: now,
        exp: now + 300,
        scope: 'reveille:read',
        ...changes,
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: by.jwk.alg ?? '', kid: by.jwk.kid ?? '', ...header })
        .sign(by.privateKey);
    },
  };
  try {
    await run(provider);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a token of the issuer, for us, in its time, opens; its keys are fetched once', () =>
  withProvider(async ({ tokens, sign, fetched, issuer, clock }) => {
    const oidc = tokens();
    const token = await sign();
    assert.equal(oidc.isOne(token), true);
    const caller = await oidc.lookUp(token);
    assert.deepEqual(caller, {
      owner: 'alice',
      actor: `oidc/${new URL(issuer).host}/alice`,
      scopes: ['read'],
      accounts: 'all',
      until: clock.now() + 300_000,
    });
    await Promise.all([oidc.lookUp(token), oidc.lookUp(await sign({ sub: 'bob' }))]);
    assert.deepEqual(fetched, ['/.well-known/openid-configuration', '/keys']);
    assert.equal(oidc.isOne('rvl_0000000000000000_x'), false);
    assert.equal(oidc.isOne('eyJ.x'), false);
    assert.equal(oidc.isOne(`eyJ${'x'.repeat(20_000)}.x.x`), false);
  }));

test('any other does not: issuer, audience, time, signature, algorithm, key', () =>
  withProvider(async ({ tokens, sign, clock, issuer }) => {
    const oidc = tokens();
    const now = Math.floor(clock.now() / 1000);
    const right = await sign();
    const [head = '', body = '', signature = ''] = right.split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), scope: 'reveille:admin' }),
    ).toString('base64url');
    // The public key as the secret of an HMAC, which whoever reads the key can make.
    const confused = await new SignJWT({ iss: issuer, aud: 'reveille', sub: 'alice', exp: now + 300 })
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(new TextEncoder().encode(JSON.stringify(first.jwk)));
    const wrong: Readonly<Record<string, string>> = {
      'another issuer': await sign({ iss: 'https://evil.example' }),
      'another audience': await sign({ aud: 'other' }),
      'no audience': await sign({ aud: undefined }),
      expired: await sign({ exp: now - 31 }),
      'no end': await sign({ exp: undefined }),
      'not yet': await sign({ nbf: now + 31 }),
      nobody: await sign({ sub: undefined }),
      'a name with a control': await sign({ sub: 'a\nb' }),
      'a long name': await sign({ sub: 'x'.repeat(129) }),
      'a name that is none': await sign({ sub: 7 }),
      'another key under the same name': await sign({}, stranger),
      'other claims': `${head}.${forged}.${signature}`,
      none: new UnsecuredJWT({ sub: 'alice' })
        .setIssuer(issuer)
        .setAudience('reveille')
        .setExpirationTime(now + 300)
        .encode(),
      'no signature': `${head}.${body}.`,
      'HMAC with the public key': confused,
      'an algorithm that is not taken': await sign({}, await pair('ES384', 'first')),
      'octets that are none': 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA',
    };
    for (const [name, token] of Object.entries(wrong))
      assert.equal(await oidc.lookUp(token), undefined, name);
    assert.equal(oidc.isOne(wrong.none ?? ''), false, 'it has no signature');
    assert.ok(await oidc.lookUp(await sign({ exp: now - 29, nbf: now + 29 })), 'clocks differ a little');
    assert.ok(await oidc.lookUp(await sign({ aud: ['x', 'reveille'] })));
    const strict = tokens({ clockSkewSeconds: 0 });
    assert.equal(await strict.lookUp(await sign({ exp: now - 1 })), undefined);
  }));

test('why one is refused is told to the log, and to nobody else', () =>
  withProvider(async ({ tokens, sign, clock }) => {
    const logged: object[] = [];
    const note = (fields: object): void => void logged.push(fields);
    const logger = { debug: note, info: note, warn: note, error: note };
    const oidc = tokens();
    const now = Math.floor(clock.now() / 1000);
    const secret = 'the-name-of-somebody';
    const [, ...rest] = (await sign()).split('.');
    const head = { alg: 'ES256', kid: 'first', crit: [secret], [secret]: 1 };
    const critical = Buffer.from(JSON.stringify(head)).toString('base64url');
    for (const [token, why] of [
      [await sign({ aud: secret }), 'unexpected "aud" claim value'],
      [await sign({ iss: secret }), 'unexpected "iss" claim value'],
      [await sign({ exp: now - 31 }), '"exp" claim timestamp check failed'],
      [await sign({ sub: `${secret}\n` }), 'the claim with its owner is none that can be shown'],
      [await sign({}, stranger), 'signature verification failed'],
      [[critical, ...rest].join('.'), 'ERR_JOSE_NOT_SUPPORTED'],
      [await sign({}, second), 'no key of the identity provider fits it'],
      [await sign({}, await pair('ES384', 'first')), '"alg" (Algorithm) Header Parameter value not allowed'],
    ] as const) {
      const bearer = new BearerCheck({ tokens: [], foreign: oidc, clock, logger });
      const answer = await Promise.resolve(bearer.check(`Bearer ${token}`, '192.0.2.1')).catch(String);
      assert.doesNotMatch(String(answer), /claim|signature|key/);
      assert.deepEqual(logged.splice(0), [{ source: '192.0.2.1', why }]);
    }
  }));

test('claims come to scopes and accounts as is set; who may see some accounts is no admin', () =>
  withProvider(async ({ tokens, sign }) => {
    const rights = async (settings: Partial<OidcSettings>, claims: object) => {
      const caller = await tokens(settings).lookUp(await sign({ ...claims }));
      return [caller?.owner, caller?.scopes, caller?.accounts];
    };
    assert.deepEqual(await rights({}, { scope: 'openid reveille:push  reveille:read reveille:root' }), [
      'alice',
      ['read', 'push'],
      'all',
    ]);
    assert.deepEqual(await rights({}, { scope: ['reveille:admin'] }), ['alice', ['admin'], 'all']);
    for (const scope of [undefined, 7, {}, '', 'admin', 'read', 'reveille:']) {
      assert.deepEqual(await rights({}, { scope }), ['alice', [], 'all'], JSON.stringify(scope));
    }
    const table = {
      ownerClaim: 'email',
      scopesClaim: 'groups',
      scopes: { fleet: ['read', 'manage'], root: ['admin'] },
    } as const;
    const claims = {
      email: 'a@example.com',
      groups: ['fleet', 'reveille:admin', 'constructor', '__proto__'],
    };
    assert.deepEqual(await rights(table, claims), ['a@example.com', ['read', 'manage'], 'all']);
    assert.deepEqual(await rights(table, { groups: ['fleet'] }), [undefined, undefined, undefined]);
    const accounts = { accountsClaim: 'accounts', scopes: { all: ['admin', 'read'] } } as const;
    const scope = 'all';
    assert.deepEqual(await rights(accounts, { scope, accounts: ['a', 'b'] }), [
      'alice',
      ['read'],
      ['a', 'b'],
    ]);
    assert.deepEqual(await rights(accounts, { scope, accounts: 'a' }), ['alice', ['read'], ['a']]);
    assert.deepEqual(await rights(accounts, { scope, accounts: '*' }), ['alice', ['read', 'admin'], 'all']);
    for (const none of [undefined, 7, [], {}]) {
      assert.deepEqual(await rights(accounts, { scope, accounts: none }), ['alice', ['read'], []]);
    }
  }));

test('another key is fetched when a token names it, and made-up names are not fetched for again and again', () =>
  withProvider(async (provider) => {
    const { tokens, sign, clock, fetched } = provider;
    const oidc = tokens({ jwksUri: `${provider.issuer}/keys` });
    assert.ok(await oidc.lookUp(await sign()));
    provider.keys = [second.jwk, first.jwk];
    assert.equal(await oidc.lookUp(await sign({}, second)), undefined, 'fetched just now');
    clock.advance(keyBounds.pauseMs);
    assert.ok(await oidc.lookUp(await sign({}, second)));
    assert.ok(await oidc.lookUp(await sign()));
    assert.equal(fetched.length, 2);
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, index) => sign({}, first, { kid: `made-up-${index}` })),
    );
    clock.advance(keyBounds.pauseMs);
    for (const token of made) assert.equal(await oidc.lookUp(token), undefined);
    assert.equal(fetched.length, 3);
    clock.advance(keyBounds.keptMs);
    assert.ok(await oidc.lookUp(await sign()));
    assert.equal(fetched.length, 4, 'kept for a while, then fetched anew');
  }));

test('an identity provider that does not answer, or answers anything, is 503 and tried again after a pause; old keys last a while', () =>
  withProvider(async (provider) => {
    const { tokens, sign, clock, fetched, issuer } = provider;
    const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
      'it answers 500': (_, response) => response.writeHead(500).end(),
      'a redirection': (_, response) => response.writeHead(302, { location: `${issuer}/keys` }).end(),
      'more than 262144 octets': (_, response) => response.end(`{"keys":["${'x'.repeat(300_000)}"]}`),
      'no JSON': (_, response) => response.end('<html>'),
      'no JSON object': (_, response) => response.end('[]'),
      'no keys': (_, response) => response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` })),
      'another issuer': (_, response) =>
        response.end(JSON.stringify({ issuer: 'https://evil.example', jwks_uri: `${issuer}/keys` })),
      'no place of keys': (_, response) =>
        response.end(JSON.stringify({ issuer, jwks_uri: 'http://keys.example/' })),
      'a connection that breaks': (request) => request.socket.destroy(),
    };
    for (const [name, answer] of Object.entries(answers)) {
      const oidc = tokens();
      provider.answer = answer;
      const token = await sign();
      for (let time = 0; time < 3; time += 1) {
        await assert.rejects(oidc.lookUp(token), (error) => {
          assert.ok(error instanceof ApiError, `${name}: ${error}`);
          assert.deepEqual(
            [error.status, error.code, error.retryAfterSeconds],
            [503, 'IDENTITY_PROVIDER', 10],
          );
          return true;
        });
      }
      const before = fetched.length;
      provider.answer = undefined;
      clock.advance(keyBounds.pauseMs);
      assert.ok(await oidc.lookUp(await sign()), name);
      assert.ok(fetched.length > before);
    }
    const oidc = tokens();
    assert.ok(await oidc.lookUp(await sign()));
    provider.answer = answers['it answers 500'];
    clock.advance(keyBounds.keptMs);
    assert.ok(await oidc.lookUp(await sign()), 'those before');
    clock.advance(keyBounds.staleMs);
    await assert.rejects(
      sign().then((token) => oidc.lookUp(token)),
      { status: 503 },
    );
  }));

test('settings that let others in are refused', () => {
  const right = { issuer: 'https://id.example.com', audience: 'reveille' };
  checkOidc(right);
  checkOidc({ ...right, issuer: 'http://localhost:8080/realms/x', algorithms: ['ES512'] });
  const wrong: readonly Partial<Record<keyof OidcSettings, unknown>>[] = [
    { issuer: 'http://id.example.com' },
    { issuer: 'id.example.com' },
    { issuer: 'https://user@id.example.com' },
    { jwksUri: 'http://id.example.com/keys' },
    { audience: '' },
    { algorithms: [] },
    { algorithms: ['none'] },
    { algorithms: ['ES256', 'HS256'] },
    { clockSkewSeconds: 301 },
    { clockSkewSeconds: -1 },
  ];
  for (const change of wrong) {
    assert.throws(
      () => checkOidc({ ...right, ...change } as OidcSettings),
      ConfigError,
      JSON.stringify(change),
    );
  }
});

test('over the API: the token opens, is named on timelines, has its scopes, and a wrong one is 401', () =>
  withProvider(async ({ sign, issuer, clock }) => {
    await withApi(
      async ({ call, clock: ours }) => {
        ours.advance(Math.max(0, clock.now() - ours.now()));
        const as = (token: string) => ({ authorization: `Bearer ${token}` });
        assert.equal((await call('GET', '/v1/devices')).status, 401, 'nobody gets in without');
        const token = await sign({ scope: 'reveille:read reveille:push' });
        const me = await call('GET', '/v1/whoami', undefined, as(token));
        assert.deepEqual(me.body, {
          owner: 'alice',
          actor: `oidc/${new URL(issuer).host}/alice`,
          scopes: ['read', 'push'],
        } as object);
        const { items } = (await call('GET', '/v1/devices', undefined, as(token))).body;
        const push = await call('POST', '/v1/notifications', { device: items[0]?.id }, as(token));
        assert.equal(push.status, 202, push.text);
        const { text } = await call(
          'GET',
          `/v1/notifications/${push.body.id}/timeline`,
          undefined,
          as(token),
        );
        assert.match(text, /"actor":"oidc\/127\.0\.0\.1:\d+\/alice"/);
        assert.equal((await call('GET', '/v1/tokens', undefined, as(token))).status, 403);
        const wrong = await call('GET', '/v1/devices', undefined, as(await sign({}, stranger)));
        assert.deepEqual([wrong.status, wrong.body.code], [401, 'UNAUTHORIZED']);
      },
      { oidc: { issuer, audience: 'reveille' } },
    );
  }));
