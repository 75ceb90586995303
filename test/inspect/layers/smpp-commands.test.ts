// Every command of SMPP 3.4, and the broadcasts of 5.0, is taken apart into its fields, without a gap.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexToBytes } from '../../../src/core/index.ts';
import { type Findings, noFindings, spanOf } from '../../../src/inspect/layers/findings.ts';
import { isSmpp, takeSmpp } from '../../../src/inspect/layers/smpp-layer.ts';
import { smppHex, smppSamples } from './smpp-samples.ts';

function findingsOf(hex: string): Findings {
  const findings = noFindings();
  takeSmpp(spanOf(hexToBytes(hex)), { findings, options: { as: 'auto' } });
  return findings;
}

const header = ['command_length', 'command_id', 'command_status', 'sequence_number'] as const;

describe('commands of SMPP', () => {
  for (const sample of smppSamples) {
    it(`${sample.command} in its fields`, () => {
      const hex = smppHex(sample);
      assert.ok(isSmpp(hexToBytes(hex)));
      const { layers, deviations } = findingsOf(hex);
      assert.deepEqual(deviations, []);
      assert.equal(layers[0]?.title, `SMPP ${sample.command} (${hex.length / 2} octets)`);
      const annotations = (layers[0]?.annotations ?? []).slice(header.length);
      assert.deepEqual(
        annotations.map(({ field, value, section }) => [field, value, section]),
        sample.fields.map(([, field, value, section]) => [
          field,
          value,
          section.startsWith('SMPP') ? section : `SMPP 3.4 §${section}`,
        ]),
      );
      let at = 16;
      for (const [index, { offset, length }] of annotations.entries()) {
        assert.deepEqual([offset, length], [at, (sample.fields[index]?.[0].length ?? 0) / 2]);
        at += length;
      }
      assert.equal(at, hex.length / 2);
    });
  }

  it('that refuse may have no body', () => {
    for (const sample of smppSamples.filter(({ id }) => id >= 0x80000000)) {
      const { layers, deviations } = findingsOf(smppHex({ ...sample, status: 0x0c, fields: [] }));
      assert.deepEqual([layers.length, deviations], [1, []], sample.command);
    }
  });

  it('that nobody knows are shown as octets, and it is said', () => {
    const hex = smppHex({
      command: '',
      id: 0x00010203,
      fields: [['0a0b0c', 'body', '', '']],
    });
    assert.ok(isSmpp(hexToBytes(hex)));
    const { layers, deviations } = findingsOf(hex);
    assert.equal(layers[0]?.title, 'SMPP command 0x00010203 (19 octets)');
    assert.deepEqual(
      layers[0]?.annotations.slice(header.length).map(({ field, value }) => [field, value]),
      [['body', '0a0b0c']],
    );
    assert.deepEqual(
      deviations.map(({ field, offset, value }) => [field, offset, value]),
      [['command_id', 4, '0x00010203']],
    );
  });

  it('show no password, whatever of an outbind is there', () => {
    const outbind = smppSamples.find(({ command }) => command === 'outbind');
    assert.ok(outbind !== undefined);
    const shown = JSON.stringify(findingsOf(smppHex(outbind)));
    assert.ok(!shown.includes('hunter') && !shown.toLowerCase().includes('68756e746572'));
  });

  it('say which field is missing where they are cut', () => {
    const hex = '0000001a' + '00000003' + '00000000' + '00000001' + '616263' + '00' + '0101' + '34393839';
    assert.throws(() => findingsOf(hex), { name: 'DecodeError', code: 'TRUNCATED' });
  });
});
