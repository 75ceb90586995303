// The part of the store contract about the audit log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry, AuditFilter } from '../../store/index.ts';
import type { WithStore } from '../store/store-contract-base.ts';

const full: AuditEntry = {
  at: 30,
  actor: 'alice/console',
  tokenId: '01j0000000000001',
  source: '192.0.2.1',
  action: 'PATCH /v1/devices/{id}',
  kind: 'devices',
  id: 'IMEI:1',
  account: 'com.example.a',
  outcome: 'done',
  detail: '200',
};
const entries: readonly AuditEntry[] = [
  { at: 10, action: 'GET /v1/devices', outcome: 'refused', source: '192.0.2.7', detail: 'UNAUTHORIZED' },
  { at: 20, action: 'POST /v1/devices', outcome: 'failed', actor: 'bob/ci' },
  full,
];

export function auditContract(withStore: WithStore): void {
  test('audit: entries are read as they were written, latest first, a page at a time', () =>
    withStore(async ({ store }) => {
      await store.addAudit([]);
      assert.deepEqual(await store.listAudit({ limit: 9 }), { items: [] });
      await store.addAudit(entries.slice(0, 2));
      await store.addAudit(entries.slice(2));
      const { items, next } = await store.listAudit({ limit: 9 });
      assert.equal(next, undefined);
      assert.deepEqual(
        items.map(({ sequence: _, ...entry }) => entry),
        [...entries].reverse(),
      );
      const numbers = items.map(({ sequence }) => sequence);
      assert.deepEqual(
        numbers,
        [...new Set(numbers)].sort((a, b) => b - a),
      );
      const first = await store.listAudit({ limit: 2 });
      assert.deepEqual(first, { items: items.slice(0, 2), next: String(numbers[1]) });
      assert.deepEqual(await store.listAudit({ limit: 2, after: first.next ?? '' }), {
        items: items.slice(2),
      });
      assert.deepEqual(await store.listAudit({ limit: 2, after: 'not a number' }), { items: [] });
    }));

  test('audit: narrowed by each of its fields, and by time', () =>
    withStore(async ({ store }) => {
      await store.addAudit(entries);
      const at = async (filter: AuditFilter) =>
        (await store.listAudit({ limit: 9, ...filter })).items.map((entry) => entry.at);
      for (const field of ['actor', 'tokenId', 'action', 'kind', 'id', 'account', 'outcome'] as const) {
        assert.deepEqual(await at({ [field]: full[field] }), [30], field);
        assert.deepEqual(await at({ [field]: 'another' }), [], field);
      }
      assert.deepEqual(await at({ since: 20 }), [30, 20]);
      assert.deepEqual(await at({ until: 20 }), [10]);
      assert.deepEqual(await at({ since: 20, until: 30, outcome: 'failed' }), [20]);
    }));

  test('audit: what is old goes, oldest first, a step at a time; numbers are not given again', () =>
    withStore(async ({ store }) => {
      await store.addAudit(entries);
      const [latest] = (await store.listAudit({ limit: 1 })).items;
      assert.equal(await store.removeAudit(30, 1), 1);
      assert.deepEqual(
        (await store.listAudit({ limit: 9 })).items.map(({ at }) => at),
        [30, 20],
      );
      assert.equal(await store.removeAudit(99, 9), 2);
      assert.equal(await store.removeAudit(99, 9), 0);
      await store.addAudit(entries.slice(0, 1));
      const [next] = (await store.listAudit({ limit: 1 })).items;
      assert.ok((next?.sequence ?? 0) > (latest?.sequence ?? 0));
    }));
}
