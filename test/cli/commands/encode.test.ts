// `reveille encode` as docs/command-line.md describes it, against the reference values of the worked examples.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-encode-'));
after(() => rmSync(folder, { recursive: true }));

const example12 = {
  format: 'dm1.2',
  serverId: 'com.mgmtsrv.manage',
  sessionId: 0x1234,
  uiMode: 'background',
  initiator: 'user',
};
const package12 = '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765';

describe('reveille encode', () => {
  it('DM-NOTI-1.2 App. C: gives the worked example in each wrapping', async () => {
    const stdin = JSON.stringify(example12);
    for (const [as, prefix] of [
      ['package0', ''],
      ['wsp', '010603c4af87'],
      ['sms', '0605040b84c002010603c4af87'],
    ] as const) {
      const result = await runCli(['encode', '--secret', 'secret', '--as', as], { stdin });
      assert.equal(result.stderr, '');
      assert.equal(result.stdout, `${prefix}${package12}\n`);
      assert.equal(result.status, 0);
    }
  });

  it('takes one message a line, an array, or a message over several lines', async () => {
    const line = JSON.stringify(example12);
    const inputs: readonly (readonly [string, number])[] = [
      [`${line}\n${line}\n`, 2],
      [`\n${line}\n\n${line}`, 2],
      [`[${line},\n${line}]`, 2],
      [JSON.stringify(example12, null, 2), 1],
    ];
    for (const [stdin, count] of inputs) {
      const result = await runCli(['encode', '--secret', 'secret'], { stdin });
      assert.deepEqual(result.lines, Array(count).fill(package12));
    }
  });

  it('takes secret and nonce from options, a file or the environment', async () => {
    const stdin = JSON.stringify(example12);
    const file = join(folder, 'secret');
    writeFileSync(file, 'secret\n');
    const nonce = ['--nonce', Buffer.from('Nonce').toString('base64')];
    const expected = /^291f40c9048e97434175d10d0c6e25a7/;
    assert.match((await runCli(['encode', '--secret', 'secret', ...nonce], { stdin })).stdout, expected);
    assert.match((await runCli(['encode', '--secret-file', file, ...nonce], { stdin })).stdout, expected);
    const env = { REVEILLE_SECRET: 'secret' };
    assert.match((await runCli(['encode', ...nonce], { stdin, env })).stdout, expected);
  });

  it('splits what does not fit one short message', async () => {
    const message = { ...example12, format: 'dm1.3-2010', reason: 'x'.repeat(150) };
    const result = await runCli(['encode', '--secret', 's', '--as', 'sms'], {
      stdin: JSON.stringify(message),
    });
    const segments = result.stdout.trim().split(' ');
    assert.equal(segments.length, 2);
    for (const segment of segments) assert.ok(segment.length <= 280);
    assert.equal(segments[0]?.length, 280);
  });

  it('reports each bad message in one line and still encodes the others', async () => {
    const good = JSON.stringify(example12);
    const bad: readonly (readonly [string, RegExp])[] = [
      ['{"format":', /standard input: line 2, column 11: not JSON: the text ends/],
      ['{"format":"dm9"}', /line 2: format: /],
      [JSON.stringify({ ...example12, sessionId: 0 }), /line 2: sessionId: .*1 to 65535.*6\.2\.10/],
      [JSON.stringify({ ...example12, colour: 'red' }), /line 2: colour: /],
      [JSON.stringify({ ...example12, timestamp: 5 }), /line 2: timestamp: .*dm1\.3/],
      [JSON.stringify({ ...example12, uiMode: 7 }), /line 2: uiMode: /],
    ];
    for (const [line, expected] of bad) {
      const result = await runCli(['encode', '--secret', 'secret'], { stdin: `${good}\n${line}\n${good}\n` });
      assert.deepEqual(result.lines, [package12, package12]);
      assert.match(result.stderr, expected);
      assert.equal(result.stderr.trim().split('\n').length, 1);
      assert.equal(result.status, 1);
    }
  });

  it('says what is missing or wrong in its options, with status 2', async () => {
    const stdin = JSON.stringify(example12);
    const calls: readonly (readonly [string[], RegExp])[] = [
      [[], /secret/],
      [['--secret', 's', '--nonce', '###'], /--nonce ###: .*Base64/],
      [['--secret', 's', '--as', 'carrier-pigeon'], /carrier-pigeon/],
      [['--secret', 's', '--transaction-id', '256'], /--transaction-id 256: .*0 to 255/],
      [['--secret', 's', '--secret-file', 'x'], /exclude each other/],
      [['--secret', 's', '--no-such-option'], /no-such-option/],
    ];
    for (const [args, expected] of calls) {
      const result = await runCli(['encode', ...args], { stdin });
      assert.match(result.stderr, expected);
      assert.equal(result.stdout, '');
      assert.equal(result.status, 2);
    }
  });

  it('says that a file cannot be read', async () => {
    const result = await runCli(['encode', '--secret', 's', join(folder, 'none.json')]);
    assert.match(result.stderr, /^reveille: cannot read .*none\.json: no such file or folder\n$/);
    assert.equal(result.status, 1);
  });
});
