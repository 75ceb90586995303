// SMPP PDUs are named by their command, and their short messages are read where they are ones.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodePdu, esmClass } from '../../../src/codec/smpp/index.ts';
import { concatBytes, hexToBytes } from '../../../src/core/index.ts';
import { noFindings, spanOf } from '../../../src/inspect/layers/findings.ts';
import { isSmpp, takeSmpp } from '../../../src/inspect/layers/smpp-layer.ts';

const userData = hexToBytes(
  '0605040b84c002010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const common = { sequence: 1, sourceAddress: '1', destinationAddress: '2', dataCoding: 0xf5 } as const;
const submit = (flags: number): Uint8Array =>
  encodePdu({ command: 'submit_sm', ...common, esmClass: flags, shortMessage: userData });

function layersOf(octets: Uint8Array): readonly string[] {
  const findings = noFindings();
  takeSmpp(spanOf(octets), { findings, options: { as: 'auto' } });
  return findings.layers.map(({ title }) => title);
}

describe('SMPP PDUs', () => {
  const message = submit(esmClass.userDataHeader);

  it('are named, and their short messages are read', () => {
    const [first, ...inner] = layersOf(message);
    assert.equal(first, `SMPP submit_sm (${message.length} octets)`);
    assert.equal(inner.at(-1), 'Package #0, format dm1.2 (42 octets)');
    assert.equal(inner.length, 3);
  });

  it('carry no message under a status that says that something failed', () => {
    assert.deepEqual(layersOf(message.with(11, 0x45)), [`SMPP submit_sm (${message.length} octets)`]);
  });

  it('carry no message in what is a receipt', () => {
    assert.equal(layersOf(submit(0x04)).length, 1);
  });

  it('to several destinations carry one too (submit_multi, SMPP 3.4 §4.5.1)', () => {
    const destinations = hexToBytes('020101013439310002667269656e647300');
    const body = concatBytes(
      hexToBytes('0001013439383900'),
      destinations,
      Uint8Array.of(0x40, 0, 0, 0, 0, 0, 0, 0xf5, 0, userData.length),
      userData,
    );
    const multi = encodePdu({ command: 'opaque', commandId: 0x21, status: 0, sequence: 1, body });
    const [first, ...inner] = layersOf(multi);
    assert.equal(first, `SMPP submit_multi (${multi.length} octets)`);
    assert.deepEqual(inner.length, 3);
    assert.equal(inner.at(-1), 'Package #0, format dm1.2 (42 octets)');
  });

  it('are known where their lengths fill the octets', () => {
    assert.ok(isSmpp(message) && isSmpp(concatBytes(message, message)));
    assert.ok(!isSmpp(message.subarray(0, -1)) && !isSmpp(concatBytes(message, Uint8Array.of(0))));
    assert.ok(isSmpp(message.with(7, 0x3f)), 'a command of somebody’s own');
    assert.ok(!isSmpp(message.with(4, 0x3f)), 'no command at all');
    assert.ok(!isSmpp(new Uint8Array(0)));
  });
});
