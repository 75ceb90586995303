// What is judged of a kannel.conf.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ValueError } from '../../../src/core/index.ts';
import {
  type KannelConfig,
  type KannelConfigFile,
  kannelConfigFindings,
} from '../../../src/push/sms-kannel/index.ts';

const starts = ['admin-port = 13000', 'admin-password = a', 'smsbox-port = 13001'];
const overSmpp = [
  'smsc = smpp',
  'smsc-id = A',
  'host = 127.0.0.1',
  'smsc-username = u',
  'smsc-password = p',
  'system-type = ""',
];

const columns = 'smsc timestamp source destination service url mask status boxc-id'
  .split(' ')
  .map((name) => `field-${name} = ${name}`);

const sound = {
  core: [...starts, 'dlr-storage = sqlite3', 'store-type = spool', 'store-location = /var/spool/kannel'],
  smsc: [...overSmpp, 'transceiver-mode = true'],
  smsbox: ['sendsms-port = 13013', 'http-request-retry = 360', 'http-queue-delay = 10'],
  'sendsms-user': ['username = u', 'password = "a # b"', 'max-messages = 1'],
  'dlr-db': ['id = d', 'table = dlr', ...columns],
  'sqlite3-connection': ['id = d', 'database = /var/spool/kannel/dlr.db'],
};

function text(groups: Readonly<Record<string, readonly string[] | undefined>>): string {
  return Object.entries(groups)
    .flatMap(([name, lines]) => (lines === undefined ? [] : [`group = ${name}\n${lines.join('\n')}\n`]))
    .join('\n');
}

const found = (groups: Readonly<Record<string, readonly string[] | undefined>>): readonly string[] =>
  kannelConfigFindings(text(groups)).map(
    ({ severity, group, setting, line }) => `${severity} ${group}.${setting ?? ''} ${line ?? ''}`,
  );

test('a configuration that holds all of it has no findings', () => {
  assert.deepEqual(found(sound), []);
  assert.deepEqual(kannelConfigFindings(`# comment\r\n${text(sound).replaceAll('\n', '\r\n')}`), []);
});

