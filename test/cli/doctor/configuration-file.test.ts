// reveille doctor: the one configuration file of the server, with one thing wrong, named with line and column; what stands above it.
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  findings,
  linesOf,
  newFolder,
  put,
  type SetUp,
  soundCertificate,
  soundSetUp,
  type Told,
} from './set-up.ts';

/** The sound set-up as a file; `more` stands behind it. */
async function asFile(
  more = '',
): Promise<{ readonly setUp: SetUp; readonly file: string; readonly yaml: string }> {
  const setUp = await soundSetUp();
  const { certificate, key } = soundCertificate();
  const yaml = `server:
  data:
    folder: data
  account:
    serverId: com.example.dm
    url: https://dm.example.com/dm
  dm:
    listen: 127.0.0.1:0
    tls:
      certificateFile: ${certificate}
      keyFile: ${key}
  api:
    listen: 127.0.0.1:0
    tokenFile: tokens
${more}`;
  return { setUp, yaml, file: put(setUp.folder, 'reveille.yaml', yaml) };
}

async function told(
  file: string,
  other: Readonly<Record<string, string>> = {},
  env: Record<string, string> = {},
): Promise<readonly Told[]> {
  return await findings({ options: {} }, { config: file, ...other }, { env });
}

test('a sound file: nothing is found, by option or by variable', async () => {
  const { setUp, file } = await asFile();
  assert.deepEqual(linesOf(await told(file), setUp), []);
  const found = await findings({ options: {} }, {}, { env: { REVEILLE_CONFIG: file } });
  assert.deepEqual(linesOf(found, setUp), []);
});

test('a slip in YAML, a name that there is not, a value that cannot be: each with its line, and what to do', async () => {
  const { setUp, yaml } = await asFile();
  const cases = [
    [
      yaml.replace('    folder: data', '   folder: data\n    folder2: x'),
      /^reveille\.yaml:\d+:\d+/,
      /./,
      undefined,
    ],
    [
      yaml.replace('tokenFile', 'tokenfile'),
      /^reveille\.yaml:14:5: server\.api\.tokenfile$/,
      /no field|not a field/,
      /tokenFile/,
    ],
    [
      yaml.replace('listen: 127.0.0.1:0\n    tokenFile', 'listen: 8081\n    tokenFile'),
      /^reveille\.yaml:13:13: server\.api\.listen$/,
      /must be a text|text/,
      undefined,
    ],
  ] as const;
  for (const [text, where, what, remedy] of cases) {
    const file = put(setUp.folder, 'reveille.yaml', text);
    const found = (await told(file, { data: setUp.data, dm: '127.0.0.1:0', api: '127.0.0.1:0' })).filter(
      ({ check }) => check === 'configuration',
    );
    assert.equal(found.length, 1, JSON.stringify(found));
    assert.match(found[0]?.where.replace(`${setUp.folder}/`, '') ?? '', where);
    assert.match(found[0]?.what ?? '', what);
    if (remedy !== undefined) assert.match(JSON.stringify(found[0]), remedy);
  }
});

test('what stands in the file is looked at as what options say: the folder, the certificate, a carrier, with line and column', async () => {
  const { setUp, file } = await asFile(
    'sms:\n  smscs:\n    - host: smsc.invalid\n      systemId: fleet\n      password: k7Xw2mQ9\n',
  );
  const [found, ...more] = await told(file);
  assert.match(found?.where ?? '', /reveille\.yaml:17:7: sms\.smscs\[0\]$/);
  assert.match(found?.what ?? '', /^the name smsc\.invalid cannot be resolved/);
  assert.deepEqual(more, []);
  const { file: other, yaml } = await asFile();
  const wrongName = put(
    newFolder(),
    'other.yaml',
    yaml.replace('url: https://dm.', 'url: https://xy.').replaceAll('tokenFile: tokens', ''),
  );
  const [name, ...rest] = await told(wrongName, { data: setUp.data });
  assert.match(
    name?.what ?? '',
    /^it is not for xy\.example\.com \(.*other\.yaml:6:10: server\.account\.url https:\/\/xy/,
  );
  assert.deepEqual(rest, []);
  // An option counts more than the file.
  assert.deepEqual(linesOf(await told(other, { url: 'https://dm.example.com/dm' }), setUp), []);
  const [folder] = await told(other, { data: join(other, 'below') });
  assert.match(folder?.what ?? '', /^it cannot be made/);
});

test('variables: one that nobody reads, one that cannot be, a URL that is none, an identity provider', async () => {
  const { setUp, file } = await asFile();
  const [strange, ...more] = await told(file, {}, { REVEILLE_LOG_LEVLE: 'info' });
  assert.match(strange?.what ?? '', /REVEILLE_LOG_LEVLE; did you mean REVEILLE_LOG_LEVEL\?/);
  assert.deepEqual(more, []);
  const wrong = linesOf(await told(file, {}, { REVEILLE_ATTEMPTS: 'many' }), setUp);
  assert.deepEqual(wrong, ['error REVEILLE_ATTEMPTS many: must be a whole number from 1 to 1000']);
  assert.deepEqual(linesOf(await told(file, {}, { REVEILLE_URL: 'dm.example.com' }), setUp), [
    'error REVEILLE_URL dm.example.com: must be a URL such as https://dm.example.com/dm',
  ]);
  await assert.rejects(
    told(file, { url: 'dm.example.com' }),
    /status 2: .*--url dm\.example\.com: must be a URL/,
  );
  const provider = put(setUp.folder, 'oidc.yaml', 'issuer: https://login.invalid/\naudience: reveille\n');
  const [oidc, ...rest] = linesOf(await told(file, { oidc: provider }), setUp);
  assert.match(oidc ?? '', /^error \/oidc\.yaml: the name login\.invalid cannot be resolved/);
  assert.deepEqual(rest, []);
  const broken = put(setUp.folder, 'oidc.yaml', 'issuer: https://login.invalid/\n');
  assert.match(linesOf(await told(file, { oidc: broken }), setUp).join('\n'), /^error .*audience/);
});

test('a file that others can read: no fault where it has no secret, a warning where it has one', async () => {
  const smsc = (password: string): string =>
    `pap:\n  gateways:\n    - name: gw\n      url: http://127.0.0.1:9/pap\n      credentials: { username: u, password: ${password} }\n`;
  const { setUp, file, yaml } = await asFile();
  const told = async (text: string): Promise<readonly string[]> => {
    const path = put(setUp.folder, 'reveille.yaml', text);
    chmodSync(path, 0o644);
    return linesOf(await findings({ options: {} }, { config: path }, { flags: ['--offline'] }), setUp);
  };
  assert.deepEqual(await told(yaml), []);
  put(setUp.folder, 'password', 'k7Xw2mQ9');
  assert.deepEqual(await told(yaml + smsc('{ file: password }')), []);
  const [line, ...more] = await told(yaml + smsc('k7Xw2mQ9'));
  assert.match(
    line ?? '',
    /^warning \/reveille\.yaml: it has mode 0644, and secrets stand in it \(pap\.gateways\[0\]\.credentials\.password\)/,
  );
  assert.deepEqual(more, []);
  assert.ok(file.endsWith('reveille.yaml'));
});
