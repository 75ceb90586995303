// Tokens: what they look like, when they open, and what is kept of them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { silentLogger, ValueError } from '../../../src/core/index.ts';
import { TokenService } from '../../../src/server/index.ts';
import type { Store, TokenRecord } from '../../../src/store/index.ts';
import type { ManualClock } from '../../../src/testing/index.ts';
import { memoryStore } from '../../store/sql/in-memory.ts';

const asked = { owner: 'alice', name: 'console', scopes: ['read', 'push'] };

async function withTokens(
  run: (under: { tokens: TokenService; store: Store; clock: ManualClock; opened: Opened }) => Promise<void>,
): Promise<void> {
  const { store, clock } = memoryStore();
  const tokens = new TokenService({ store, clock, logger: silentLogger });
  try {
    await run({
      tokens,
      store,
      clock,
      opened: async (token) => {
        const known = tokens.known(token);
        return known === 'ask' ? await tokens.lookUp(token) : known;
      },
    });
  } finally {
    await tokens.end();
    await store.close();
  }
}

type Opened = (token: string) => Promise<TokenRecord | undefined>;

test('a token has a form that scanners know, 256 random bits, and only its SHA-256 is kept', () =>
  withTokens(async ({ tokens, store, opened }) => {
    const { record, token } = await tokens.create(asked);
    assert.match(token, /^rvl_[0-9a-hjkmnp-tv-z]{16}_[A-Za-z0-9_-]{43}$/);
    assert.equal(token.slice(4, 20), record.id);
    assert.equal(Buffer.from(token.slice(21), 'base64url').length, 32);
    assert.equal(record.hash, createHash('sha256').update(token).digest('hex'));
    assert.doesNotMatch(
      JSON.stringify((await store.listTokens({ limit: 9 })).items),
      new RegExp(token.slice(21)),
    );
    assert.equal((await opened(token))?.id, record.id);
    assert.equal((await opened(token))?.id, record.id, 'known by now');
    const other = await tokens.create(asked);
    assert.notEqual(other.token.slice(21), token.slice(21));
    const mixed = `rvl_${record.id}_${other.token.slice(21)}`;
    const last = token.endsWith('A') ? 'E' : 'A';
    for (const wrong of [
      mixed,
      `${token.slice(0, -1)}${last}`,
      token.slice(0, -1),
      `${token}A`,
      'rvl_',
      '',
      record.id,
    ]) {
      assert.equal(await opened(wrong), undefined, wrong);
    }
    assert.equal(await opened(`rvl_${'0'.repeat(16)}_${token.slice(21)}`), undefined);
  }));

test('ids are in the order of creation', () =>
  withTokens(async ({ tokens, clock }) => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      ids.push((await tokens.create(asked)).record.id);
      clock.advance(2 ** (count * 6));
    }
    assert.deepEqual([...ids].sort(), ids);
  }));

test('it opens until it expires or is revoked; what is remembered of it does not outlive that', () =>
  withTokens(async ({ tokens, clock, opened }) => {
    const expiresAt = new Date(clock.now() + 2000).toISOString();
    const brief = await tokens.create({ ...asked, expiresAt });
    assert.ok(await opened(brief.token));
    clock.advance(1999);
    assert.ok(await opened(brief.token));
    clock.advance(1);
    assert.equal(await opened(brief.token), undefined);
    const long = await tokens.create(asked);
    assert.ok(await opened(long.token));
    await tokens.revoke(long.record.id);
    assert.equal(await opened(long.token), undefined);
    assert.equal(await tokens.rotate(long.record.id, {}), undefined);
    assert.equal(await tokens.revoke('none'), undefined);
  }));

test('made anew, the one before opens for as long as was asked for, and not longer', () =>
  withTokens(async ({ tokens, clock, opened }) => {
    const { record, token } = await tokens.create(asked);
    const next = await tokens.rotate(record.id, { overlapSeconds: 10 });
    assert.ok(next);
    assert.equal(next.record.id, record.id);
    assert.notEqual(next.token, token);
    for (const each of [token, next.token]) assert.equal((await opened(each))?.id, record.id);
    clock.advance(9_999);
    assert.ok(await opened(token));
    clock.advance(1);
    assert.equal(await opened(token), undefined);
    assert.ok(await opened(next.token));
    const last = await tokens.rotate(record.id, { overlapSeconds: 0 });
    assert.equal(await opened(next.token), undefined);
    assert.ok(await opened(last?.token ?? ''));
    const usual = await tokens.rotate(record.id, {});
    assert.equal(usual?.record.previous?.until, clock.now() + 3_600_000);
  }));

test('a token that another node has ended opens for some seconds at most', () =>
  withTokens(async ({ tokens, store, clock, opened }) => {
    const { record, token } = await tokens.create(asked);
    assert.ok(await opened(token));
    await store.revokeToken(record.id);
    clock.advance(5_000);
    assert.equal(await opened(token), undefined);
  }));

