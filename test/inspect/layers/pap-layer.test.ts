// PAP: the document is found behind request and status lines, header fields and boundaries, and its content is read.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { noFindings, spanOf } from '../../../src/inspect/layers/findings.ts';
import { isPap, takePap } from '../../../src/inspect/layers/pap-layer.ts';

const answer =
  '<?xml version="1.0"?><pap><push-response push-id="p1"><response-result code="1001" desc="taken"/></push-response></pap>';
const push = hexToBytes(
  '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);

function layersOf(octets: Uint8Array): readonly string[] {
  const findings = noFindings();
  takePap(spanOf(octets), { findings, options: { as: 'auto' } });
  return findings.layers.map(({ title, within }) => `${title}${within === 'input' ? '' : ' apart'}`);
}

describe('documents of PAP', () => {
  it('stand alone, or behind the lines of HTTP, and are named', () => {
    for (const head of [
      '',
      'Content-Type: application/xml\r\n\r\n',
      'POST /pap HTTP/1.1\r\nContent-Type: application/xml\r\n\r\n',
      'HTTP/1.1 202 Accepted\r\nContent-Type: application/xml\r\n\r\n',
      'HTTP/1.0 202\r\nContent-Type: application/xml\r\n\r\n',
    ]) {
      const octets = utf8ToBytes(`${head}${answer}`);
      assert.deepEqual(layersOf(octets), [`PAP push-response (${octets.length} octets)`], head);
      assert.ok(isPap(octets), head);
    }
    assert.ok(!isPap(utf8ToBytes('<papa/>')));
  });

  it('have fields at the element that they are of', () => {
    const head = 'HTTP/1.1 202 Accepted\r\nContent-Type: application/xml\r\n\r\n';
    const text = `${head}${answer}`;
    const findings = noFindings();
    takePap(spanOf(utf8ToBytes(text)), { findings, options: { as: 'auto' } });
    const tag = '<push-response push-id="p1">';
    assert.deepEqual(
      findings.layers[0]?.annotations.map(({ field, offset, length, value, meaning, section }) => {
        assert.equal(text.slice(offset, offset + length), tag);
        assert.deepEqual([meaning, section], ['in push-response', 'PAP 2.0 §9']);
        return [field, value];
      }),
      [
        ['element', 'push-response'],
        ['pushId', 'p1'],
        ['progressNotes', '[]'],
        ['responseResult', '{"code":1001,"desc":"taken"}'],
      ],
    );
    const { payload } = findings;
    assert.ok(payload?.kind === 'document');
    assert.deepEqual([payload.type, payload.form, payload.root.name], ['pap', 'xml', 'pap']);
  });

  it('carry what the second part is, where it stands', () => {
    const address = 'WAPPUSH=1/TYPE=USER@ppg.example';
    const document = `<?xml version="1.0"?><pap><push-message push-id="p1"><address address-value="${address}"/></push-message></pap>`;
    const octets = concatBytes(
      utf8ToBytes(
        `--b\r\nContent-Type: application/xml\r\n\r\n${document}\r\n--b\r\nContent-Type: application/vnd.syncml.notification\r\n\r\n`,
      ),
      push,
      utf8ToBytes('\r\n--b--'),
    );
    assert.deepEqual(layersOf(octets), [
      `PAP push-message (${octets.length} octets)`,
      `Package #0, format dm1.2 (${push.length} octets)`,
    ]);
  });
});
