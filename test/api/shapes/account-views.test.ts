// Accounts as the API shows them: every field, and of a signing key nothing but what tells it from others.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { AccountShape, MessageSigningShape } from '../../../src/api/shapes/account-shapes.ts';
import { accountView } from '../../../src/api/shapes/account-views.ts';
import type { AccountRecord } from '../../../src/store/index.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicKeySha256 = createHash('sha256')
  .update(publicKey.export({ type: 'spki', format: 'der' }))
  .digest('hex');

const bare: AccountRecord = {
  serverId: 'com.example.dm',
  url: 'https://dm.example.com/dm',
  createdAt: Date.UTC(2026, 0, 1),
  updatedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
};
const shownBare = {
  serverId: 'com.example.dm',
  url: 'https://dm.example.com/dm',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T03:04:05.006Z',
};
const full: AccountRecord = {
  ...bare,
  name: 'Example',
  messageSigning: { algorithm: 'ecdsa-sha256', privateKey: pem, keyName: 'server-2026' },
};

const unnamed: AccountRecord = { ...bare, messageSigning: { algorithm: 'ecdsa-sha256', privateKey: pem } };

describe('an account', () => {
  it('can be shown, whatever it has', () => {
    for (const account of [bare, full, unnamed]) assert.doesNotThrow(() => accountView(account));
  });

  it('with what it has to have: no other field', () => {
    assert.deepEqual(accountView(bare), shownBare);
  });

  it('with all that it may have: each published field', () => {
    const shown = accountView(full);
    assert.deepEqual(shown, {
      ...shownBare,
      name: 'Example',
      messageSigning: { algorithm: 'ecdsa-sha256', keyName: 'server-2026', publicKeySha256 },
    });
    assert.deepEqual(Object.keys(shown).sort(), Object.keys(AccountShape.properties).sort());
    const signing = Object.keys(shown.messageSigning ?? {}).sort();
    assert.deepEqual(signing, Object.keys(MessageSigningShape.properties).sort());
  });

  it('whose key has no name', () => {
    const messageSigning = { algorithm: 'ecdsa-sha256', publicKeySha256 };
    assert.deepEqual(accountView(unnamed), { ...shownBare, messageSigning });
  });

  it('never shows its private key, in any spelling', () => {
    const text = JSON.stringify(accountView(full));
    for (const line of pem.split('\n').filter(Boolean)) assert.ok(!text.includes(line), line.slice(0, 12));
  });
});
