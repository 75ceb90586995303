// reveille batch: lines to a server, and what is said of those that it refuses.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleDevice } from '../../../src/testing/index.ts';
import { linesOf, withPort } from '../../api/batch-client.ts';
import { runCli } from '../run-cli.ts';

const device = sampleDevice().id;
const server = (port: number) => ['--server', `http://127.0.0.1:${port}`];

test('lines of standard input are taken, those that are not are told of, and what was before is counted', () =>
  withPort(async (port, { store }) => {
    const stdin = linesOf([{ device, idempotencyKey: 'a' }, { device: 'IMEI:0' }, { device }]);
    const first = await runCli(['batch', '-', ...server(port)], { stdin });
    assert.equal(first.status, 1);
    assert.equal(first.stdout, '2 taken (0 of them before), 1 refused\n');
    assert.equal(first.stderr, 'reveille: line 2: device: there is no device IMEI:0: create it first\n');
    const again = await runCli(['batch', '-', ...server(port)], {
      stdin: linesOf([{ device, idempotencyKey: 'a' }]),
    });
    assert.deepEqual([again.status, again.stdout], [0, '1 taken (1 of them before), 0 refused\n']);
    assert.equal((await store.listPushes({ limit: 10 })).items.length, 2);
  }));

test('--json prints the answers; --of says what the lines are', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-batch-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'jobs.ndjson');
  writeFileSync(file, linesOf([{ device, commands: [{ command: 'get', uri: './A' }] }, {}]));
  return withPort(async (port, { store }) => {
    const { status, lines, stderr } = await runCli([
      'batch',
      file,
      '--of',
      'jobs',
      '--json',
      ...server(port),
    ]);
    assert.equal(status, 1);
    const [taken, refused] = lines.map((line) => JSON.parse(line));
    assert.deepEqual([taken.line, taken.state, refused.code], [1, 'pending', 'MISSING']);
    assert.equal((await store.job(taken.id))?.pushId, taken.notification);
    assert.equal(stderr, '1 taken (0 of them before), 1 refused\n');
  });
});

test('a large file goes through, answered as it goes', () =>
  withPort(async (port) => {
    const stdin = `{"device":"${device}"}\n`.repeat(3000);
    const { status, stdout } = await runCli(['batch', '-', ...server(port)], { stdin });
    assert.deepEqual([status, stdout], [0, '3000 taken (0 of them before), 0 refused\n']);
  }));

test('what refuses the whole is told with what to do', () =>
  withPort(
    async (port) => {
      const stdin = linesOf([{ device }]);
      const refused = await runCli(['batch', '-', ...server(port)], { stdin });
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /refused: send a valid token.*REVEILLE_API_TOKEN/);
      const env = { REVEILLE_API_TOKEN: 'a-token-of-operators' };
      assert.equal((await runCli(['batch', '-', ...server(port)], { stdin, env })).status, 0);
      const missing = await runCli(['batch', 'not-there.ndjson', ...server(port)], { env });
      assert.equal(missing.status, 1);
      assert.match(missing.stderr, /cannot read not-there\.ndjson: no such file/);
      const wrong = await runCli(['batch', '-', '--of', 'devices', ...server(port)], { stdin, env });
      assert.equal(wrong.status, 2);
    },
    { tokens: ['a-token-of-operators'] },
  ));

test('answers that break off are told with the last line that was answered', async (t) => {
  const broken = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write('{"line":1,"status":202,"created":true}\n', () => setImmediate(() => response.destroy()));
  });
  t.after(() => broken.close());
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
  const { port } = broken.address() as AddressInfo;
  const { status, stderr } = await runCli(['batch', '-', ...server(port)], { stdin: linesOf([{ device }]) });
  assert.equal(status, 1);
  assert.match(stderr, /broke off behind the answer to line 1: 1 taken/);
  const nobody = await runCli(['batch', '-', '--server', 'http://127.0.0.1:1'], { stdin: '{}' });
  assert.equal(nobody.status, 1);
  assert.match(nobody.stderr, /does not answer: nothing listens there/);
});
