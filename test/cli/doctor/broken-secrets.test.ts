// reveille doctor: secrets that can be guessed or read by others; it names them, and shows none.
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { findings, linesOf, put, type SetUp, soundSetUp, soundToken } from './set-up.ts';

async function only(
  setUp: SetUp,
  other: Readonly<Record<string, string | undefined>>,
  line: RegExp,
  remedy: RegExp,
  secret = 'no such text',
): Promise<void> {
  const found = await findings(setUp, other);
  assert.equal(found.length, 1, linesOf(found, setUp).join('\n'));
  assert.match(linesOf(found, setUp)[0] ?? '', line);
  assert.match(found[0]?.remedy ?? '', remedy);
  assert.ok(!JSON.stringify(found).includes(secret), 'the secret is shown');
}

test('tokens: weak, short, with blanks, none, in a file that all may read, in a file that is not there', async () => {
  const sound = await soundSetUp();
  const file = (content: string): string => put(sound.folder, 'other-tokens', content);
  const weak = 'administrator-password';
  await only(
    sound,
    { 'token-file': file(`${weak}\n`) },
    /^warning \/other-tokens: it can be guessed: about \d+ bits/,
    /reveille secret/,
    weak,
  );
  const both = file(`${soundToken}\n${weak}\n`);
  await only(
    sound,
    { 'token-file': both },
    /^warning \/other-tokens, token 2: it can be guessed/,
    /reveille secret/,
    weak,
  );
  await only(
    sound,
    { 'token-file': file('sh0rt') },
    /^error \/other-tokens: an API token has 5 characters/,
    /reveille secret/,
    'sh0rt',
  );
  await only(
    sound,
    { 'token-file': file('with blanks between it') },
    /^error .*white space/,
    /reveille secret/,
  );
  await only(
    sound,
    { 'token-file': file('\n') },
    /^error \/other-tokens: it holds no token/,
    /reveille secret/,
  );
  await only(
    sound,
    { 'token-file': `${sound.folder}/none` },
    /^error \/none: it cannot be read: no such file/,
    /0600/,
  );
  const open = file(`${soundToken}\n`);
  chmodSync(open, 0o644);
  await only(sound, { 'token-file': open }, /^warning \/other-tokens: it has mode 0644/, /chmod 600/);
});

test('a token of the environment', async () => {
  const sound = await soundSetUp();
  const found = await findings(
    sound,
    { 'token-file': undefined },
    { env: { REVEILLE_API_TOKEN: 'administrator-password' } },
  );
  assert.match(linesOf(found, sound).join(), /^warning REVEILLE_API_TOKEN: it can be guessed/);
  assert.deepEqual(
    await findings(sound, { 'token-file': undefined }, { env: { REVEILLE_API_TOKEN: soundToken } }),
    [],
  );
});

test('passwords of accounts: the name again, one that everybody tries; eight random characters are fine', async () => {
  const sound = await soundSetUp();
  const config = (password: string): string => {
    const smscs = [{ host: '127.0.0.1', port: 9, systemId: 'fleet1', password }];
    return put(sound.folder, 'bindings.json', { sms: { smscs } });
  };
  const offline = async (password: string): Promise<readonly string[]> => {
    const found = await findings(sound, { config: config(password) }, { flags: ['--offline'] });
    return linesOf(found, sound);
  };
  assert.deepEqual(await offline('k7Xw2mQ9'), []);
  assert.deepEqual(await offline('fleet1'), [
    'warning /bindings.json: sms.smscs[0].password: the password is the name of the account',
  ]);
  const [line, ...more] = await offline('password');
  assert.match(
    line ?? '',
    /^warning .*sms\.smscs\[0\]\.password: the password is among the first that anybody tries/,
  );
  assert.deepEqual(more, []);
});

test('what proves receipts: a secret that can be guessed', async () => {
  const sound = await soundSetUp();
  const config = (secret: string): string =>
    put(sound.folder, 'bindings.json', {
      sms: {
        roads: {
          acme: {
            kind: 'http',
            preset: 'vonage',
            account: { apiKey: 'k3y-of-the-account', apiSecret: 's3cret-of-the-account' },
            from: 'AcmeInc',
            receipts: { proof: { query: { name: 'k', secret } } },
          },
        },
        routes: [{ prefix: '', roads: ['acme'] }],
        listen: { address: '127.0.0.1', port: 0, url: 'https://dm.example.com/sms' },
      },
    });
  const offline = async (secret: string): Promise<readonly string[]> =>
    linesOf(await findings(sound, { config: config(secret) }, { flags: ['--offline'] }), sound).filter(
      (line) => line.includes('proof'),
    );
  assert.deepEqual(await offline(soundToken), []);
  const [line, ...more] = await offline('opensesame-opensesame');
  assert.match(
    line ?? '',
    /^warning .*sms\.roads\.acme\.receipts\.proof\.query\.secret: it can be guessed, and receipts can be forged/,
  );
  assert.deepEqual(more, []);
});
