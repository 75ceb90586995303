// Bodies by their Content-Type in SIP, HTTP and PAP: multipart ones part by part, and answers that have none.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bytesToBase64, concatBytes, DecodeError, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { explainOctets } from '../../../src/inspect/index.ts';

const package0 = hexToBytes(
  '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const mime = 'application/vnd.syncml.notification';
const text = (value: string): Uint8Array => utf8ToBytes(value);

/** A multipart body as a gateway of another make writes it: with a preamble, folded fields and white space behind a boundary. */
const multipart = (...parts: readonly (readonly [head: string, body: Uint8Array])[]): Uint8Array =>
  concatBytes(
    text('for old mail programs\r\n'),
    ...parts.flatMap(([head, body]) => [text(`\r\n--b 1 \r\n${head}\r\n\r\n`), body]),
    text('\r\n--b 1--\r\n'),
  );
const typed = (type: string): string => `Content-Type: ${type}`;
const mixed = multipart(
  [typed('text/plain'), text('hello')],
  [`${typed(mime)}\r\nContent-ID:\r\n <x>`, package0],
  [typed('text/xml'), text('<note/>')],
);
const sip = (type: string, body: Uint8Array, more = ''): Uint8Array =>
  concatBytes(
    text(
      `MESSAGE sip:c@d SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\nMax-Forwards: 70\r\n${more}${typed(type)}\r\nContent-Length: ${body.length}\r\n\r\n`,
    ),
    body,
  );
const http = (type: string, body: Uint8Array): Uint8Array =>
  concatBytes(
    text(`POST / HTTP/1.1\r\nHost: a\r\n${typed(type)}\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  );
const chunked = (type: string, body: Uint8Array): Uint8Array =>
  concatBytes(
    text(`POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${typed(type)}\r\n\r\n`),
    ...[body.subarray(0, 70), body.subarray(70)].flatMap((each) => [
      text(`${each.length.toString(16)}\r\n`),
      each,
      text('\r\n'),
    ]),
    text('0\r\n\r\n'),
  );

function explained(octets: Uint8Array): ReturnType<typeof explainOctets>[number]['explanation'] {
  const [one] = explainOctets(octets, { input: 'binary', key: { secret: 'secret' } });
  assert.ok(one !== undefined);
  return one.explanation;
}
const names = (octets: Uint8Array): string =>
  explained(octets)
    .layers.map(({ name }) => name)
    .join(' ');

describe('multipart bodies', () => {
  for (const [name, carry] of [
    ['sip', sip],
    ['http', http],
    ['http', chunked],
  ] as const) {
    for (const kind of ['mixed', 'related', 'alternative']) {
      it(`multipart/${kind} in ${carry.name}: each part is peeled, and the push is what it is about`, () => {
        const octets = carry(`multipart/${kind}; boundary="b 1"`, mixed);
        const { layers, error, format, verified } = explained(octets);
        assert.deepEqual(
          layers.map((layer) => layer.name),
          [name, 'multipart', 'content', 'package0', 'xml'],
        );
        assert.deepEqual([error, format, verified], [undefined, 'dm1.2', true]);
        const parts = layers[1];
        assert.ok(parts !== undefined);
        assert.deepEqual(
          parts.fields.map(({ name: field, value }) => [field, value]),
          [
            ['parts[0].Content-Type', 'text/plain'],
            ['parts[1].Content-Type', mime],
            ['parts[1].Content-ID', '<x>'],
            ['parts[2].Content-Type', 'text/xml'],
          ],
        );
        if (carry === chunked) return;
        const shown = parts.fields.map(({ offset, length }) =>
          new TextDecoder().decode(octets.subarray(offset, offset + length)),
        );
        assert.deepEqual(shown[1], `${typed(mime)}\r\n`);
        assert.deepEqual(shown[2], 'Content-ID:\r\n <x>\r\n');
        const push = layers[3];
        assert.deepEqual(octets.subarray(push?.offset ?? 0, (push?.offset ?? 0) + package0.length), package0);
      });
    }
  }

  it('within one another, in Base64, and encoded otherwise', () => {
    const inner = concatBytes(
      text(`--in\r\n${typed(mime)}\r\nContent-Transfer-Encoding: base64\r\n\r\n`),
      text(bytesToBase64(package0).replace(/(.{20})/g, '$1\r\n')),
      text('\r\n--in--'),
    );
    const outer = multipart(
      [typed('multipart/related; boundary=in'), inner],
      [`${typed(mime)}\r\nContent-Encoding: gzip`, package0],
      [`${typed('text/plain')}\r\nContent-Transfer-Encoding: quoted-printable`, text('=3D')],
    );
    const octets = sip('multipart/mixed;boundary="b 1"', outer);
    assert.equal(names(octets), 'sip multipart multipart package0 content content');
    assert.equal(explained(octets).verified, true);
    const gzip = sip(mime, package0, 'Content-Encoding: gzip\r\n');
    assert.match(
      explained(gzip).layers.at(-1)?.title ?? '',
      /in gzip, which cannot be read: they are no gzip/,
    );
  });

  it('that are cut give the parts that are there, and say that they are cut', () => {
    for (const [end, last] of [
      [mixed.length - 30, 'package0'],
      [new TextDecoder('latin1').decode(mixed).indexOf('hello') + 3, 'content'],
    ] as const) {
      const octets = http('multipart/mixed; boundary="b 1"', mixed.subarray(0, end));
      const { error, layers, format } = explained(octets);
      assert.deepEqual([error?.code, format], ['TRUNCATED', undefined], String(end));
      assert.ok(layers.some(({ name }) => name === last));
    }
  });

  it('whatever their octets are, never end but in an error', () => {
    const body = fc.array(
      fc.constantFrom(
        '--b',
        '--b--',
        '\r\n',
        '\r\n\r\n',
        'Content-Type: multipart/mixed; boundary=b',
        ' ',
        'x',
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(body, (pieces) => {
        try {
          explained(http('multipart/mixed; boundary=b', text(pieces.join(''))));
        } catch (error) {
          assert.ok(error instanceof DecodeError);
        }
      }),
    );
  });
});

describe('answers without a body', () => {
  it('may say how long it would be: 204, 304, 1xx (RFC 9110 §8.6)', () => {
    for (const status of ['304 Not Modified', '204 No Content', '100 Continue']) {
      const octets = text(`HTTP/1.1 ${status}\r\n${typed('application/xml')}\r\nContent-Length: 500\r\n\r\n`);
      const { error, layers } = explained(octets);
      assert.deepEqual([error, layers.length], [undefined, 1], status);
    }
    const other = explained(text('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n'));
    assert.match(other.error?.message ?? '', /says 500 octets, and 0 are there, as in an answer to HEAD/);
  });

  it('XML of other kinds over HTTP is no PAP', () => {
    assert.equal(names(http('application/xml', text('<note/>'))), 'http xml');
    const answer = text(`HTTP/1.1 304 Not Modified\r\n${typed('text/xml')}\r\nContent-Length: 9\r\n\r\n`);
    assert.equal(names(answer), 'http');
  });
});
