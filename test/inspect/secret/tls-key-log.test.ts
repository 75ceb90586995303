// Key logs in the format of NSS.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex } from '../../../src/core/index.ts';
import { TlsKeyLog } from '../../../src/inspect/secret/tls-key-log.ts';

const random = '11'.repeat(32);

test('RFC 9850 §2: lines, comments, labels of other uses, either case, any end of line', () => {
  const log = new TlsKeyLog();
  const text = [
    '# a comment',
    '',
    `CLIENT_RANDOM ${random} ${'aB'.repeat(48)}`,
    `EXPORTER_SECRET ${random} ${'cd'.repeat(32)}`,
    `SERVER_TRAFFIC_SECRET_0 ${random.toUpperCase()} ${'ef'.repeat(48)}`,
  ].join('\r\n');
  assert.deepEqual(log.add(text), []);
  assert.equal(log.connections, 1);
  const octets = new Uint8Array(32).fill(0x11);
  assert.equal(bytesToHex(log.secretOf('CLIENT_RANDOM', octets) ?? octets), 'ab'.repeat(48));
  assert.equal(log.secretOf('SERVER_TRAFFIC_SECRET_0', octets)?.length, 48);
  assert.equal(log.secretOf('CLIENT_TRAFFIC_SECRET_0', octets), undefined);
});

test('lines that give no keys are named by number, without what stands there; the others count', () => {
  const log = new TlsKeyLog();
  const text = [
    `CLIENT_RANDOM ${random} ${'ab'.repeat(47)}`,
    `CLIENT_RANDOM ${random.slice(2)} ${'ab'.repeat(48)}`,
    'what is this',
    `CLIENT_RANDOM ${random} ${'ab'.repeat(48)} more`,
    `CLIENT_RANDOM ${random} ${'ab'.repeat(48)}`,
    `CLIENT_TRAFFIC_SECRET_0 ${random} abab`,
  ].join('\n');
  const faults = log.add(text);
  assert.deepEqual(
    faults.map(({ line }) => line),
    [1, 2, 3, 4, 6],
  );
  assert.ok(faults.every(({ what }) => !/abab|1111/.test(what)));
  assert.equal(log.connections, 1);
});
