// HTTP messages: each header field stands where its octets are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { noFindings, spanOf } from '../../../src/inspect/layers/findings.ts';
import { takeHttp, withoutChunks } from '../../../src/inspect/layers/http-layer.ts';

test('a header field has offset and length of its lines, folded ones with it', () => {
  const start = 'POST / HTTP/1.1\r\n';
  const fields = ['Host: d\r\n', 'X-Long: a\r\n b\r\n\tc\r\n', 'Content-Length: 0\r\n'];
  const findings = noFindings();
  const octets = utf8ToBytes(`${start}${fields.join('')}\r\n`);
  takeHttp(spanOf(octets), { findings, options: { as: 'http' } });
  const annotations = findings.layers[0]?.annotations ?? [];
  let offset = start.length;
  const expected = fields.map((text) => {
    const place = { offset, length: text.length, field: text.slice(0, text.indexOf(':')) };
    offset += text.length;
    return place;
  });
  const found = annotations.slice(1).map(({ offset, length, field }) => ({ offset, length, field }));
  assert.deepEqual(found, expected);
});

test('a body may come in as many chunks as a message holds', () => {
  const count = 300_000;
  assert.equal(withoutChunks(utf8ToBytes(`${'1\r\nx\r\n'.repeat(count)}0\r\n\r\n`)).length, count);
});

test('lengths that nobody can go by are said', () => {
  const told = (...fields: readonly string[]): readonly string[] => {
    const findings = noFindings();
    const octets = utf8ToBytes(
      `POST / HTTP/1.1\r\n${fields.map((each) => `${each}\r\n`).join('')}\r\n0\r\n\r\n`,
    );
    takeHttp(spanOf(octets), { findings, options: { as: 'http' } });
    return findings.deviations.map(({ message, offset }) => `${offset} ${message}`);
  };
  assert.deepEqual(told('Content-Length: 5', 'content-length: 5, 5'), []);
  assert.deepEqual(told('Content-Length: 5', 'Content-Length: 3'), [
    '36 3 stands beside 5: which of them holds is not known',
  ]);
  assert.deepEqual(told('Content-Length: +0'), ['17 +0 is no length']);
  assert.deepEqual(told('Transfer-Encoding: chunked', 'Content-Length: 3'), [
    '45 stands beside Transfer-Encoding, which holds',
  ]);
});
