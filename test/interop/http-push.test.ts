// curl (Debian package of that name) pushes over OTA-HTTP to our listener: both forms, TLS, every kind of proof.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeHeaderBlock } from '../../src/codec/pap/index.ts';
import { concatBytes, utf8ToBytes } from '../../src/core/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { account, type Device, deviceTls, pem, pushOf, startDevice } from '../push/http/device.ts';
import { PeerProcess } from './child-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-curl-'));
after(() => rmSync(folder, { recursive: true }));

const tlsFile = (name: string): string =>
  fileURLToPath(new URL(`../device/tls/${name}.pem`, import.meta.url));
const applicationId = 'X-Wap-Application-Id: x-wap-application:syncml.dm';

/** Runs curl; gives the heads of the answers that it got, one after the other. */
async function curl(...args: readonly string[]): Promise<string> {
  const options = [
    '--silent',
    '--show-error',
    '--max-time',
    '20',
    '--noproxy',
    '*',
    '--dump-header',
    '-',
    '--output',
    '/dev/null',
  ];
  const process = new PeerProcess('curl', [...options, ...args]);
  const code = await process.ended();
  assert.equal(code, 0, process.output);
  return process.output;
}

let files = 0;

/** Writes octets to a file; gives curl's name for it. */
function file(octets: Uint8Array): string {
  files += 1;
  const path = join(folder, String(files));
  writeFileSync(path, octets);
  return `@${path}`;
}

const direct = (body: Uint8Array, mime: string, ...more: readonly string[]): readonly string[] => [
  ...['--data-binary', file(body), '--header', `Content-Type: ${mime}`, '--header', applicationId],
  ...more,
];

function envelope(body: Uint8Array, mime: string, ...more: readonly string[]): readonly string[] {
  const head = writeHeaderBlock([
    ['Date', 'Tue, 31 Jul 2001 10:13:05 GMT'],
    ['Content-Type', mime],
    ['Content-Length', String(body.length)],
    ['X-Wap-Application-Id', 'x-wap-application:syncml.dm'],
  ]);
  const octets = concatBytes(utf8ToBytes(`HTTP/1.1 200 OK\r\n${head}`), body);
  return [
    ...['--data-binary', file(octets), '--header', 'Content-Type: application/http'],
    ...['--header', 'X-Wap-Push-OTA-Version: 1.0', ...more],
  ];
}

const forms = { direct, envelope } as const;
const taken =
  /HTTP\/1\.1 204 No Content\r\nX-Wap-Push-OTA-Version: 1\.0\r\nX-Wap-Push-Status: 400 Accepted\r\n/;

const rules: Readonly<Record<keyof typeof contentTypes, string>> = {
  'dm1.2': 'OTA-HTTP',
  'dm1.3-2010': 'N10-C-007 DM-NOTI-1.3-2010 §7.4',
  'dm1.3': 'N13-C-023 DM-NOTI-1.3 §7.4',
  'dm+wbxml': 'PB-C-005 PB-C-007 DM-PUSH §5.3',
  'dm+xml': 'PB-C-005 PB-C-007 DM-PUSH §5.3',
  'connectivity+xml': 'OMA ProvBoot',
  'connectivity+wbxml': 'OMA ProvBoot',
};

for (const [form, argumentsOf] of Object.entries(forms)) {
  describe(`curl, ${form}`, () => {
    for (const [name, rule] of Object.entries(rules) as [keyof typeof contentTypes, string][]) {
      test(`${rule}: ${name} over HTTPS with the device's certificate verified`, async (t) => {
        const device = await startDevice(t, { tls: deviceTls });
        const { mime } = contentTypes[name];
        const { body } = pushOf(55);
        assert.match(await curl(...argumentsOf(body, mime), '--cacert', tlsFile('ca'), device.to.uri), taken);
        assert.deepEqual(
          device.pushes.map((push) => [push.contentType.mime, push.form, push.tls]),
          [[mime, form, true]],
        );
        assert.deepEqual(device.pushes[0]?.body, body);
      });
    }

    test('N10-C-007 N13-C-023 Package #0 over plain HTTP, of every size up to 12 KB', async (t) => {
      const device = await startDevice(t);
      for (const size of [0, 1, 55, 1000, 12 * 1024]) {
        const { body } = pushOf(size);
        assert.match(await curl(...argumentsOf(body, contentTypes['dm1.3'].mime), device.to.uri), taken);
        assert.deepEqual(device.pushes.at(-1)?.body, body);
      }
    });

    test('a body in chunks, and one that waits for 100 Continue', async (t) => {
      const device = await startDevice(t);
      for (const header of ['Transfer-Encoding: chunked', 'Expect: 100-continue']) {
        const { body } = pushOf(5000);
        const answers = await curl(
          ...argumentsOf(body, contentTypes['dm1.3'].mime),
          '--header',
          header,
          device.to.uri,
        );
        assert.match(answers, taken);
        assert.deepEqual(device.pushes.at(-1)?.body, body);
      }
    });

    test('PB-C-007 a DM message needs a proof: Digest, Basic over TLS, or a certificate', async (t) => {
      const device = await startDevice(t, {
        tls: { ...deviceTls, clientCa: pem('ca') },
        accounts: [account],
      });
      const { body } = pushOf(300);
      const message = argumentsOf(body, contentTypes['dm+xml'].mime, '--cacert', tlsFile('ca'));
      assert.match(await curl(...message, device.to.uri), /^HTTP\/1\.1 401 Unauthorized/);
      const user = ['--user', `${account.username}:${account.password}`];
      for (const kind of ['--digest', '--basic', '--anyauth']) {
        assert.match(await curl(...message, kind, ...user, device.to.uri), taken, kind);
      }
      const certificate = ['--cert', tlsFile('device'), '--key', tlsFile('device.key')];
      assert.match(await curl(...message, ...certificate, device.to.uri), taken);
      assert.deepEqual(
        device.pushes.map((push) => [push.account, push.clientCertificate]),
        [
          ['dms', undefined],
          ['dms', undefined],
          ['dms', undefined],
          [undefined, 'urn:uuid:device'],
        ],
      );
      assert.ok(device.pushes.every((push) => push.body.length === body.length));
      assert.match(await curl(...message, '--digest', '--user', 'dms:wrong', device.to.uri), /401 .*401 /s);
      assert.equal(device.listener.counters().dropped.credentials, 1);
    });

    test('PB-C-007 over plain HTTP a DM message is refused, unless an option says otherwise', async (t) => {
      const strict = await startDevice(t);
      const { body } = pushOf(300);
      const message = argumentsOf(body, contentTypes['dm+wbxml'].mime);
      assert.match(await curl(...message, strict.to.uri), /^HTTP\/1\.1 403 Forbidden/);
      const loose = await startDevice(t, { messages: 'authenticated', accounts: [account] });
      const digest = ['--digest', '--user', 'dms:secret'];
      assert.match(await curl(...message, ...digest, loose.to.uri), taken);
      assert.equal(loose.pushes[0]?.account, 'dms');
    });
  });
}

