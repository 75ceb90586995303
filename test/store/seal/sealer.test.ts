// What is sealed opens in its place alone, under its key alone, and as it was; another implementation reads it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { StoreError } from '../../../src/core/index.ts';
import { keyOfSealed, noSealer, readSealKeys, Sealer } from '../../../src/store/index.ts';

const octets = [randomBytes(32), randomBytes(32)] as const;
const [one, two] = octets.map((each) => readSealKeys(each.toString('hex'), 'k')[0]);
assert.ok(one !== undefined && two !== undefined);
const sealer = new Sealer([one]);
const place = 'devices.srv_secret of IMEI:1';

function refuses(code: string, run: () => unknown): string {
  let message = '';
  assert.throws(run, (error) => {
    assert.ok(error instanceof StoreError);
    assert.equal(error.code, code);
    message = error.message;
    return true;
  });
  return message;
}

const texts = ['s', 'secret', 'Grüße 🗝', '\u0000\u0001', 'x'.repeat(100_000), '$seal$1$', '{"a":1}'];

test('what is sealed opens, says its form and its key, and never looks the same twice', () => {
  for (const text of texts) {
    const [sealed, again] = [sealer.seal(text, place), sealer.seal(text, place)];
    assert.match(sealed, /^\$seal\$1\$[0-9a-f]{16}\$[A-Za-z0-9_-]+$/);
    assert.equal(keyOfSealed(sealed), one.id);
    assert.notEqual(sealed, again);
    if (text.length > 3) assert.ok(!sealed.slice(8).includes(text));
    assert.equal(sealer.open(sealed, place), text);
    assert.equal(new Sealer([two, one]).open(again, place), text);
  }
});

test('nonces do not come twice', () => {
  const nonces = new Set(
    Array.from({ length: 5000 }, () =>
      Buffer.from(sealer.seal('x', place).slice(25), 'base64url').toString('hex', 0, 12),
    ),
  );
  assert.equal(nonces.size, 5000);
});

test('an empty text says nothing, and stays', () => {
  assert.equal(sealer.seal('', place), '');
  assert.equal(sealer.open('', place), '');
});

test('plain texts open, with keys and without', () => {
  for (const each of [sealer, noSealer]) assert.equal(each.open('plain', place), 'plain');
});

test('without a key a text stays as it is, also one that looks sealed', () => {
  for (const text of texts) {
    const kept = noSealer.seal(text, place);
    if (!text.startsWith('$seal$')) assert.equal(kept, text);
    for (const each of [sealer, noSealer]) assert.equal(each.open(kept, place), text);
  }
});

test('it opens in no other place', () => {
  const sealed = sealer.seal('secret', place);
  for (const elsewhere of ['devices.cl_secret of IMEI:1', 'devices.srv_secret of IMEI:2', '']) {
    assert.match(
      refuses('SEAL_BROKEN', () => sealer.open(sealed, elsewhere)),
      /belongs elsewhere/,
    );
  }
});

test('without its key it names the key', () => {
  const sealed = sealer.seal('secret', place);
  for (const each of [noSealer, new Sealer([two])]) {
    const message = refuses('SEALED', () => each.open(sealed, place));
    assert.equal(message, `${place} is sealed under the key ${one.id}, which was not given`);
  }
});

test('no octet of it may change, none may go, and none may come', () => {
  const sealed = sealer.seal('a secret', place);
  const head = sealed.slice(0, 25);
  const whole = Buffer.from(sealed.slice(25), 'base64url');
  const broken = (changed: Buffer | string): string =>
    refuses('SEAL_BROKEN', () =>
      sealer.open(typeof changed === 'string' ? changed : head + changed.toString('base64url'), place),
    );
  for (let at = 0; at < whole.length; at += 1) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.ok(broken(changed).startsWith(`${place} does not open: `));
  }
  for (let length = 0; length < whole.length; length += 1) broken(whole.subarray(0, length));
  broken(Buffer.concat([whole, Buffer.alloc(1)]));
  for (const text of ['$seal$', '$seal$2$', '$seal$x', `$seal$3$${sealed.slice(8)}`]) broken(text);
  // A damaged head names no key that anybody could give.
  for (const length of [8, 12, 20, 24]) broken(sealed.slice(0, length));
});

test('Web Crypto opens it', async () => {
  const sealed = sealer.seal('Grüße', place);
  const whole = Buffer.from(sealed.slice(25), 'base64url');
  const key = await crypto.subtle.importKey('raw', octets[0], 'AES-GCM', false, ['decrypt']);
  const algorithm = { name: 'AES-GCM', iv: whole.subarray(0, 12), additionalData: Buffer.from(place) };
  const plain = await crypto.subtle.decrypt(algorithm, key, whole.subarray(12));
  assert.equal(new TextDecoder().decode(plain), 'Grüße');
});
