// SIP messages are named by their method or status, and what they carry is read.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { noFindings, spanOf } from '../../../src/inspect/layers/findings.ts';
import { isSip, takeSip } from '../../../src/inspect/layers/sip-layer.ts';

const head =
  'Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\n';

function layersOf(text: string): readonly string[] {
  const findings = noFindings();
  takeSip(spanOf(utf8ToBytes(text)), { findings, options: { as: 'auto' } });
  return findings.layers.map(({ title }) => title);
}

describe('SIP messages', () => {
  it('are requests with a method, or responses with a status', () => {
    const request = `MESSAGE sip:c@d SIP/2.0\r\n${head}Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n`;
    const response = `SIP/2.0 200 OK\r\n${head}Content-Length: 0\r\n\r\n`;
    assert.deepEqual(layersOf(request), [`SIP request MESSAGE (${request.length} octets)`]);
    assert.deepEqual(layersOf(response), [`SIP response 200 (${response.length} octets)`]);
    assert.ok(isSip(utf8ToBytes(request)) && isSip(utf8ToBytes(response)));
    assert.ok(!isSip(utf8ToBytes('GET / HTTP/1.1\r\n')));
  });

  it('carry what their Content-Type says', () => {
    const body = '<wap-provisioningdoc/>';
    const text = `MESSAGE sip:c@d SIP/2.0\r\n${head}Max-Forwards: 70\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    assert.equal(layersOf(text)[1], `Client Provisioning document in XML (${body.length} octets)`);
  });
});