const rows: readonly (readonly [
  string,
  Readonly<Record<string, readonly string[] | undefined>>,
  readonly string[],
])[] = [
  [
    'reports in memory',
    { core: [...starts, 'store-type = file', 'store-location = /s', 'dlr-storage = internal'] },
    ['warning core.dlr-storage 1'],
  ],
  ['nothing said of either', { core: starts }, ['warning core.dlr-storage 1', 'warning core.store-type 1']],
  ['no requests over HTTP', { smsbox: ['http-request-retry = 60'] }, ['error smsbox.sendsms-port 11']],
  [
    'answers too early',
    { smsbox: [...sound.smsbox, 'immediate-sendsms-reply = yes'] },
    ['error smsbox.immediate-sendsms-reply 11'],
  ],
  ['reports are said once', { smsbox: ['sendsms-port = 1'] }, ['warning smsbox.http-request-retry 11']],
  [
    'reports are said again for a minute',
    { smsbox: ['sendsms-port = 1', 'http-request-retry = 6'] },
    ['warning smsbox.http-request-retry 11'],
  ],
  [
    'text is added',
    { 'sendsms-user': ['username = u', 'footer = "bye"', 'password = p'] },
    ['error sendsms-user.footer 16'],
  ],
  [
    'no message leaves',
    { 'sendsms-user': ['username = u', 'password = p', 'max-messages = 0'] },
    ['error sendsms-user.max-messages 16'],
  ],
  ['no receipts come in', { smsc: overSmpp }, ['warning smsc.transceiver-mode 7']],
  ['a database that nobody names', { 'dlr-db': undefined }, ['error dlr-db. ']],
  [
    'a folder of reports that is none',
    { core: [...starts, 'store-file = /s', 'dlr-storage = spool'] },
    ['error core.dlr-spool 1'],
  ],
  [
    'a store without a place',
    { core: [...starts, 'store-type = spool', 'dlr-storage = sqlite3'] },
    ['warning core.store-location 1'],
  ],
  ['an account without a password', { 'sendsms-user': ['username = u'] }, ['error sendsms-user.password 16']],
  [
    'a storage of reports that Kannel does not know',
    { core: [...starts, 'store-file = /s', 'dlr-storage = sqlite'] },
    ['error core.dlr-storage 1'],
  ],
  [
    'a store that Kannel does not know',
    { core: [...starts, 'store-type = none', 'dlr-storage = sqlite3'] },
    ['error core.store-type 1'],
  ],
  [
    'no ports of its own, no password',
    { core: ['admin-port = abc', 'store-file = /s', 'dlr-storage = sqlite3'] },
    ['error core.admin-port 1', 'error core.smsbox-port 1', 'error core.admin-password 1'],
  ],
  [
    'a port of requests that is none',
    { smsbox: ['sendsms-port = abc', ...sound.smsbox.slice(1)] },
    ['error smsbox.sendsms-port 1'],
  ],
  [
    'a port of requests that there is not',
    { smsbox: ['sendsms-port = 99999', ...sound.smsbox.slice(1)] },
    ['error smsbox.sendsms-port 1'],
  ],
  ['a kind of centre that Kannel does not have', { smsc: ['smsc = SMPP'] }, ['error smsc.smsc 1']],
  ['a centre without a kind', { smsc: ['smsc-id = A'] }, ['error smsc.smsc 1']],
  [
    'a centre over SMPP without any of it',
    { smsc: ['smsc = smpp', 'transceiver-mode = true'] },
    [
      'error smsc.host 1',
      'error smsc.smsc-username 1',
      'error smsc.smsc-password 1',
      'error smsc.system-type 1',
    ],
  ],
  [
    'a user name of the older form',
    {
      smsc: [...overSmpp, 'transceiver-mode = true', 'system-id = u'].filter(
        (line) => !/username/.test(line),
      ),
    },
    [],
  ],
  ['a centre of its own without a port', { smsc: ['smsc = fake'] }, ['error smsc.port 1']],
  ['a database that nobody reaches', { 'sqlite3-connection': undefined }, ['error dlr-db.id 1']],
  ['a database that another one reaches', { 'sqlite3-connection': ['id = e'] }, ['error dlr-db.id 1']],
  ['a database without an id', { 'dlr-db': ['table = dlr', ...columns] }, ['error dlr-db.id 1']],
  ['a table without a name', { 'dlr-db': ['id = d', ...columns] }, ['error dlr-db.table 1']],
  ...columns.map(
    (column) =>
      [
        `a table without a ${column}`,
        { 'dlr-db': ['id = d', 'table = dlr', ...columns.filter((other) => other !== column)] },
        [`error dlr-db.${column.split(' ')[0]} 1`],
      ] as const,
  ),
  [
    'a database without a place',
    { 'sqlite3-connection': ['id = d'] },
    ['error sqlite3-connection.database 1'],
  ],
  [
    'databases elsewhere of which nothing is said',
    {
      core: [...starts, 'store-file = /s', 'dlr-storage = pgsql'],
      'pgsql-connection': ['id = d', 'password = ""'],
    },
    ['host', 'username', 'database'].map((setting) => `error pgsql-connection.${setting} 1`),
  ],
  ['no core', { core: undefined }, ['error core. ']],
  ['no smsbox', { smsbox: undefined }, ['error smsbox. ']],
  ['no user', { 'sendsms-user': undefined }, ['error sendsms-user. ']],
  ['no centre', { smsc: undefined }, ['error smsc. ']],
];
for (const [name, groups, expected] of rows) {
  test(`${name}: ${expected.join(', ')}`, () => {
    const all = { ...sound, ...groups };
    const lines = found(all).map((line) => line.replace(/[0-9]+$/, 'N'));
    assert.deepEqual(
      lines,
      expected.map((line) => line.replace(/[0-9]+$/, 'N')),
    );
  });
}

test('findings name the line of their group, and quote no value', () => {
  const findings = kannelConfigFindings(
    text({ ...sound, 'sendsms-user': ['username = u', 'password = hidden', 'header = hidden'] }),
  );
  assert.deepEqual(
    findings.map(({ line }) => line),
    [23],
  );
  assert.doesNotMatch(JSON.stringify(findings), /hidden/);
});

/** A configuration out of files by their paths; a directory is a list of them. */
function files(main: string, others: Readonly<Record<string, string | readonly string[]>>): KannelConfig {
  const include = (path: string): readonly KannelConfigFile[] => {
    const found = others[path];
    if (found === undefined) throw new ValueError('MISSING', `${path} cannot be read (ENOENT)`);
    return typeof found === 'string' ? [{ file: path, text: found }] : found.flatMap((one) => include(one));
  };
  return { file: 'kannel.conf', text: main, include };
}

