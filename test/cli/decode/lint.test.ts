// `reveille lint`: what a family would not take, of every kind of octets, and what the exit status says.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, hexToBytes } from '../../../src/core/index.ts';
import { familyNames } from '../../../src/families/index.ts';
import { vector } from '../../codec/wbxml/support.ts';
import { datagram, frame } from '../../inspect/frames/samples.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-lint-'));
after(() => rmSync(folder, { recursive: true }));

/** DM-NOTI-1.2 App. C; its initiator is the user. */
const package12 = '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765';

interface Linted {
  readonly family: string;
  readonly what: string;
  readonly lost: boolean;
  readonly findings: readonly { row: string; field: string; effect: string; source: string; seen: string }[];
}

const encode = async (message: object, form: string) => {
  const { stdout, status, stderr } = await runCli(['encode', '--secret', 's', '--as', form], {
    stdin: JSON.stringify(message),
  });
  assert.equal(status, 0, stderr);
  return stdout;
};

/** The one message of the input, and the status. */
async function lint(family: string, stdin: string | Uint8Array) {
  const { status, lines, stderr } = await runCli(['lint', '-', '--family', family, '--json'], { stdin });
  assert.equal(lines.length, 1, stderr);
  const linted = JSON.parse(lines[0] ?? '') as Linted;
  const rows = linted.findings?.map(({ row, effect }) => `${row} ${effect}`);
  return { status, linted, rows, stderr };
}

test('Package #0, bare, in WSP and in short messages: the ServerID that AOSP refuses, and what is taken', async () => {
  const message = { format: 'dm1.2', serverId: 'com.example.management.dm', sessionId: 1 };
  for (const form of ['package0', 'wsp', 'sms']) {
    const octets = await encode(message, form);
    const { status, linted, rows } = await lint('aosp', octets);
    assert.deepEqual([status, linted.what, linted.lost], [1, 'Package #0 (dm1.2)', true], form);
    assert.deepEqual(rows, ['serverIdMaxOctets lost'], form);
    assert.equal(linted.findings[0]?.source, 'AOSP packages/apps/OMA-DM, dmNotification.cc');
    for (const family of ['generic', 'samsung', 'windows']) {
      const other = await lint(family, octets);
      assert.deepEqual([other.status, other.rows, other.linted.family], [0, [], family], form);
    }
  }
  // Two segments on one line.
  const long = await encode({ ...message, serverId: 'x'.repeat(130) }, 'sms');
  assert.equal(long.trim().split(' ').length, 2);
  assert.deepEqual((await lint('samsung', long)).rows, ['serverIdMaxOctets lost']);
});

test('dm1.3 by WSP: Android does not know its content type, and the engine not its form; bare octets have only the form', async () => {
  const message = { format: 'dm1.3', serverId: 'a', sessionId: 1, timestamp: 1, requestedMo: [1] };
  assert.deepEqual((await lint('aosp', await encode(message, 'wsp'))).rows, [
    'notificationFormats lost',
    'wspContentTypes lost',
  ]);
  assert.deepEqual((await lint('aosp', await encode(message, 'package0'))).rows, [
    'notificationFormats lost',
  ]);
});

test('what is doubtful alone leaves the status at 0; binary octets and hex are read alike', async () => {
  writeFileSync(join(folder, 'push'), hexToBytes(package12));
  const read = await runCli(['lint', join(folder, 'push'), '--family', 'aosp']);
  assert.equal(read.status, 0, read.stderr);
  assert.deepEqual(read.lines, [
    'Package #0 (dm1.2) for aosp',
    'doubtful  initiator: aosp begins a session of its own for initiator user, without the Session-ID of the push',
    '          use initiator server',
    '          initiators, seen in its source: AOSP packages/apps/OMA-DM, DMSession.java',
  ]);
  assert.deepEqual((await lint('aosp', hexToBytes(package12))).rows, ['initiators doubtful']);
  const generic = await runCli(['lint', '--family', 'generic'], { stdin: package12 });
  assert.deepEqual(
    [generic.status, generic.lines],
    [0, ['nothing known against Package #0 (dm1.2) for generic']],
  );
});