test('uses are written once a minute, the first one at once, and all at the end', () =>
  withTokens(async ({ tokens, store, clock, opened }) => {
    const { record, token } = await tokens.create(asked);
    const lastUse = async () => (await store.token(record.id))?.lastUsedAt;
    const settled = async () => {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const start = clock.now();
    await opened(token);
    assert.equal(await lastUse(), undefined, 'not on the way of a request');
    clock.advance(1);
    await settled();
    assert.equal(await lastUse(), start);
    clock.advance(6_000);
    await opened(token);
    clock.advance(59_999);
    await settled();
    assert.equal(await lastUse(), start);
    clock.advance(1);
    await settled();
    assert.equal(await lastUse(), start + 6_001);
    await opened(token);
    await tokens.end();
    assert.equal(await lastUse(), clock.now());
  }));

test('tokens are in use from the first use of the first one on, or from the second one on', () =>
  withTokens(async ({ tokens, store, clock, opened }) => {
    const renewed = async () => {
      const other = new TokenService({ store, clock, logger: silentLogger });
      await other.load();
      return other.inUse;
    };
    await tokens.load();
    assert.equal(tokens.inUse, false);
    const told: string[] = [];
    const tell = async (token: string) =>
      void told.push(`${token} ${(await store.listTokens({ limit: 1 })).items.length}`);
    const first = await tokens.createFirst(tell);
    assert.ok(first);
    assert.deepEqual(told, [`${first.token} 0`], 'told before it counts');
    assert.deepEqual(
      [first.record.owner, first.record.scopes, first.record.accounts],
      ['admin', ['admin'], 'all'],
    );
    assert.deepEqual([tokens.inUse, await renewed()], [false, false]);
    assert.equal(await tokens.createFirst(tell), undefined);
    assert.equal(told.length, 1);
    await opened(`${first.token.slice(0, -2)}xx`);
    assert.equal(tokens.inUse, false);
    await opened(first.token);
    assert.equal(tokens.inUse, true);
    await tokens.end();
    assert.equal(await renewed(), true);
    const { tokens: others } = { tokens: new TokenService({ store, clock, logger: silentLogger }) };
    await others.create(asked);
    assert.deepEqual([others.inUse, await renewed()], [true, true]);
  }));

test('what is asked for is checked, field by field', () =>
  withTokens(async ({ tokens, clock }) => {
    const wrong: readonly (readonly [object, string, string])[] = [
      [{ owner: undefined }, 'MISSING', 'owner'],
      [{ name: undefined }, 'MISSING', 'name'],
      [{ scopes: undefined }, 'MISSING', 'scopes'],
      [{ owner: 'a/b' }, 'BAD_FORMAT', 'owner'],
      [{ name: ' a' }, 'BAD_FORMAT', 'name'],
      [{ name: 'a\nb' }, 'BAD_FORMAT', 'name'],
      [{ name: 'x'.repeat(65) }, 'TOO_LONG', 'name'],
      [{ owner: '' }, 'OUT_OF_RANGE', 'owner'],
      [{ scopes: [] }, 'OUT_OF_RANGE', 'scopes'],
      [{ scopes: 'read' }, 'WRONG_TYPE', 'scopes'],
      [{ scopes: ['read', 'root'] }, 'OUT_OF_RANGE', 'scopes[1]'],
      [{ accounts: 'all' }, 'WRONG_TYPE', 'accounts'],
      [{ accounts: [] }, 'OUT_OF_RANGE', 'accounts'],
      [{ accounts: [7] }, 'WRONG_TYPE', 'accounts'],
      [{ accounts: ['a', ''] }, 'BAD_FORMAT', 'accounts[1]'],
      [{ scopes: ['admin'], accounts: ['a'] }, 'OUT_OF_RANGE', 'accounts'],
      [{ expiresAt: 'tomorrow' }, 'BAD_FORMAT', 'expiresAt'],
      [{ expiresAt: new Date(clock.now()).toISOString() }, 'OUT_OF_RANGE', 'expiresAt'],
      [{ expiresAt: '2099-01-01T00:00:00Z' }, 'OUT_OF_RANGE', 'expiresAt'],
      [{ secret: 'x' }, 'UNKNOWN_FIELD', 'secret'],
    ];
    for (const [change, code, path] of wrong) {
      await assert.rejects(tokens.create({ ...asked, ...change }), (error) => {
        assert.ok(error instanceof ValueError, String(error));
        assert.deepEqual([error.code, error.path], [code, path], JSON.stringify(change));
        return true;
      });
    }
    for (const value of [null, 7, 'x', []]) await assert.rejects(tokens.create(value), ValueError);
    const { record } = await tokens.create({
      ...asked,
      scopes: ['push', 'read', 'push'],
      accounts: ['b', 'a', 'b'],
    });
    assert.deepEqual(
      [record.scopes, record.accounts],
      [
        ['read', 'push'],
        ['b', 'a'],
      ],
    );
    for (const overlapSeconds of [-1, 0.5, 2_592_001, '1']) {
      await assert.rejects(tokens.rotate(record.id, { overlapSeconds }), ValueError);
    }
    await assert.rejects(tokens.rotate(record.id, { overlap: 1 }), ValueError);
  }));