test('curl without the device’s authority does not trust it; without a certificate it is not let in', async (t) => {
  const refusals: [Device, readonly string[]][] = [
    [await startDevice(t, { tls: deviceTls }), []],
    [
      await startDevice(t, { tls: { ...deviceTls, clientCa: pem('ca'), clientCertificate: 'required' } }),
      ['--cacert', tlsFile('ca')],
    ],
  ];
  for (const [device, args] of refusals) {
    const process = new PeerProcess('curl', [
      '--silent',
      '--max-time',
      '20',
      ...args,
      '--data',
      'x',
      device.to.uri,
    ]);
    assert.notEqual(await process.ended(), 0);
    assert.equal(device.pushes.length, 0);
    assert.ok(device.listener.counters().dropped.tls >= 1);
  }
});

test('OMA PushOTA: curl registers, on the path and with OPTIONS *, and pushes with the tag', async (t) => {
  const device = await startDevice(t);
  for (const args of [[], ['--request-target', '*']]) {
    const answer = await curl('--request', 'OPTIONS', ...args, device.to.uri);
    assert.match(answer, /^HTTP\/1\.1 204 No Content\r\n.*X-Wap-Push-Status: 501 Changed\r\n/s);
    const tag = /X-Wap-CPITag: ([^\r]*)/.exec(answer)?.[1] ?? '';
    const header = ['--header', `X-Wap-CPITag: ${tag}`];
    const again = await curl('--request', 'OPTIONS', ...args, ...header, device.to.uri);
    assert.match(again, /X-Wap-Push-Status: 500 Unchanged/);
    const push = direct(pushOf(5).body, contentTypes['dm1.3'].mime, ...header);
    assert.match(await curl(...push, device.to.uri), taken);
  }
  const stale = direct(pushOf(5).body, contentTypes['dm1.3'].mime, '--header', 'X-Wap-CPITag: AAAAAA==');
  assert.match(await curl(...stale, device.to.uri), /X-Wap-Push-Status: 256 /);
});

test('OMA PushOTA: what is not for the DM client, and how curl sees it refused', async (t) => {
  const device = await startDevice(t, { maxPayload: 1000 });
  const { mime } = contentTypes['dm1.3'];
  const rows: readonly [readonly string[], string, RegExp][] = [
    [direct(pushOf(5).body, 'text/vnd.wap.si'), device.to.uri, /204 .*238 /s],
    [
      direct(pushOf(5).body, mime, '--header', 'X-Wap-Application-Id: x-wap-application:mms.ua').toSpliced(
        4,
        2,
      ),
      device.to.uri,
      /204 .*236 /s,
    ],
    [direct(pushOf(5).body, mime), device.to.uri.replace('wappush', 'other'), /^HTTP\/1\.1 404/],
    [['--head'], device.to.uri, /^HTTP\/1\.1 405 .*Allow: POST, OPTIONS/s],
    [direct(pushOf(1001).body, mime), device.to.uri, /^HTTP\/1\.1 413/],
    [direct(pushOf(1001).body, mime, '--header', 'Expect: 100-continue'), device.to.uri, /HTTP\/1\.1 413/],
    [
      ['--data-binary', 'HTTP/1.1 200 OK', '--header', 'Content-Type: application/http'],
      device.to.uri,
      /^HTTP\/1\.1 400/,
    ],
  ];
  for (const [args, uri, pattern] of rows) assert.match(await curl(...args, uri), pattern);
  assert.equal(device.pushes.length, 0);
});

test('several pushes of one curl come over one connection, by HTTP/1.1 and 1.0', async (t) => {
  const device = await startDevice(t);
  const push = direct(pushOf(5).body, contentTypes['dm1.3'].mime);
  const same = ['--silent', '--show-error', '--dump-header', '-'];
  const answers = await curl(...push, device.to.uri, '--next', ...same, ...push, device.to.uri);
  assert.equal(answers.match(/400 Accepted/g)?.length, 2);
  assert.equal(new Set(device.pushes.map(({ from }) => from)).size, 1);
  assert.match(await curl(...push, '--http1.0', device.to.uri), /400 Accepted/);
});
