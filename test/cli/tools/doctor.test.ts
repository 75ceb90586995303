// reveille doctor: findings, the requests of a road with its secrets hidden, exit statuses.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-doctor-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

/** About configurations alone: a server that would start, and nothing outside of this machine. */
const elsewhere = [
  '--data',
  join(folder, 'data'),
  '--dm',
  '127.0.0.1:0',
  '--api',
  '127.0.0.1:0',
  '--offline',
];
const doctor = (args: readonly string[], world: Parameters<typeof runCli>[1] = {}) =>
  runCli(['doctor', ...elsewhere, ...args], world);

function file(content: unknown): string {
  count += 1;
  const path = join(folder, `${count}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

const secrets = { apiKey: 'k3y-of-the-account', apiSecret: 's3cret-of-the-account' };
const listen = { address: '127.0.0.1', port: 8091, url: 'https://dm.example.com/sms' };
const vonage = { kind: 'http', preset: 'vonage', account: secrets, from: 'AcmeInc' };
const sound = { sms: { roads: { acme: vonage }, routes: [{ prefix: '', roads: ['acme'] }], listen } };

function withRoad(road: object, more: object = {}): object {
  return { sms: { ...sound.sms, roads: { acme: { ...vonage, ...road } }, ...more } };
}

test('nothing wrong: status 0, and one line that says so', async () => {
  const { status, stdout, stderr } = await doctor(['--config', file(sound)]);
  assert.equal(stderr, '');
  assert.equal(stdout, 'nothing is wrong as far as can be seen\n');
  assert.equal(status, 0);
});

test('--carrier shows the request of an example push, every secret hidden, by its name or its carrier', async () => {
  for (const name of ['acme', 'sms:acme']) {
    const { status, stdout } = await doctor(['--config', file(sound), '--carrier', name]);
    assert.equal(status, 0);
    assert.match(stdout, /POST https:\/\/rest\.nexmo\.com\/sms\/json\n/);
    assert.match(
      stdout,
      /Content-Type: application\/x-www-form-urlencoded\n\napi_key=•••&api_secret=•••&from=AcmeInc&to=447700900000&type=binary&body=[0-9a-f]+&udh=0605040b84c002&ttl=\d+&status-report-req=1&callback=https%3A%2F%2Fdm\.example\.com%2Fsms%2Facme%2F•••\n/,
    );
    for (const secret of Object.values(secrets)) assert.ok(!stdout.includes(secret));
  }
});

test('--json: one object a line for each request and each finding', async () => {
  const { stdout, lines } = await doctor([
    '--config',
    file(withRoad({ request: { url: 'http://sms.example/json' } })),
    '--carrier',
    'acme',
    '--json',
  ]);
  const values = lines.map(
    (line) => JSON.parse(line) as Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  );
  assert.deepEqual(
    values.map((value) => Object.keys(value)),
    [['finding'], ['carrier', 'request']],
  );
  assert.equal(values[0]?.finding?.severity, 'warning');
  assert.match(String(values[0]?.finding?.where), /sms\.roads\.acme\.request\.url$/);
  assert.ok(Number(values[1]?.request?.octets) <= 140);
  for (const secret of Object.values(secrets)) assert.ok(!stdout.includes(secret));
});

test('what becomes of a PIN is a note: nothing is wrong, and the status says so', async () => {
  const desk = { kind: 'modem', port: '/dev/ttyUSB0', pin: '4711' };
  const withDesk = (road: object) =>
    file({ sms: { roads: { desk: road }, routes: [{ prefix: '', roads: ['desk'] }] } });
  const noted = await doctor(['--config', withDesk(desk)]);
  assert.equal(noted.status, 0);
  assert.match(noted.stdout, /^note .*sms\.roads\.desk\.pin\n.*\+CPINR.*stays locked/);
  assert.match(noted.stdout, /nothing is wrong as far as can be seen\n$/);
  const all = await doctor(['--config', withDesk({ ...desk, pinWithoutCount: true })]);
  assert.match(all.stdout, /^note .*sms\.roads\.desk\.pinWithoutCount\n.*lock the SIM/);
  assert.equal(all.status, 0);
  for (const { stdout } of [noted, all]) assert.doesNotMatch(stdout, /4711/);
  const { pin: _, ...without } = desk;
  assert.doesNotMatch((await doctor(['--config', withDesk(without)])).stdout, /^note/m);
});

test('what a kannel.conf includes is looked at: files, directories, beside it; a device or a pipe is not waited for', async () => {
  const place = mkdtempSync(join(folder, 'kannel-'));
  const put = (name: string, content: string): string => {
    writeFileSync(join(place, name), content);
    return join(place, name);
  };
  mkdirSync(join(place, 'conf.d', 'deeper'), { recursive: true });
  put('conf.d/box.conf', 'group = smsbox\nsendsms-port = 13013\n');
  put('conf.d/user.conf', 'group = sendsms-user\nusername = u\npassword = hidden\nheader = x\n');
  put(
    'core.conf',
    '# the core\n\ngroup = core\nadmin-port = 1\nadmin-password = a\nsmsbox-port = 2\ndlr-storage = spool\ndlr-spool = /s\nstore-type = spool\nstore-location = /m\n',
  );
  const main = put(
    'kannel.conf',
    `include = core.conf\ninclude = "${join(place, 'conf.d')}"\ninclude = /dev/zero\n\ngroup = smsc\nsmsc = fake\nport = 3\n`,
  );
  const { status, stdout } = await doctor(['--kannel-config', main]);
  assert.equal(status, 1);
  const heads = stdout.split('\n').filter((line) => /^(error|warning|note)/.test(line));
  assert.deepEqual(
    heads.map((line) => line.replaceAll(place, '')),
    [
      'warning  /kannel.conf:1: include',
      'error    /kannel.conf:3: include',
      'warning  /conf.d/box.conf:1: group smsbox, http-request-retry',
      'error    /conf.d/user.conf:1: group sendsms-user, header',
    ],
  );
  assert.match(stdout, /\/dev\/zero is neither a file nor a directory: bearerbox does not start/);
  assert.doesNotMatch(stdout, /hidden/);
});

const broken: readonly (readonly [string, RegExp, object])[] = [
  [
    'a road that is none',
    /sms\.routes\[0\]\.roads\[0\]\n +no road "other" \(acme\)/,
    withRoad({}, { routes: [{ prefix: '', roads: ['other', 'acme'] }] }),
  ],
  [
    'a road that no route leads to',
    /sms\.roads\.spare\n +no route leads to it/,
    { sms: { ...sound.sms, roads: { acme: vonage, spare: vonage } } },
  ],
  [
    'numbers without a road',
    /sms\.routes\n +numbers that begin with none/,
    withRoad({}, { routes: [{ prefix: '+49', roads: ['acme'] }] }),
  ],
  [
    'a port that nobody can be told',
    /sms\.listen\.url\n +carriers cannot be told/,
    withRoad({}, { listen: { address: '0.0.0.0', port: 8091 } }),
  ],
  [
    'a field that the account lacks',
    /sms\.roads\.acme\.account\.apiSecret\n +is the API secret/,
    withRoad({ account: { apiKey: 'k' } }),
  ],
  [
    'a slot that there is not',
    /sms\.roads\.acme\.request\.form\.x\n +"\{nummer\}" is no slot; known are to/,
    withRoad({ request: { form: { x: '{nummer}' } } }),
  ],
  ['a field that there is not', /sms\.roads\.acme\n +colour|sms\.roads\.acme/, withRoad({ colour: 'red' })],
  [
    'the account in the clear',
    /request\.url\n +the account goes over plain HTTP/,
    withRoad({ request: { url: 'http://sms.example/json' } }),
  ],
  [
    'a secret in a query',
    /request\.query\.key\n +a secret of the account stands in the query/,
    withRoad({ request: { query: { key: '{account.apiKey}' } } }),
  ],
  [
    'a secret in the template',
    /request\.form\.password\n +looks like a secret/,
    withRoad({ request: { form: { password: 'opensesame' } } }),
  ],
  [
    'receipts in the clear',
    /receipts\.callback\n +receipts come over plain HTTP/,
    withRoad({ receipts: { callback: 'http://dm.example.com/sms/acme' } }),
  ],
  ['a shape that is none', /configuration/, { sms: { roads: [] } }],
];

const listens = { address: '127.0.0.1', port: 1 };

function oneRoad(road: object, name = 'acme'): object {
  return { sms: { roads: { [name]: road }, routes: [{ prefix: '', roads: [name] }] } };
}

function routes(...given: readonly object[]): object {
  return { sms: { ...sound.sms, routes: given } };
}

const anywhere = { prefix: '', roads: ['acme'] };

/** What keeps a server from starting: a place, and what is wrong there. */
const unstartable: readonly (readonly [string, RegExp, object])[] = [
  ['no centre', /smscs/, { sms: { smscs: [] } }],
  [
    'a PIN that is none',
    /sms\.roads\.acme\n +pin: must match/,
    oneRoad({ kind: 'modem', port: '/dev/null', pin: '12' }),
  ],
  [
    'a port of a modem that is none',
    /sms\.roads\.acme\.port\n/,
    oneRoad({ kind: 'modem', port: 'tcp:nowhere' }),
  ],
  [
    'an unknown field of a modem',
    /sms\.roads\.acme\n +.*speed/,
    oneRoad({ kind: 'modem', port: '/dev/null', speed: 1 }),
  ],
  ['a road over SMPP without centres', /sms\.roads\.acme\n +smscs/, oneRoad({ kind: 'smpp', smscs: [] })],
  [
    'an account of Kannel with brackets',
    /sms\.roads\.acme\.account\n/,
    oneRoad({ kind: 'kannel', url: 'http://127.0.0.1:1/', username: 'a', password: 'b', account: '[x]' }),
  ],
  ['a name that no road can have', /sms\.roads\n +"a b" is not/, oneRoad(vonage, 'a b')],
  ['a prefix twice', /sms\.routes\[1\]\.prefix\n +"" is there twice/, routes(anywhere, anywhere)],
  [
    'a prefix that is none',
    /sms\.routes\[1\]\.prefix\n +"\+4a" is not the beginning/,
    routes(anywhere, { prefix: '+4a', roads: ['acme'] }),
  ],
  [
    'a road twice in a list',
    /sms\.routes\[0\]\.roads\[1\]\n +acme is there twice/,
    routes({ prefix: '', roads: ['acme', 'acme'] }),
  ],
  [
    'two things at once, neither of which hides the other',
    /sms\.roads\.acme\n +pin: must match[\s\S]+sms\.routes\[0\]\.roads\[1\]\n/,
    {
      sms: {
        roads: { acme: { kind: 'modem', port: '/dev/null', pin: '12' } },
        routes: [{ prefix: '', roads: ['acme', 'acme'] }],
      },
    },
  ],
  [
    'a path of callbacks that is none',
    /sms\.listen\.path\n/,
    withRoad({}, { listen: { ...listen, path: '/a b' } }),
  ],
  [
    'a certificate of callbacks',
    /sms\.listen\n/,
    withRoad({}, { listen: { ...listen, tls: { cert: 'x', key: 'y' } } }),
  ],
  ['SIP from nowhere', /sip\.from\n/, { sip: { from: 'nobody' } }],
  ['a datagram that cannot be', /wap\.maxDatagram\n/, { wap: { maxDatagram: 1_000_000 } }],
  ['a pace that is none', /\.json:1:18: wap\.places\n +must be/, { wap: { places: 2 ** 40 } }],
  [
    'a gateway twice',
    /pap\.gateways\n +.*twice/,
    {
      pap: {
        gateways: [
          { name: 'a', url: 'http://a.example/' },
          { name: 'A', url: 'http://a.example/' },
        ],
      },
    },
  ],
  [
    'a listener for results whose address is none',
    /pap\n +/,
    { pap: { gateways: [{ name: 'a', url: 'http://a.example/' }], listen: { ...listens, address: 'here' } } },
  ],
  [
    'initiators of the same name',
    /papEndpoint/,
    {
      papEndpoint: {
        ...listens,
        initiators: [
          { name: 'a', from: ['127.0.0.1'] },
          { name: 'a', from: ['127.0.0.1'] },
        ],
      },
    },
  ],
];

for (const [what, message, config] of [...broken, ...unstartable]) {
  test(`found, status 1: ${what}`, async () => {
    const { status, stdout } = await doctor(['--config', file(config)]);
    assert.match(stdout, message);
    assert.doesNotMatch(stdout, /s3cret-of|k3y-of|opensesame/);
    assert.equal(status, 1);
  });
}

test('a secret that others can read is found, and its file stays as it was', async () => {
  const key = file('s3cret-of-the-account');
  chmodSync(key, 0o644);
  // The file that two fields share is told once.
  const config = file(withRoad({ account: { apiKey: { file: key }, apiSecret: { file: key } } }));
  const { status, stdout, stderr } = await doctor(['--config', config]);
  assert.match(stdout, /^warning +.+\.json\n +it has mode 0644: others .+\n +chmod 600 /);
  assert.equal(stdout.match(/it has mode 0644/g)?.length, 1);
  assert.doesNotMatch(stdout, /s3cret-of/);
  assert.equal(stderr, '');
  assert.equal(statSync(key).mode & 0o777, 0o644);
  assert.equal(status, 1);
});

test('--offline: centres and modems are not reached, only their settings are looked at', async () => {
  const centre = createServer();
  let reached = 0;
  centre.on('connection', (socket) => {
    reached += 1;
    socket.destroy();
  });
  await once(centre.listen(0, '127.0.0.1'), 'listening');
  const { port } = centre.address() as AddressInfo;
  const smpp = { smscs: [{ host: '127.0.0.1', port, systemId: 'a', password: 'k7Xw2mQ9' }] };
  const configs = [
    { sms: smpp },
    oneRoad({ kind: 'smpp', ...smpp }),
    oneRoad({ kind: 'modem', port: `tcp:127.0.0.1:${port}` }),
  ];
  for (const config of configs) {
    const { status, stdout } = await doctor(['--config', file(config)]);
    assert.equal(stdout, 'nothing is wrong as far as can be seen\n');
    assert.equal(status, 0);
  }
  await once(centre.close(), 'close');
  assert.equal(reached, 0);
});

test("Kannel's configuration: what it lacks is named with its line", async () => {
  const conf =
    'group = core\nadmin-port = 13000\nsmsbox-port = 13001\n\ngroup = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = 13013\n';
  const { status, stdout } = await doctor(['--kannel-config', file(conf)]);
  assert.match(stdout, /\.json:1: group core, dlr-storage\n/);
  assert.match(stdout, /group sendsms-user\n/);
  assert.equal(status, 1);
});

const columns = 'smsc timestamp source destination service url mask status boxc-id'
  .split(' ')
  .map((name) => `field-${name} = ${name}\n`)
  .join('');
const kannelConf = [
  'group = core\nadmin-port = 13000\nadmin-password = a\nsmsbox-port = 13001\ndlr-storage = redis\nstore-type = spool\nstore-location = /s\n',
  `group = dlr-db\nid = d\ntable = dlr\n${columns}`,
  'group = redis-connection\nid = d\nhost = 127.0.0.1\nport = 6379\n',
  'group = smsc\nsmsc = fake\nsmsc-id = f\nport = 10000\n',
  'group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = 13013\nhttp-request-retry = 360\nhttp-queue-delay = 10\n',
  'group = sendsms-user\nusername = dms\npassword = s3cret-of-kannel\n',
];
const url = 'http://127.0.0.1:13013/cgi-bin/sendsms';
const throughKannel = { kind: 'kannel', url, username: 'dms', password: 's3cret-of-kannel', from: 'Acme' };
const { from: _, ...senderless } = throughKannel;

const kannelRoads: readonly (readonly [string, RegExp, object, string | undefined, object?])[] = [
  ['all is well', /^nothing is wrong/, throughKannel, kannelConf.join('\n')],
  ['no sender, as far as is known', /^warning .*acme\.from\n/, senderless, undefined],
  ['no sender', /^error .*acme\.from\n/, senderless, kannelConf.join('\n')],
  ['a sender of Kannel', /^nothing is wrong/, senderless, `${kannelConf.join('\n')}default-sender = 1\n`],
  ['another user', /^error .*acme\.username\n/, { ...throughKannel, username: 'x' }, kannelConf.join('\n')],
  [
    'another password',
    /^error .*acme\.password\n/,
    { ...throughKannel, password: 'x' },
    kannelConf.join('\n'),
  ],
  [
    'another port',
    /^warning .*acme\.url\n/,
    { ...throughKannel, url: 'http://127.0.0.1:1/' },
    kannelConf.join('\n'),
  ],
  [
    'another path',
    /^error .*acme\.url\n +its path is not \/cgi-bin\/sendsms, where smsbox takes requests/,
    { ...throughKannel, url: 'http://127.0.0.1:13013/sendsms' },
    kannelConf.join('\n'),
  ],
  [
    'a path of its own that is not met',
    /^error .*acme\.url\n +its path is not its sendsms-url/,
    throughKannel,
    kannelConf.join('\n').replace('group = smsbox', 'group = smsbox\nsendsms-url = /send'),
  ],
  [
    'a path of its own',
    /^nothing is wrong/,
    { ...throughKannel, url: 'http://127.0.0.1:13013/send' },
    kannelConf.join('\n').replace('group = smsbox', 'group = smsbox\nsendsms-url = /send'),
  ],
  ['no reports', /^warning .*acme\n +no reports/, throughKannel, undefined, {}],
];
for (const [what, message, road, conf, place = { listen }] of kannelRoads) {
  test(`a road through Kannel: ${what}`, async () => {
    const config = { sms: { roads: { acme: road }, routes: [anywhere], ...place } };
    const args = conf === undefined ? [] : ['--kannel-config', file(conf)];
    const { stdout } = await doctor(['--config', file(config), ...args]);
    assert.match(stdout, message);
    assert.doesNotMatch(stdout, /s3cret-of/);
  });
}

test('--carrier: the status is about that road, its secrets and where its receipts come in', async () => {
  const secret = (content: string, mode: number): { readonly file: string } => {
    const path = file(content);
    chmodSync(path, mode);
    return { file: path };
  };
  const other = { ...vonage, request: { url: 'http://sms.example/json' } };
  const open = { ...vonage, account: { ...secrets, apiSecret: secret('an-open-secret-of-it', 0o644) } };
  const of = async (roads: object, carrier = 'acme', more: object = { listen }) => {
    const config = { sms: { roads, routes: [{ prefix: '', roads: Object.keys(roads) }], ...more } };
    const { status, stdout } = await doctor(['--config', file(config), '--carrier', carrier]);
    assert.match(stdout, /^(?:warning|error) /);
    return status;
  };
  assert.equal(await of({ acme: vonage, other }), 0);
  assert.equal(await of({ acme: vonage, other }, 'sms:acme'), 0);
  assert.equal(await of({ acme: vonage, acme2: other }), 0);
  assert.equal(await of({ acme: vonage, other }, 'other'), 1);
  assert.equal(await of({ acme: vonage, open }), 0);
  assert.equal(await of({ acme: vonage, open }, 'open'), 1);
  const nowhere = { address: '0.0.0.0', port: 8091 };
  assert.equal(await of({ acme: vonage }, 'acme', { listen: nowhere }), 1);
});

const second = kannelConf.join('\n').replace('= 13013', '= 13014').replaceAll('= dms', '= other');
const throughSecond = { ...throughKannel, url: 'http://127.0.0.1:13014/cgi-bin/sendsms', username: 'other' };
const ofKannels = async (roads: object, ...confs: readonly string[]) => {
  const config = { sms: { roads, routes: [{ prefix: '', roads: Object.keys(roads) }], listen } };
  const args = confs.flatMap((conf) => ['--kannel-config', file(conf)]);
  return await doctor(['--config', file(config), ...args]);
};

test('several Kannels: each road is held against its own', async () => {
  const conf = kannelConf.join('\n');
  const roads = { acme: throughKannel, gw: throughSecond };
  for (const confs of [
    [conf, second],
    [second, conf],
  ]) {
    const { stdout, status } = await ofKannels(roads, ...confs);
    assert.match(stdout, /^nothing is wrong/);
    assert.equal(status, 0);
  }
  const wrong = await ofKannels({ ...roads, gw: { ...throughSecond, password: 'x' } }, conf, second);
  assert.match(wrong.stdout, /^error .*gw\.password\n/);
  // At another port by something in between: known by its account.
  const moved = { ...throughSecond, url: 'http://127.0.0.1:99/cgi-bin/sendsms' };
  const between = await ofKannels({ ...roads, gw: moved }, conf, second);
  assert.match(between.stdout, /^warning .*gw\.url\n/);
});

test('several Kannels: a road without one is noted, and one without a road is told', async () => {
  const conf = kannelConf.join('\n');
  const third = { ...throughKannel, url: 'http://127.0.0.1:99/cgi-bin/sendsms', username: 'third' };
  const noted = await ofKannels({ acme: throughKannel, gw: throughSecond, more: third }, conf, second);
  assert.match(noted.stdout, /^note .*sms\.roads\.more\n +none of the configurations of Kannel/);
  assert.equal(noted.status, 0);
  const idle = await ofKannels({ acme: throughKannel }, conf, second);
  assert.match(idle.stdout, /^warning .*\n +no road leads to it/);
  assert.equal(idle.status, 1);
});

test('files that are not there are named alike, and keep nothing else from being looked at', async () => {
  const gone = join(folder, 'gone');
  const what = `         cannot read ${gone}: no such file or folder\n`;
  const one = await doctor(['--config', gone]);
  assert.ok(one.stdout.startsWith(`error    ${gone}\n${what}`), one.stdout);
  const other = await doctor(['--kannel-config', gone]);
  assert.ok(other.stdout.startsWith(`error    ${gone}\n${what}`), other.stdout);
  const both = await doctor(['--config', gone, '--kannel-config', gone]);
  assert.equal(both.stdout.split(what).length, 3);
  for (const { status, stderr } of [one, other, both]) assert.deepEqual([status, stderr], [1, '']);
});

test('secrets that cannot be read do not hide what else is wrong, and nothing is said of what stands in for them', async () => {
  const config = file({
    sms: {
      roads: {
        acme: { ...vonage, account: { apiKey: { file: 'gone-1' }, apiSecret: { env: 'REVEILLE_NOT_SET' } } },
        gw: { ...throughKannel, password: { file: 'gone-2' } },
        desk: { kind: 'modem', port: '/dev/null', pin: { file: 'gone-3' }, pinWithoutCount: false },
      },
      routes: [{ prefix: '+49', roads: ['acme', 'gw', 'desk'] }],
      listen,
    },
  });
  const { stdout, status } = await doctor([
    '--config',
    config,
    '--kannel-config',
    file(kannelConf.join('\n')),
  ]);
  assert.equal(status, 1);
  const heads = stdout.split('\n').filter((line) => /^(error|warning)/.test(line));
  assert.deepEqual(heads.map((line) => line.replace(/\S+\.json:1:\d+: /, '')).sort(), [
    'error    sms.roads.acme.account.apiKey',
    'error    sms.roads.acme.account.apiSecret',
    'error    sms.roads.desk.pin',
    'error    sms.roads.gw.password',
    'warning  sms.routes',
  ]);
  assert.match(stdout, /cannot read .*gone-1: no such file or folder/);
  assert.match(stdout, /the environment variable REVEILLE_NOT_SET is not set/);
});

test('usage: a road of no such name, a road without a configuration', async () => {
  const cases = [
    [['--deep'], /--offline and --deep exclude each other/],
    [['--server', 'http://127.0.0.1:1'], /--offline and --server exclude each other/],
    [['--attempts', '0'], /--attempts 0: must be a whole number from 1 to 1000/],
    [
      ['--config', file(sound), '--carrier', 'other'],
      /--carrier other: there is no such road; requests are shown of those of the kind "http": acme/,
    ],
    [
      ['--config', file(oneRoad({ kind: 'modem', port: '/dev/null' }, 'desk')), '--carrier', 'desk'],
      /--carrier desk: it is of the kind "modem"; .*: there is none/,
    ],
    [['--carrier', 'acme', '--kannel-config', file('')], /--carrier needs --config/],
  ] as const;
  for (const [args, message] of cases) {
    const { status, stderr } = await doctor([...args]);
    assert.match(stderr, message);
    assert.equal(status, 2);
  }
});
