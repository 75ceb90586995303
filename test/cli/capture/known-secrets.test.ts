// Secrets that a recorded command is given are found in its files, its environment and its arguments.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { knownSecrets } from '../../../src/cli/capture/known-secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-known-secrets-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
}

test('in configurations, also behind file and env, in secret files, options and the environment', async () => {
  write('password.txt', 'from-a-file\n');
  const config = write(
    'bindings.json',
    JSON.stringify({
      sms: {
        roads: {
          a: { account: { apiKey: 'an-account-key' }, receipts: { token: '/token' } },
          b: { host: 'a.example.com', password: 'in-the-file' },
        },
        smscs: [{ password: { env: 'SMSC' } }, { password: { file: 'password.txt' } }],
      },
    }),
  );
  const token = write('token.txt', 'first-token\nsecond-token\n');
  const args = [
    'send',
    '--binding-config',
    config,
    `--token-file=${token}`,
    '--secret',
    'an option',
    'missing.json',
  ];
  const found = await knownSecrets(args, { SMSC: 'of-the-environment', REVEILLE_SECRET: 'server/secret' });
  for (const each of [
    ...['an-account-key', 'in-the-file', 'of-the-environment', 'from-a-file', 'first-token', 'second-token'],
    ...['an option', 'an%20option', 'an+option', btoa('an option'), 'server/secret', 'server%2Fsecret'],
  ]) {
    assert.ok(found.includes(each), each);
  }
  for (const each of ['/token', 'a.example.com', 'send']) assert.equal(found.includes(each), false, each);
});

test('in a configuration of the whole server in YAML, named by an argument or the environment, and in the files that it names', async () => {
  write('tokens', 'token-of-the-file\n');
  const config = write(
    'reveille.yaml',
    'server:\n  api: { tokenFile: tokens }\nsip:\n  from: sip:a@b\n  credentials:\n    - { username: u, password: in-the-yaml }\n',
  );
  const variable = write('variable', 'token-of-the-variable\n');
  for (const [args, env] of [
    [['serve', '--config', config], { REVEILLE_TOKEN_FILE: variable }],
    [['serve'], { REVEILLE_CONFIG: config, REVEILLE_TOKEN_FILE: variable }],
  ] as const) {
    const found = await knownSecrets(args, env);
    for (const each of ['token-of-the-file', 'in-the-yaml', 'token-of-the-variable']) {
      assert.ok(found.includes(each), each);
    }
    assert.equal(found.includes('sip:a@b'), false);
  }
});
