// Routes of accounts above a service that the test speaks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountRecord } from '../../../src/store/index.ts';
import { withRoutes } from './route-bench.ts';

const account: AccountRecord = {
  serverId: 'com.example/dm',
  url: 'https://dm.example.com/dm',
  createdAt: Date.UTC(2026, 0, 1),
  updatedAt: Date.UTC(2026, 0, 1),
};
const shown = {
  serverId: 'com.example/dm',
  url: 'https://dm.example.com/dm',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};
const missing = {
  type: 'about:blank',
  title: 'Not Found',
  status: 404,
  code: 'NOT_FOUND',
  detail: 'there is no account other',
};

test('an account is created, and told with its place', () =>
  withRoutes({ accounts: { create: () => account } }, async ({ ask, asked }) => {
    const { status, headers, body } = await ask('POST', '/v1/accounts', { serverId: 'x' });
    assert.deepEqual([status, headers.location, body], [201, '/v1/accounts/com.example%2Fdm', shown]);
    assert.deepEqual(asked, [['accounts.create', { serverId: 'x' }]]);
  }));

test('accounts are listed a page at a time', () =>
  withRoutes({ accounts: { list: () => ({ items: [account], next: 'c' }) } }, async ({ ask, asked }) => {
    assert.deepEqual((await ask('GET', '/v1/accounts')).body, { items: [shown], next: 'c' });
    await ask('GET', '/v1/accounts?limit=2&after=b');
    assert.deepEqual(asked, [
      ['accounts.list', { limit: 100 }],
      ['accounts.list', { limit: 2, after: 'b' }],
    ]);
    const { status, body } = await ask('GET', '/v1/accounts?serverId=x');
    assert.deepEqual([status, body.code, body.path], [400, 'UNKNOWN_FIELD', 'serverId']);
  }));

test('an account is read and changed; another one is not there', () => {
  const found = (id: never) => (id === account.serverId ? account : undefined);
  return withRoutes({ accounts: { get: found, update: found } }, async ({ ask, asked }) => {
    const path = '/v1/accounts/com.example%2Fdm';
    assert.deepEqual((await ask('GET', path)).body, shown);
    assert.deepEqual((await ask('PATCH', path, { name: 'x' })).body, shown);
    assert.deepEqual(asked, [
      ['accounts.get', account.serverId],
      ['accounts.update', account.serverId, { name: 'x' }, undefined],
    ]);
    for (const method of ['GET', 'PATCH'] as const) {
      const { status, body } = await ask(method, '/v1/accounts/other', method === 'GET' ? undefined : {});
      assert.deepEqual([status, body], [404, missing]);
    }
  });
});
