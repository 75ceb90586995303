// reveille inspect behind a capture that is still being made: each message is shown when it came, and one request ends it.
import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hexToBytes } from '../../../src/core/index.ts';
import { pcap } from '../../inspect/capture/samples.ts';
import { datagram, frame } from '../../inspect/frames/samples.ts';

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const capture = pcap([{ octets: frame('ethernet', datagram(push)) }]);
const header = capture.subarray(0, 24);
const packet = capture.subarray(24);
const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

function start(t: TestContext, ...args: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
  const child = spawn(process.execPath, [main, 'inspect', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`each message is shown when it came; one ${signal} ends it`, async (t) => {
    const child = start(t, '--json');
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    child.stdin.write(header);
    for (const number of [1, 2, 3]) {
      // The next one is written only when this one was shown.
      child.stdin.write(packet);
      const { value } = await lines.next();
      assert.equal(JSON.parse(String(value)).number, number);
    }
    child.kill(signal);
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
  });
}

test('many messages, explained in threads, are all shown while the input waits', async (t) => {
  const child = start(t);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stdin.write(header);
  const count = 6000;
  child.stdin.write(Buffer.concat(Array.from({ length: count }, () => packet)));
  for (let number = 1; number <= count; number += 1) {
    const { value } = await lines.next();
    assert.match(String(value), new RegExp(`^ *${number} `));
  }
  child.stdin.end();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});
