// `reveille decode` as docs/command-line.md describes it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { vector } from '../../codec/wbxml/support.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-decode-'));
after(() => rmSync(folder, { recursive: true }));

const package12 = '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765';
const wsp12 = `010603c4af87${package12}`;
const sms12 = `0605040b84c002${wsp12}`;
const sprint = '010603c4af87109e2e4d1ee2b383a6e183ba4be2ca1402e800000066e906737072696e74';
const dm13 =
  '17500000003c12344f5572c01012636f6d2e6d676d747372762e6d616e6167653001' +
  '01500b5570646174652046554d4f2e7802344264bf427f72373ced441b5bc99e2cec56647fa9d9b0e3556933418c';

describe('reveille decode', () => {
  for (const columns of [8, 10, 13, 16]) {
    it(`joins the lines of xxd -p -c ${columns}, from standard input and from a file`, async () => {
      const text = `${sms12.match(new RegExp(`.{1,${columns * 2}}`, 'g'))?.join('\n')}\n`;
      const file = join(folder, `columns-${columns}.txt`);
      writeFileSync(file, text);
      for (const run of [runCli(['decode', '--json'], { stdin: text }), runCli(['decode', '--json', file])]) {
        const { status, lines, stderr } = await run;
        assert.equal(status, 0, stderr);
        assert.equal(lines.length, 1);
        assert.equal(JSON.parse(lines[0] ?? '').layers.at(-1).name, 'package0');
      }
    });
  }

  it('DM-NOTI-1.2 App. C: finds out the layer and checks the digest', async () => {
    for (const hex of [package12, wsp12, sms12]) {
      const result = await runCli(['decode', hex, '--json', '--secret', 'secret']);
      assert.equal(result.status, 0);
      const { layers, ...rest } = JSON.parse(result.stdout);
      assert.equal(layers.at(-1).name, 'package0');
      assert.deepEqual(rest, {
        format: 'dm1.2',
        message: {
          format: 'dm1.2',
          serverId: 'com.mgmtsrv.manage',
          sessionId: 0x1234,
          uiMode: 'background',
          initiator: 'user',
        },
        digest: '4e94c58c36a8c50aabcdbe0c296b2ba7',
        verified: true,
        nonce: 'default',
        deviations: [],
      });
    }
  });

  it('DM-NOTI-1.3 §6.6: decodes and verifies the reference message', async () => {
    const result = await runCli(['decode', dm13, '--json', '--secret', 'secret']);
    const object = JSON.parse(result.stdout) as Record<string, unknown>;
    assert.equal(object.format, 'dm1.3');
    assert.equal(object.verified, true);
    assert.equal(object.nonce, null, 'the time stamp takes the place of a nonce');
    assert.deepEqual(object.message, {
      format: 'dm1.3',
      serverId: 'com.mgmtsrv.manage',
      sessionId: 0x1234,
      uiMode: 'background',
      initiator: 'server',
      transport: 'https',
      timeoutMinutes: 60,
      timestamp: 1331000000,
      requestedMo: [1],
      reason: 'Update FUMO',
    });
  });

  it('gives null for what was not checked, and status 1 for a digest that does not hold', async () => {
    const unchecked = await runCli(['decode', sprint, '--json']);
    assert.equal(unchecked.status, 0);
    assert.equal(JSON.parse(unchecked.stdout).verified, null);
    const wrong = await runCli(['decode', sprint, '--json', '--secret', 'x']);
    assert.equal(wrong.status, 1);
    assert.equal(JSON.parse(wrong.stdout).verified, false);
    assert.equal(JSON.parse(wrong.stdout).nonce, null);
  });

  it('prints one line for each line in, in order', async () => {
    const stdin = [package12, 'zz', '', '010', sprint.slice(0, 40), dm13].join('\n');
    const result = await runCli(['decode', '--json'], { stdin });
    assert.equal(result.status, 1);
    const objects = result.lines.map(
      (line) => JSON.parse(line) as { format?: string; error?: { code: string } },
    );
    assert.deepEqual(
      objects.map((object) => object.format ?? object.error?.code),
      ['dm1.2', 'BAD_FORMAT', 'BAD_FORMAT', 'BAD_FORMAT', 'TRUNCATED', 'dm1.3'],
    );
  });

  it('names offset, field and section of an error, counted from the start of the input', async () => {
    const zeroSession = sms12.replace('1234', '0000');
    const result = await runCli(['decode', zeroSession, '--json']);
    const { error } = JSON.parse(result.stdout) as { error: Record<string, unknown> };
    assert.equal(error.code, 'BAD_VALUE');
    assert.equal(error.field, 'sessionId');
    assert.equal(error.offset, 7 + 6 + 16 + 5);
    assert.equal(error.section, 'DM-NOTI-1.2 §6.2.10');
  });

  it('says that a hex digit is missing', async () => {
    const result = await runCli(['decode', package12.slice(1)]);
    assert.match(result.stdout + result.stderr, /odd number of hex digits/);
    assert.equal(result.status, 1);
  });

  it('takes several groups of hex as one message, and long arguments as one message each', async () => {
    const groups = ['0605040b84c002', '010603c4af87', package12.slice(0, 32), package12.slice(32)];
    assert.equal((await runCli(['decode', '--json', ...groups])).lines.length, 1);
    assert.equal((await runCli(['decode', '--json', wsp12, sprint])).lines.length, 2);
  });

  it('reads files of hex lines', async () => {
    const file = join(folder, 'capture.hex');
    writeFileSync(file, `${wsp12}\r\n${sprint}\r\n`);
    const result = await runCli(['decode', '--json', file]);
    assert.equal(result.lines.length, 2);
    assert.equal(result.status, 0);
  });

  it('joins the segments of one SMS', async () => {
    const message = { format: 'dm1.3-2010', serverId: 'a', sessionId: 9, reason: 'x'.repeat(300) };
    const encoded = await runCli(['encode', '--secret', 's', '--as', 'sms'], {
      stdin: JSON.stringify(message),
    });
    const segments = encoded.stdout.trim().split(' ');
    assert.equal(segments.length, 3);
    const asArguments = await runCli(['decode', '--json', '--secret', 's', ...segments]);
    assert.equal(JSON.parse(asArguments.stdout).message.reason, message.reason);
    const shuffled = [segments[2], segments[0], segments[1]].join(' ');
    const result = await runCli(['decode', '--json', '--secret', 's'], { stdin: `${shuffled}\n` });
    assert.equal(JSON.parse(result.stdout).message.reason, message.reason);
    const partial = await runCli(['decode', '--json', '--as', 'sms'], { stdin: `${segments[0]}\n` });
    assert.match(partial.stdout, /segments are missing/);
    const table = await runCli(['decode'], { stdin: `${segments.join(' ')}\n` });
    assert.match(
      table.stdout,
      /segment 3 of 3.*\n.*\n0 +0b +headerLength.*\n1 +00 03 01 03 03 +concatenation/,
    );
    assert.match(table.stdout, /WSP connectionless push\n.*\n0 +01 +transactionId/);
  });

  it('takes hex with 0x, and says when there is none', async () => {
    assert.equal((await runCli(['decode', `0x${package12}`, '--json'])).status, 0);
    const nothing = await runCli(['decode'], { stdin: '' });
    assert.match(nothing.stderr, /the input is empty/);
    assert.equal(nothing.status, 1);
    assert.equal((await runCli(['decode', '--json'], { stdin: '' })).status, 0);
  });

  it('uses --content-type where octets alone would be ambiguous', async () => {
    const asDm12 = await runCli(['decode', dm13, '--json', '--content-type', '0x44']);
    assert.match(asDm12.stdout, /"error"/);
    const asDm13 = await runCli(['decode', dm13, '--json', '--content-type', '0x58']);
    assert.equal(JSON.parse(asDm13.stdout).format, 'dm1.3');
    const foreign = await runCli(['decode', dm13, '--json', '--content-type', 'text/plain']);
    assert.match(foreign.stdout, /not a DM notification/);
  });

  it('DM-NOTI-1.2 §7.1.1: says why a push is not for DM', async () => {
    const mms = await runCli(['decode', `010603c4af84${package12}`, '--json']);
    assert.match(JSON.parse(mms.stdout).error.message, /application id 4 \(mms\.ua\)/);
    assert.equal(mms.status, 1);
  });

  it('shows bits, meaning and section in the table', async () => {
    const result = await runCli(['decode', sms12, '--secret', 'secret']);
    assert.match(
      result.stdout,
      /29 +02 d0 +00000010 11······ +version +11 +version 1\.1 +DM-NOTI-1\.2 §6\.2\.6/,
    );
    assert.match(result.stdout, /digest: holds under the default nonce/);
    const broken = await runCli(['decode', sms12.slice(0, 70)]);
    assert.match(broken.stdout, /version/, 'what was read before the error is shown');
    assert.match(broken.stdout, /error: .*TRUNC|error: .*needs/);
    assert.equal(broken.status, 1);
  });

  it('explains a DM message', async () => {
    const wbxml =
      '02a4016a006d6c7103312e3200017203444d2f312e32000165033132333400015b033100016e5703494d45493a34393330303531' +
      '3030353932383030000101675703636f6d2e6d676d747372762e6d616e6167650001015a00014c03353030300001010100006b' +
      '534b03310001546e57032e2f44657644657461696c2f4c72674f626a0001010101120101';
    const result = await runCli(['decode', `010603c2af87${wbxml}`]);
    assert.match(result.stdout, /<LocURI>\.\/DevDetail\/LrgObj<\/LocURI>/);
    assert.equal(result.status, 0);
    const json = await runCli(['decode', wbxml, '--json']);
    const decoded = JSON.parse(json.stdout);
    assert.equal(decoded.format, 'dm+wbxml');
    assert.equal(decoded.signature, undefined);
    assert.doesNotMatch(result.stdout, /signature/);
  });

  it('explains the signature of a DM message', async () => {
    const { hex } = vector('the signed message');
    const result = await runCli(['decode', hex]);
    assert.equal(result.status, 0);
    assert.match(
      result.stdout,
      /signature {2}hmac-sha256.*not verified\ndigest {5}sha256 d0b7be3f.*: holds\n/,
    );
    assert.match(result.stdout, /reveille message verify --hmac-key-file FILE\n$/);
    const { signature } = JSON.parse((await runCli(['decode', hex, '--json'])).stdout);
    assert.deepEqual([signature.algorithm, signature.digestHolds], ['hmac-sha256', true]);
  });

  it('any hex gives exactly one line of JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 120 }), async (octets) => {
        const result = await runCli(['decode', '--json'], {
          stdin: `${Buffer.from(octets).toString('hex')}\n`,
        });
        assert.equal(result.lines.length, 1);
        JSON.parse(result.stdout);
      }),
    );
  });

  it('tells usage errors apart, with status 2', async () => {
    for (const [args, expected] of [
      [['--nonce', 'AAAA', package12], /needs a secret/],
      [['nothing-like-hex'], /neither hex nor a file/],
      [['--content-type', 'x', package12], /neither a number nor a MIME type/],
    ] as const) {
      const result = await runCli(['decode', ...args]);
      assert.match(result.stderr, expected);
      assert.equal(result.status, 2);
    }
  });
});
