// check.py of the published vectors on files that are spoiled: what cannot be computed is told by its id, and the others go on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Vector } from '../../scripts/vectors/vector.ts';
import { folder, textOf, vectors } from '../published/files.ts';

const spoil: readonly (readonly [file: string, kind: string, change: Readonly<Record<string, unknown>>])[] = [
  ['digests.json', 'digest-md5', { inputs: { serverId: 'a' } }],
  ['bootstrap.json', 'bootstrap-userpinmac', { octets: 'abc' }],
  ['package0.json', 'package0', { inputs: { secret: 'secret', nonce: 'xyz' } }],
  ['sms.json', 'sms-user-data', { octets: '' }],
  ['wtls.json', 'wtls-handshake', { checkers: [] }],
  ['signed.json', 'signed-message', { kind: 'nothing' }],
];

test('check.py tells what it cannot compute, and goes on', (t) => {
  const copy = mkdtempSync(join(tmpdir(), 'reveille-vectors-'));
  t.after(() => rmSync(copy, { recursive: true }));
  cpSync(folder, copy, { recursive: true });
  const spoiled: string[] = [];
  for (const [file, kind, change] of spoil) {
    const content: { vectors: Vector[] } = JSON.parse(textOf(file));
    const vector = content.vectors.find((each) => each.kind === kind);
    assert.ok(vector !== undefined, kind);
    Object.assign(vector, change);
    spoiled.push(vector.id);
    writeFileSync(join(copy, file), JSON.stringify(content));
  }
  writeFileSync(join(copy, 'empty.json'), '{"vectors": []}');
  writeFileSync(join(copy, 'cut.json'), '{"vectors": [');
  const { status, stdout, stderr } = spawnSync('python3', [join(copy, 'check.py')], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(stderr, '');
  assert.equal(status, 1);
  const told = [...stdout.matchAll(/^DOES NOT HOLD ([^:\s]+)/gm)].map(([, id]) => id);
  assert.deepEqual(told.sort(), [...spoiled, 'empty.json', 'cut.json'].sort());
  assert.match(stdout, /names no checker/);
  const counted = [...stdout.matchAll(/^ *(\d+) /gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  assert.ok(counted >= vectors.length - spoiled.length, `${counted} of ${vectors.length}`);
});
