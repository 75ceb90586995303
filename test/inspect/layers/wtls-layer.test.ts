// WTLS records: told by their lengths, and data that is not encrypted is read on as WSP.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, hexToBytes } from '../../../src/core/index.ts';
import { noFindings, spanOf } from '../../../src/inspect/layers/findings.ts';
import { isWtls, takeWtls } from '../../../src/inspect/layers/wtls-layer.ts';
import wtls from '../../vectors/wtls.json' with { type: 'json' };

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
/** Data that no cipher protects, with the sequence number 5. */
const plain = (data: Uint8Array): Uint8Array =>
  concatBytes(hexToBytes('c40005'), Uint8Array.of(data.length >> 8, data.length & 0xff), data);

function layersOf(octets: Uint8Array): readonly string[] {
  const findings = noFindings();
  takeWtls(spanOf(octets), { findings, options: { as: 'auto' } });
  return findings.layers.map(({ title }) => title);
}

describe('WTLS records', () => {
  it('are known where they say their length, and fill the octets', () => {
    for (const hex of Object.values(wtls.records)) {
      assert.ok(isWtls(hexToBytes(hex)), hex);
      assert.ok(!isWtls(hexToBytes(hex).subarray(0, -1)), 'cut');
    }
    assert.ok(isWtls(plain(push)));
    assert.ok(!isWtls(hexToBytes('c50001000101')), 'no type of record');
    assert.ok(!isWtls(hexToBytes('8100010001')), 'no length');
    assert.ok(!isWtls(push));
  });

  it('with data that is not encrypted carry WSP', () => {
    const octets = plain(push);
    assert.deepEqual(layersOf(octets), [
      `WTLS, 1 record (${octets.length} octets)`,
      'WSP connectionless push',
      `Package #0, format dm1.2 (${push.length - 6} octets)`,
    ]);
    const two = concatBytes(hexToBytes(wtls.records.serverHelloDone), octets);
    assert.deepEqual(layersOf(two).slice(0, 2), [
      `WTLS, 2 records (${two.length} octets)`,
      'WSP connectionless push',
    ]);
  });

  it('of a handshake carry nothing', () => {
    assert.equal(layersOf(hexToBytes(wtls.records.clientHello)).length, 1);
    assert.equal(layersOf(plain(new Uint8Array(0))).length, 1);
  });
});