test('DM messages, in XML and WBXML: commands, and the version of WBXML', async () => {
  const message =
    '<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID>' +
    '<Target><LocURI>IMEI:1</LocURI></Target><Source><LocURI>a</LocURI></Source></SyncHdr><SyncBody><Copy><CmdID>1</CmdID>' +
    '<Item><Target><LocURI>./B</LocURI></Target><Source><LocURI>./A</LocURI></Source></Item></Copy><Final/></SyncBody></SyncML>';
  const { status, linted, rows } = await lint('aosp', message);
  assert.deepEqual([status, linted.what, rows], [1, 'DM message in XML', ['refusedCommands lost']]);
  assert.equal(linted.findings[0]?.field, 'commands[0]');
  assert.deepEqual((await lint('windows', message)).rows, []);
  const wbxml = await lint('aosp', vector('A. Get of ./DevDetail/LrgObj').hex);
  assert.deepEqual([wbxml.status, wbxml.rows], [0, []]);
  const version3 = await lint('aosp', vector('A in WBXML 1.3').hex);
  assert.deepEqual([version3.status, version3.linted.what], [0, 'DM message in WBXML 1.3']);
  assert.deepEqual(version3.rows, ['wbxmlVersions doubtful']);
});

test('bootstraps of both profiles, bare and as WSP pushes', async () => {
  const account = JSON.stringify({
    serverId: 'com.example.new',
    address: 'http://127.0.0.1:9/dm',
    client: { scheme: 'md5', name: 'd1', secret: 'client secret', nonceBase64: 'bm9uY2U=' },
    server: { scheme: 'md5', secret: 'server secret', nonceBase64: 'bm9uY2U=' },
  });
  for (const [profile, form, aosp, windows] of [
    ['dm', 'body', ['bootstraps lost'], ['bootstraps doubtful']],
    ['dm', 'wsp', ['bootstraps lost', 'wspContentTypes lost'], ['bootstraps doubtful']],
    ['cp', 'body', [], []],
    ['cp', 'wsp', ['wspContentTypes lost'], []],
  ] as const) {
    const made = await runCli(['bootstrap', '-', '--profile', profile, '--sec', 'USERPIN', '--as', form], {
      stdin: account,
      env: { REVEILLE_PIN: '1234' },
    });
    assert.equal(made.status, 0, made.stderr);
    const read = await lint('aosp', made.stdout);
    assert.deepEqual([read.rows, read.status], [aosp, aosp.length > 0 ? 1 : 0], `${profile} ${form}`);
    assert.match(read.linted.what, new RegExp(`^bootstrap \\(${profile}\\)`));
    assert.deepEqual((await lint('windows', made.stdout)).rows, windows, `${profile} ${form}`);
    assert.deepEqual((await lint('samsung', made.stdout)).rows, [], `${profile} ${form}`);
  }
});

test('several messages, one a line; one that cannot be read is told, the others are judged, and the status is 2', async () => {
  const good = await encode({ format: 'dm1.2', serverId: 'a', sessionId: 1 }, 'wsp');
  const lost = await encode({ format: 'dm1.2', serverId: 'x'.repeat(24), sessionId: 1 }, 'wsp');
  const both = await runCli(['lint', '--family', 'aosp', '--json'], { stdin: good + lost });
  assert.deepEqual([both.status, both.lines.length], [1, 2]);
  const bad = await runCli(['lint', '--family', 'aosp', '--json'], { stdin: `${good}00\n${lost}` });
  assert.equal(bad.status, 2);
  assert.equal(bad.lines.length, 3);
  assert.ok('error' in (JSON.parse(bad.lines[1] ?? '') as object));
  assert.match(bad.stderr, /^reveille: message 2: .*\nreveille: 1 of 3 could not be read\n$/);
});

