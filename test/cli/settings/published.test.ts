// What is published of the configuration file: its schema, held by another validator, and the table of its page.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { configSchema } from '../../../scripts/configuration/schema.ts';
import { withSettings } from '../../../scripts/configuration/settings-page.ts';
import { readSourceText } from '../../../src/cli/config/source-text.ts';
import { variableOf } from '../../../src/cli/settings/setting.ts';
import { settingList } from '../../../src/cli/settings/settings-table.ts';

const docs = resolve(import.meta.dirname, '../../../docs');
const advice = 'if the change is meant, write it anew: node scripts/configuration.ts';
const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
  configSchema(),
);
const smsc = { host: 'h', systemId: 's', password: { env: 'PW' } };

describe('the published configuration', () => {
  it('docs/config.schema.json is that of the code', async () => {
    const written = JSON.parse(await readFile(resolve(docs, 'config.schema.json'), 'utf8'));
    assert.ok(JSON.stringify(written) === JSON.stringify(configSchema()), advice);
  });

  it('the table of docs/configuration.md is that of the code', async () => {
    const page = await readFile(resolve(docs, 'configuration.md'), 'utf8');
    assert.ok(withSettings(page) === page, advice);
  });

  it('the example of the page is right', async () => {
    const page = await readFile(resolve(docs, 'configuration.md'), 'utf8');
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    const { value } = readSourceText(example, 'example.yaml');
    assert.ok(validate(value), JSON.stringify(validate.errors));
  });

  it('good files are taken by another validator', () => {
    const server = {
      dm: { listen: { env: 'DM' } },
      api: { hosts: ['a', { file: 'host' }], withoutTls: true },
    };
    for (const value of [
      {},
      { $schema: 'https://example.com/x.json', server, wap: { places: 5 } },
      { server: { log: { level: 'debug' }, stop: { drainSeconds: 0 }, retention: { jobsSeconds: 0 } } },
      {
        server: {
          api: { oidc: { issuer: 'https://id.example.com', audience: 'r', scopes: { ops: ['read'] } } },
        },
      },
      { sms: { smscs: [smsc] } },
      { sms: { roads: { a: { kind: 'smpp', smscs: [smsc] } }, routes: [{ prefix: '', roads: ['a'] }] } },
      { sip: { from: 'sip:a@b', credentials: [{ username: 'u', password: { file: 'pw' } }] } },
    ]) {
      assert.ok(validate(value), `${JSON.stringify(value)}: ${JSON.stringify(validate.errors)}`);
    }
  });

  it('faulty files are refused by it', () => {
    for (const value of [
      { pigeon: {} },
      { server: { api: { lisen: 'x' } } },
      { server: { pushes: { attempts: 0 } } },
      { server: { pushes: { attempts: '3' } } },
      { server: { log: { level: 'loud' } } },
      { server: { data: 'x' } },
      { server: { dm: { listen: { file: 'a', more: true } } } },
      { sms: { smscs: [] } },
      {
        sms: {
          roads: { a: { kind: 'smpp', smscs: [smsc], prot: 1 } },
          routes: [{ prefix: '', roads: ['a'] }],
        },
      },
      { wap: { places: 1.5 } },
    ]) {
      assert.ok(!validate(value), JSON.stringify(value));
    }
  });

  it('every setting has a key, an option and a variable of its own, and says what it is', () => {
    for (const of of [
      settingList.map(([, { key }]) => key),
      settingList.map(([, { flag }]) => flag),
      settingList.map(([, each]) => variableOf(each)),
    ]) {
      assert.equal(new Set(of).size, settingList.length);
    }
    for (const [, { summary, flag }] of settingList) assert.ok(summary.length > 5, flag);
    const keys = JSON.stringify(configSchema()).match(/"description":"[^"]*\(--/g) ?? [];
    assert.equal(keys.length, settingList.length);
  });
});