const shown = (config: KannelConfig): readonly string[] =>
  kannelConfigFindings(config).map(
    ({ severity, group, setting = '', file = '', line = '' }) =>
      `${severity} ${group}.${setting} ${file}:${line}`,
  );

test('what is included is judged where it stands: a file, all files of a directory, one within another', () => {
  const { core, smsc, smsbox, ...others } = sound;
  const config = files(`include = /etc/core.conf\ninclude = "/etc/more"\n\n${text(others)}`, {
    '/etc/core.conf': text({ core }),
    '/etc/more': ['/etc/more/a.conf', '/etc/more/b.conf'],
    '/etc/more/a.conf': text({ smsc }),
    '/etc/more/b.conf': '# box\ninclude = /etc/box.conf',
    '/etc/box.conf': `\n${text({ smsbox: [smsbox[0] ?? ''] })}`,
  });
  assert.deepEqual(shown(config), ['warning smsbox.http-request-retry /etc/box.conf:2']);
  // A text alone is judged without it.
  assert.ok(kannelConfigFindings(config.text).some(({ group }) => group === 'core'));
});

test('lines that are included go on with the group before them, and end it, as in Kannel 1.4.5', () => {
  const { core, ...others } = sound;
  const rest = text(others);
  const within = files(`group = core\n${core.slice(1).join('\n')}\ninclude = /port\n\n${rest}`, {
    '/port': 'admin-port = 13000',
  });
  assert.deepEqual(shown(within), []);
  const behind = files(`group = core\ninclude = /port\ndlr-storage = sqlite3\n\n${rest}`, {
    '/port': 'a = b',
  });
  assert.throws(() => kannelConfigFindings(behind), /line 3: dlr-storage stands in no group/);
  const inIt = files(`include = /port\n${rest}`, { '/port': '\nhello' });
  assert.throws(() => kannelConfigFindings(inIt), /\/port line 2: not a line/);
});

test('includes that keep bearerbox from starting are errors: none there, twice, itself', () => {
  const main = (lines: string): string => `${lines}\n\n${text(sound)}`;
  assert.deepEqual(shown(files(main('include = /gone.conf'), {})), ['error .include :1']);
  const twice = files(main('include = /a\ninclude = /a'), { '/a': '# nothing' });
  assert.deepEqual(shown(twice), ['error .include :2']);
  const itself = files(main('include = /a'), { '/a': '\ninclude = /a' });
  assert.deepEqual(shown(itself), ['error .include /a:2']);
  assert.deepEqual(shown(files(main('include = a'), { a: '' })), ['warning .include :1']);
});

test('files within files without an end, and more than can be read, are refused', () => {
  const chain = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`/${at}`, `include = /${at + 1}`]));
  assert.throws(() => kannelConfigFindings(files('include = /0', chain)), { code: 'TOO_LONG' });
  const long = { '/a': '#'.repeat(600_000), '/b': '#'.repeat(600_000) };
  assert.throws(() => kannelConfigFindings(files('include = /a\ninclude = /b', long)), { code: 'TOO_LONG' });
  const many = Array.from({ length: 1100 }, (_, at) => `/${at}`);
  const flat = { '/all': many, ...Object.fromEntries(many.map((name) => [name, ''])) };
  assert.throws(() => kannelConfigFindings(files('include = /all', flat)), { code: 'TOO_LONG' });
});

test('two groups without an empty line between them are one for Kannel', () => {
  assert.throws(
    () => kannelConfigFindings('group = core\na = b\ngroup = smsc'),
    /line 3: a group without an empty line/,
  );
});

test('any text: findings, or where it is none', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^(group = (core|smsbox)|a = b|"|\n){0,9}$/)),
      (any) => {
        try {
          kannelConfigFindings(any);
        } catch (error) {
          assert.ok(error instanceof ValueError);
        }
      },
    ),
  );
  assert.throws(() => kannelConfigFindings('a = b'), /line 1: a stands in no group/);
  assert.throws(() => kannelConfigFindings('group = core\nhello'), /line 2: not a line/);
  assert.throws(() => kannelConfigFindings('#'.repeat(1_000_001)), ValueError);
});
