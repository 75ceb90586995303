import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesToBase64, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import {
  type Expected,
  hmacOctets,
  makeCred,
  makeHmac,
  type Presented,
  schemesFrom,
  verifyCred,
} from '../../src/security/index.ts';
import { vectors } from './vectors.ts';

const nothing = new Uint8Array();
const account = { name: 'Bruce2', secret: 'OhBehave' };
const nonce = utf8ToBytes('Nonce');
const expected = (changes: Partial<Expected> = {}): Expected => ({
  credentials: account,
  schemes: ['basic', 'md5', 'hmac'],
  nonces: [nonce],
  ...changes,
});
const showing = (changes: Partial<Presented>): Presented => ({ body: nothing, ...changes });

for (const { source, name, secret, data } of vectors.basic) {
  test(`DM-SEC-1.2, syncml:auth-basic: ${source}`, () => {
    const cred = makeCred('basic', { name, secret }, nothing);
    assert.deepEqual(cred, { meta: { format: 'b64', type: 'syncml:auth-basic' }, data });
    const verdict = verifyCred(showing({ cred }), expected({ credentials: { name, secret } }));
    assert.deepEqual(verdict, { verdict: 'accepted', scheme: 'basic' });
  });
}

for (const { source, name, secret, nonceHex, data } of vectors.md5) {
  test(`DM-SEC-1.2, syncml:auth-md5: ${source}`, () => {
    const octets = hexToBytes(nonceHex);
    const cred = makeCred('md5', { name, secret }, octets);
    assert.deepEqual(cred, { meta: { format: 'b64', type: 'syncml:auth-md5' }, data });
    const verdict = verifyCred(showing({ cred }), expected({ nonces: [nonce, octets] }));
    assert.deepEqual(verdict, { verdict: 'accepted', scheme: 'md5', nonce: octets });
  });
}

for (const { source, name, secret, nonceHex, bodyHex, mac } of vectors.hmac) {
  test(`DM-SEC-1.2, syncml:auth-MAC: ${mac}, ${source}`, () => {
    const octets = hexToBytes(nonceHex);
    const body = hexToBytes(bodyHex);
    assert.equal(bytesToBase64(hmacOctets(name, secret, octets, body)), mac);
    const hmac = makeHmac({ name, secret }, octets, body);
    assert.equal(hmac, `algorithm=MD5, username="${name}", mac=${mac}`);
    const demand = expected({ credentials: { name, secret }, nonces: [octets] });
    assert.deepEqual(verifyCred({ hmac, body }, demand), {
      verdict: 'accepted',
      scheme: 'hmac',
      nonce: octets,
    });
    const changed = Uint8Array.from(body, (octet, at) => (at === 0 ? octet ^ 1 : octet));
    assert.deepEqual(verifyCred({ hmac, body: changed }, demand), { verdict: 'wrong' });
  });
}

test('the formulas agree with the hashing of the runtime for any name, secret, nonce and body', () => {
  const h = (...parts: (string | Uint8Array)[]): Buffer => {
    const hash = createHash('md5');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.uint8Array(), fc.uint8Array(), (name, secret, octets, body) => {
      const inner = h(utf8ToBytes(`${name}:${secret}`)).toString('base64');
      assert.equal(makeCred('md5', { name, secret }, octets).data, h(inner, ':', octets).toString('base64'));
      const mac = h(inner, ':', octets, ':', h(body).toString('base64'));
      assert.deepEqual(Buffer.from(hmacOctets(name, secret, octets, body)), mac);
    }),
  );
});

test('no credentials at all are missing (407), another type is a wrong scheme (401)', () => {
  assert.deepEqual(verifyCred(showing({}), expected()), { verdict: 'missing' });
  const securid = { meta: { type: 'syncml:auth-securid' }, data: 'MTIz' };
  assert.deepEqual(verifyCred(showing({ cred: securid }), expected()), { verdict: 'wrong-scheme' });
  assert.deepEqual(verifyCred(showing({ cred: { data: 'MTIz' } }), expected()), { verdict: 'wrong-scheme' });
  const basic = makeCred('basic', account, nothing);
  const strict = expected({ schemes: schemesFrom('md5') });
  assert.deepEqual(verifyCred(showing({ cred: basic }), strict), { verdict: 'wrong-scheme' });
  const hmac = makeHmac(account, nonce, nothing);
  const weak = expected({ schemes: ['basic', 'md5'] });
  assert.deepEqual(verifyCred(showing({ hmac }), weak), { verdict: 'wrong-scheme' });
});

test('a wrong secret, name or nonce, and data that is no Base64, do not hold', () => {
  const wrong = { verdict: 'wrong' };
  for (const scheme of ['basic', 'md5'] as const) {
    for (const given of [
      { name: 'Bruce2', secret: 'ohBehave' },
      { name: 'Bruce3', secret: 'OhBehave' },
      { name: 'Bruce2', secret: '' },
    ]) {
      assert.deepEqual(verifyCred(showing({ cred: makeCred(scheme, given, nonce) }), expected()), wrong);
    }
    const meta = { type: `syncml:auth-${scheme}`, format: 'b64' };
    for (const data of ['', '!', 'A', 'Zz6EivR3yeaaENcRN6lpAQ', 'QnJ1Y2UyOk9oQmVoYXZlAA==']) {
      const verdict = verifyCred(showing({ cred: { meta, data } }), expected({ nonces: [] }));
      assert.deepEqual(verdict, wrong);
    }
    const chr = { meta: { ...meta, format: 'chr' }, data: makeCred(scheme, account, nonce).data };
    assert.deepEqual(verifyCred(showing({ cred: chr }), expected()), wrong);
  }
  const stale = makeCred('md5', account, utf8ToBytes('nonce'));
  assert.deepEqual(verifyCred(showing({ cred: stale }), expected()), wrong);
});

test('HMAC: another user name, algorithm or an unreadable header does not hold', () => {
  const good = makeHmac(account, nonce, nothing);
  assert.equal(verifyCred(showing({ hmac: good }), expected()).verdict, 'accepted');
  for (const hmac of [
    good.replace('Bruce2', 'Bruce3'),
    good.replace('MD5', 'SHA1'),
    good.replace('mac=', 'mak='),
    '',
    'mac',
  ]) {
    assert.deepEqual(verifyCred(showing({ hmac }), expected()), { verdict: 'wrong' });
  }
});

test('the type is read in any letter case, and a missing Format is b64', () => {
  const cred = { meta: { type: ' SyncML:Auth-MD5 ' }, data: 'Zz6EivR3yeaaENcRN6lpAQ==' };
  assert.equal(verifyCred(showing({ cred }), expected()).verdict, 'accepted');
});

test('any credentials get a verdict, and none but the right ones hold', () => {
  const anyCred = fc.record(
    {
      meta: fc.record({ type: fc.constantFrom('syncml:auth-basic', 'syncml:auth-md5', 'x') }),
      data: fc.string(),
    },
    { requiredKeys: ['data'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(
      fc.option(anyCred, { nil: undefined }),
      fc.option(fc.string(), { nil: undefined }),
      (cred, hmac) => {
        assert.notEqual(verifyCred({ cred, hmac, body: nothing }, expected()).verdict, 'accepted');
      },
    ),
  );
});
