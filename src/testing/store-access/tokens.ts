// The part of the store contract about tokens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenInput } from '../../store/index.ts';
import { rejectsWith, type WithStore } from '../store/store-contract-base.ts';

const hash = (digit: string) => digit.repeat(64);

const sample = (changes: Partial<TokenInput> = {}): TokenInput => ({
  id: '01j0000000000001',
  hash: hash('a'),
  owner: 'alice',
  name: 'console',
  scopes: ['read', 'push'],
  accounts: 'all',
  ...changes,
});

export function tokenContract(withStore: WithStore): void {
  test('tokens: kept with all that they have, listed in order of id, a page at a time', () =>
    withStore(async ({ store, clock }) => {
      const input = sample({ accounts: ['com.example.a', 'com.example.b'], expiresAt: clock.now() + 5 });
      const created = await store.createToken(input);
      assert.deepEqual(created, { ...input, createdAt: clock.now() });
      assert.deepEqual(await store.token(input.id), created);
      assert.equal(await store.token('01j0000000000009'), undefined);
      await rejectsWith('ALREADY_EXISTS', store.createToken(sample({ owner: 'bob' })));
      assert.deepEqual(await store.token(input.id), created);

      const others = [sample({ id: '01j0000000000003' }), sample({ id: '01j0000000000002', accounts: [] })];
      for (const other of others) await store.createToken(other);
      assert.deepEqual((await store.token('01j0000000000002'))?.accounts, []);
      const ids = ['01j0000000000001', '01j0000000000002', '01j0000000000003'];
      const page = await store.listTokens({ limit: 2 });
      assert.deepEqual([page.items.map(({ id }) => id), page.next], [ids.slice(0, 2), ids[1]]);
      const rest = await store.listTokens({ limit: 2, after: ids[1] ?? '' });
      assert.deepEqual([rest.items.map(({ id }) => id), rest.next], [ids.slice(2), undefined]);
    }));

  test('tokens: a rotation keeps the one before for as long as it says, and no third one', () =>
    withStore(async ({ store, clock }) => {
      const created = await store.createToken(sample());
      const { id } = created;
      clock.advance(10);
      const now = clock.now();
      const first = await store.rotateToken(id, { hash: hash('b'), overlapMs: 1000 });
      const previous = { hash: hash('a'), until: now + 1000 };
      assert.deepEqual(first, { ...created, hash: hash('b'), previous, rotatedAt: now });
      assert.deepEqual(await store.token(id), first);
      const second = await store.rotateToken(id, { hash: hash('c'), overlapMs: 5 });
      assert.deepEqual(second?.previous, { hash: hash('b'), until: now + 5 });
      const third = await store.rotateToken(id, { hash: hash('d'), overlapMs: 0 });
      assert.deepEqual(third, { ...created, hash: hash('d'), rotatedAt: now });
      assert.equal(await store.rotateToken('01j0000000000009', { hash: hash('e'), overlapMs: 0 }), undefined);
    }));

  test('tokens: one that is revoked stays so, since when it was first, and is not replaced', () =>
    withStore(async ({ store, clock }) => {
      const created = await store.createToken(sample());
      const revokedAt = clock.now();
      const revoked = { ...created, revokedAt };
      assert.deepEqual(await store.revokeToken(created.id), revoked);
      clock.advance(10);
      assert.deepEqual(await store.revokeToken(created.id), revoked);
      assert.equal(await store.rotateToken(created.id, { hash: hash('b'), overlapMs: 0 }), undefined);
      assert.deepEqual(await store.token(created.id), revoked);
      assert.equal(await store.revokeToken('01j0000000000009'), undefined);
    }));

  test('tokens: the latest use counts; uses of what is not there are nothing', () =>
    withStore(async ({ store }) => {
      const { id } = await store.createToken(sample());
      await store.noteTokenUses([]);
      await store.noteTokenUses([
        { id, at: 50 },
        { id: '01j0000000000009', at: 60 },
      ]);
      assert.equal((await store.token(id))?.lastUsedAt, 50);
      await store.noteTokenUses([{ id, at: 40 }]);
      assert.equal((await store.token(id))?.lastUsedAt, 50);
      await store.noteTokenUses([{ id, at: 70 }]);
      assert.equal((await store.token(id))?.lastUsedAt, 70);
    }));
}
