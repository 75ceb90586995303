// Accounts as callers change them: what is given is checked as at their creation, and null takes away what is optional.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import { AccountService } from '../../../src/server/index.ts';
import { ec, rsa } from '../../security/message-keys.ts';
import { withEngine } from '../engine-bench.ts';

const account = { serverId: 'a', url: 'https://x/dm' };

async function refuses(code: string, path: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof ValueError, String(error));
    assert.deepEqual([error.code, error.path], [code, path]);
    return true;
  });
}

test('the fields that are given are changed, and the others stay', () =>
  withEngine({}, async ({ store }) => {
    const accounts = new AccountService(store);
    const signing = { privateKey: rsa.privatePem, keyName: 'server-1' };
    await accounts.create({ ...account, name: 'one', messageSigning: signing });
    const shown = async () => {
      const { url, name, messageSigning } = (await accounts.get('a')) ?? assert.fail();
      return [url, name, messageSigning?.algorithm, messageSigning?.keyName];
    };
    assert.deepEqual(await shown(), ['https://x/dm', 'one', 'rsa-sha256', 'server-1']);
    assert.equal((await accounts.update('a', { url: 'HTTP://y/dm' }))?.url, 'HTTP://y/dm');
    assert.deepEqual(await shown(), ['HTTP://y/dm', 'one', 'rsa-sha256', 'server-1']);
    await accounts.update('a', { name: 'two', messageSigning: { privateKey: ec.privatePem } });
    assert.deepEqual(await shown(), ['HTTP://y/dm', 'two', 'ecdsa-sha256', undefined]);
    await accounts.update('a', { name: null });
    assert.deepEqual(await shown(), ['HTTP://y/dm', undefined, 'ecdsa-sha256', undefined]);
    await accounts.update('a', { messageSigning: null, name: 'three' });
    assert.deepEqual(await shown(), ['HTTP://y/dm', 'three', undefined, undefined]);
    assert.deepEqual(await accounts.update('a', {}), await accounts.get('a'));
    assert.equal(await accounts.update('nobody', { name: 'x' }), undefined);
  }));

test('what is wrong with a change is named, and nothing of it is done', () =>
  withEngine({}, async ({ store }) => {
    const accounts = new AccountService(store);
    const before = await accounts.create({ ...account, name: 'one' });
    const update = (value: unknown) => accounts.update('a', value);
    for (const url of ['ftp://x/', 'x', 'https://', 'javascript:https://x/']) {
      await refuses('BAD_FORMAT', 'url', update({ name: 'two', url }));
      await refuses('BAD_FORMAT', 'url', accounts.create({ serverId: 'b', url }));
    }
    await refuses('WRONG_TYPE', 'url', update({ url: null }));
    await refuses('WRONG_TYPE', 'name', update({ name: 7 }));
    await refuses('OUT_OF_RANGE', 'name', update({ name: '' }));
    await refuses('UNKNOWN_FIELD', 'serverId', update({ serverId: 'b' }));
    await refuses('WRONG_TYPE', '', update(null));
    await refuses('WRONG_TYPE', '', update('name'));
    await refuses('BAD_FORMAT', 'messageSigning.privateKey', update({ messageSigning: { privateKey: 'x' } }));
    assert.deepEqual(await accounts.get('a'), before);
    assert.equal(await accounts.get('b'), undefined);
  }));