test('usage: a family is named, and known; input is not empty', async () => {
  for (const args of [[], ['--family', 'nokia']]) {
    const { status, stderr } = await runCli(['lint', ...args], { stdin: package12 });
    assert.equal(status, 2);
    assert.match(stderr, /--family/);
  }
  assert.equal((await runCli(['lint', '--family', 'aosp'], { stdin: '\n' })).status, 2);
  assert.equal((await runCli(['lint', '--family', 'aosp'])).status, 2);
  const missing = await runCli(['lint', join(folder, 'nothing'), '--family', 'aosp']);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /neither hex nor a file/);
});

test('any octets are judged or told to be unreadable, never more', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...familyNames),
      fc.oneof(
        fc.uint8Array({ maxLength: 120 }),
        fc.nat({ max: 41 }).map((length) => hexToBytes(package12).subarray(0, length)),
      ),
      async (family, octets) => {
        const { status, stderr } = await runCli(['lint', '--family', family, '--json'], { stdin: octets });
        assert.ok([0, 1, 2].includes(status));
        assert.doesNotMatch(stderr, /at .*\.ts/);
      },
    ),
    { numRuns: 60 },
  ));

test('the forms that decode reads: dumps, lists, Base64, arguments, frames, what a modem prints', async () => {
  const octets = hexToBytes(package12);
  const hex = (each: Uint8Array): string =>
    [...each].map((octet) => octet.toString(16).padStart(2, '0')).join(' ');
  const rows = [0, 16, 32].map(
    (at) => `${at.toString(16).padStart(4, '0')}  ${hex(octets.subarray(at, at + 16))}\n`,
  );
  const push = concatBytes(hexToBytes('010603c4af87'), octets);
  const tpdu = `440b911346610089f600f52080629173140837${hex(concatBytes(hexToBytes('0605040b84c002'), push)).replaceAll(' ', '')}`;
  for (const stdin of [
    rows.join(''),
    `{ ${[...octets].join(', ')} }`,
    Buffer.from(octets).toString('base64'),
    hex(frame('sll', datagram(push))),
    `\r\n+CMGR: 0,,74\r\n${tpdu}\r\n\r\nOK\r\n`,
  ]) {
    const { status, linted, rows: found } = await lint('aosp', stdin);
    assert.deepEqual([status, linted.what, found], [0, 'Package #0 (dm1.2)', ['initiators doubtful']], stdin);
  }
  const given = await runCli(['lint', '--family', 'aosp', package12, '--input', 'hex']);
  assert.match(given.stdout, /^Package #0 \(dm1\.2\) for aosp/);
  const bad = await runCli(['lint', '--family', 'aosp'], { stdin: '0000  01 02\n0003  04\n' });
  assert.equal(bad.status, 2);
  assert.match(bad.stderr, /line 2, column 1: offset 3 does not follow/);
});

test('Package #0 over SIP and HTTP: samsung reads Base64 there, and nothing is said of bare octets', async () => {
  const http = (body: string | Uint8Array): Uint8Array =>
    concatBytes(
      Buffer.from(
        `POST / HTTP/1.1\r\nContent-Type: application/vnd.syncml.notification\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      Buffer.from(body),
    );
  const base64 = Buffer.from(hexToBytes(package12)).toString('base64');
  const raw = await lint('samsung', http(hexToBytes(package12)));
  assert.deepEqual([raw.status, raw.rows, raw.linted.findings[0]?.field], [1, ['ipBody lost'], 'body']);
  assert.deepEqual((await lint('samsung', http(base64))).rows, []);
  assert.deepEqual((await lint('windows', http(hexToBytes(package12)))).rows, []);
  assert.deepEqual((await lint('samsung', base64)).rows, []);
  const decoded = await runCli(['decode', '--json'], { stdin: http(base64) });
  const read = JSON.parse(decoded.stdout) as {
    layers: { name: string; within: string }[];
    deviations: object[];
  };
  assert.deepEqual(
    read.layers.map(({ name, within }) => [name, within]),
    [
      ['http', 'input'],
      ['package0', 'reassembled'],
    ],
  );
  assert.equal(read.deviations.length, 1);
});
