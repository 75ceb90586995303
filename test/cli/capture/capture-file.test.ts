// The file of a capture: its bound, a disk that is slower than what is recorded, a disk that fails.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CaptureFile } from '../../../src/cli/capture/capture-file.ts';
import { LeftOut } from '../../../src/cli/capture/left-out.ts';
import { Recorder } from '../../../src/cli/capture/recorder.ts';
import { systemClock } from '../../../src/core/index.ts';
import { messagesOf } from './captures.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-capture-file-'));
after(() => rmSync(folder, { recursive: true }));

test('stops at its bound, says so in the capture and once aloud; what there is can be read', async () => {
  const said: string[] = [];
  const path = join(folder, 'bound.pcapng');
  const file = await CaptureFile.create(path, 2000, false, (text) => said.push(text));
  const recorder = new Recorder({
    file,
    clock: systemClock(),
    secrets: [],
    leftOut: new LeftOut(false),
    onMasked: () => undefined,
    application: 'Reveille',
  });
  const [local, remote] = [
    { address: '127.0.0.1', port: 1000 },
    { address: '127.0.0.1', port: 2948 },
  ];
  for (let sent = 0; sent < 30; sent += 1) recorder.datagram('out', local, remote, new Uint8Array(100));
  recorder.end();
  await file.close();
  const { packets } = recorder.counts;
  assert.ok(packets > 5 && packets < 15, `${packets} packets`);
  assert.deepEqual(file.loss, { slow: 0, full: 30 - packets });
  assert.ok(file.octets <= 2000);
  assert.deepEqual(said, ['the capture has reached 2000 octets: what follows is not recorded']);
  assert.match(readFileSync(path).toString('latin1'), /has reached its bound: what follows was not recorded/);
  assert.ok(messagesOf(path).length >= packets);
});

test('leaves out and counts what a slow disk has no room for', async () => {
  const path = join(folder, 'slow.pcapng');
  const file = await CaptureFile.create(path, 1e9, false, assert.fail);
  const block = new Uint8Array(1_048_576);
  const taken = Array.from({ length: 20 }, () => file.take(block, () => block));
  assert.equal(taken.filter((each) => each).length, 16);
  assert.deepEqual(file.loss, { slow: 4, full: 0 });
  await file.close();
  assert.equal(readFileSync(path).length, 16 * block.length);
});

test('says once that it cannot be written, and takes no more', async () => {
  const said: string[] = [];
  const file = await CaptureFile.create(join(folder, 'closed.pcapng'), 1e9, false, (text) => said.push(text));
  const block = new Uint8Array(100);
  await file.close();
  assert.equal(
    file.take(block, () => block),
    true,
  );
  await file.close();
  assert.equal(
    file.take(block, () => block),
    false,
  );
  assert.equal(said.length, 1);
  assert.match(said[0] ?? '', /^the capture cannot be written any more: /);
});
