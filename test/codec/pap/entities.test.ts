// multipart/related around PAP documents, and the MIME headers in it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  chooseBoundary,
  isBoundary,
  type MimePart,
  mimeHeader,
  parseMimeType,
  readHeaderBlock,
  readMultipart,
  readPapEntities,
  writeHeaderBlock,
  writeMultipart,
  writePapEntities,
} from '../../../src/codec/pap/index.ts';
import {
  bytesToBase64,
  bytesToDisplayText,
  concatBytes,
  type DecodeErrorCode,
  utf8ToBytes,
  ValueError,
} from '../../../src/core/index.ts';
import { assertDecodeError, valueOrDecodeError } from '../wbxml/support.ts';
import { papMessage } from './arbitrary.ts';

const bytes = utf8ToBytes;
const message = {
  element: 'push-message',
  pushId: '1@dm.example.com',
  addresses: ['WAPPUSH=+447700900123/TYPE=PLMN@ppg.example.com'],
} as const;
const xml =
  '<pap><push-message push-id="1@dm.example.com"><address address-value="WAPPUSH=+447700900123/TYPE=PLMN@ppg.example.com"/></push-message></pap>';
const related = 'multipart/related; boundary=B; type="application/xml"';
const octets = Uint8Array.of(0, 13, 10, 45, 45, 67, 13, 10, 255, 13, 10);

/** The request that PAP 2.0 shows, with `body` as content. */
const request = (body: Uint8Array, transferEncoding = '') =>
  concatBytes(
    bytes(`--B\r\nContent-Type: application/xml\r\n\r\n${xml}\r\n`),
    bytes(
      `--B\r\nContent-Type: application/vnd.syncml.dm.notification\r\n${transferEncoding}X-Wap-Application-Id: x-wap-application:syncml.dm\r\n\r\n`,
    ),
    body,
    bytes('\r\n--B--\r\n'),
  );

describe('PAP 2.0: a push is multipart/related', () => {
  test('control entity and content are read; the content stays as it is', () => {
    const body = Uint8Array.of(0, 13, 10, 13, 10, 255, 45, 45, 66, 13, 10);
    const read = readPapEntities(related, request(body));
    assert.deepEqual(read.document.message, message);
    assert.deepEqual(read.content?.body, body);
    assert.equal(
      mimeHeader(read.content?.headers ?? [], 'content-type'),
      'application/vnd.syncml.dm.notification',
    );
    assert.equal(
      mimeHeader(read.content?.headers ?? [], 'X-WAP-APPLICATION-ID'),
      'x-wap-application:syncml.dm',
    );
    assert.equal(read.capabilities, undefined);
  });

  test('written: the document first, then the content, then capabilities; read back the same', () => {
    const content: MimePart = {
      headers: [['Content-Type', 'application/vnd.syncml.dm.notification']],
      body: octets,
    };
    const capabilities: MimePart = {
      headers: [['Content-Type', 'application/rdf+xml']],
      body: bytes('<x/>'),
    };
    const written = writePapEntities({ document: { message }, content, capabilities });
    assert.match(
      written.contentType,
      /^multipart\/related; boundary=reveille-0-part; type="application\/xml"$/,
    );
    const text = bytesToDisplayText(written.body);
    assert.ok(
      text.startsWith('--reveille-0-part\r\nContent-Type: application/xml\r\n\r\n<?xml version="1.0"'),
    );
    assert.ok(text.endsWith('\r\n--reveille-0-part--\r\n'));
    const read = readPapEntities(written.contentType, written.body);
    assert.deepEqual(read, { document: { message, version: '2.0' }, content, capabilities });
  });

  test('a document alone is application/xml; text/xml and no type at all are read too', () => {
    const written = writePapEntities({ document: { message } });
    assert.equal(written.contentType, 'application/xml');
    for (const type of ['application/xml', 'text/xml; charset=utf-8', 'APPLICATION/XML', undefined]) {
      assert.deepEqual(readPapEntities(type, written.body).document.message, message);
    }
  });

  test('Base64 content is decoded, and says so no longer', () => {
    const encoded = request(bytes(bytesToBase64(octets)), 'Content-Transfer-Encoding: BASE64\r\n');
    const { content } = readPapEntities(related, encoded);
    assert.deepEqual(content?.body, octets);
    assert.equal(mimeHeader(content?.headers ?? [], 'content-transfer-encoding'), undefined);
    const binary = request(octets.subarray(0, 3), 'Content-Transfer-Encoding: binary\r\n');
    assert.deepEqual(readPapEntities(related, binary).content?.body, octets.subarray(0, 3));
  });

  const wrong: readonly [string, string, Uint8Array, DecodeErrorCode, RegExp][] = [
    ['another type', 'text/plain', bytes(xml), 'UNSUPPORTED', /"text\/plain" holds no PAP/],
    ['no type', 'xml', bytes(xml), 'UNSUPPORTED', /"xml" is not a media type/],
    ['multipart/mixed', 'multipart/mixed; boundary=B', request(octets), 'UNSUPPORTED', /holds no PAP/],
    ['no boundary', 'multipart/related', request(octets), 'UNSUPPORTED', /has no boundary/],
    [
      'a boundary that is too long',
      `multipart/related; boundary=${'B'.repeat(71)}`,
      request(octets),
      'UNSUPPORTED',
      /boundary/,
    ],
    [
      'another root type',
      'multipart/related; boundary=B; type="text/html"',
      request(octets),
      'UNSUPPORTED',
      /no PAP/,
    ],
    ['another boundary', 'multipart/related; boundary=D', request(octets), 'TRUNCATED', /does not occur/],
    [
      'a first part that is no document',
      related,
      bytes('--B\r\nContent-Type: text/html\r\n\r\nx\r\n--B--'),
      'UNSUPPORTED',
      /begin with/,
    ],
    [
      'a first part without a type',
      related,
      bytes(`--B\r\n\r\n${xml}\r\n--B--`),
      'UNSUPPORTED',
      /begin with/,
    ],
    ['no parts', related, bytes('--B--\r\n'), 'BAD_VALUE', /no parts/],
    [
      'four parts',
      related,
      concatBytes(request(octets).subarray(0, -9), bytes('\r\n--B\r\n\r\nx\r\n--B\r\n\r\nx\r\n--B--')),
      'LIMIT',
      /more than 3/,
    ],
    [
      'quoted-printable',
      related,
      request(octets, 'Content-Transfer-Encoding: quoted-printable\r\n'),
      'UNSUPPORTED',
      /transfer encoding/,
    ],
    [
      'broken Base64',
      related,
      request(bytes('?'), 'Content-Transfer-Encoding: base64\r\n'),
      'BAD_VALUE',
      /not Base64/,
    ],
    ['a charset that we do not have', 'application/xml; charset=ebcdic', bytes(xml), 'UNSUPPORTED', /ebcdic/],
  ];
  for (const [name, type, body, code, detail] of wrong) {
    test(`refused: ${name}`, () => {
      assertDecodeError(() => readPapEntities(type, body), code, detail);
    });
  }

  test('content needs a type, and capabilities need content', () => {
    const part: MimePart = { headers: [], body: octets };
    for (const entities of [
      { content: part },
      { capabilities: { ...part, headers: [['Content-Type', 'a/b'] as const] } },
    ]) {
      assert.throws(() => writePapEntities({ document: { message }, ...entities }), ValueError);
    }
  });

  test('any message with any content survives a round trip', () => {
    fc.assert(
      fc.property(papMessage, fc.uint8Array({ maxLength: 80 }), (any, body) => {
        const content: MimePart = {
          headers: [
            ['Content-Type', 'a/b'],
            ['X', 'é;"'],
          ],
          body,
        };
        const written = writePapEntities({ document: { message: any }, content });
        const read = readPapEntities(written.contentType, written.body);
        assert.deepEqual(read, { document: { message: any, version: '2.0' }, content });
      }),
    );
  });
});

describe('RFC 2046 §5.1.1: multipart', () => {
  const cut = (text: string) =>
    readMultipart(bytes(text), 'B').map(({ headers, body }) => [headers, bytesToDisplayText(body)]);
  const rows: readonly [
    string,
    string,
    readonly (readonly [readonly (readonly [string, string])[], string])[],
  ][] = [
    ['one part', '--B\r\n\r\nx\r\n--B--', [[[], 'x']]],
    ['preamble and epilogue', 'a\r\n--B\r\n\r\nx\r\n--B--\r\nb\r\n--B\r\n', [[[], 'x']]],
    ['white space behind the boundary', '--B \t\r\n\r\nx\r\n--B-- \r\n', [[[], 'x']]],
    ['an empty body', '--B\r\nA: b\r\n\r\n\r\n--B--', [[[['A', 'b']], '']]],
    ['headers only', '--B\r\nA: b\r\n\r\n--B--', [[[['A', 'b']], '']]],
    ['nothing at all', '--B\r\n\r\n--B--', [[[], '']]],
    ['line ends that belong to the body', '--B\r\n\r\n\r\n\r\nx\r\n\r\n--B--', [[[], '\r\n\r\nx\r\n']]],
    [
      'longer boundaries are text',
      '--B\r\n\r\n\r\n--BB\r\n--B-\r\n--B--x\r\n--B--',
      [[[], '\r\n--BB\r\n--B-\r\n--B--x']],
    ],
    ['a boundary within a line is text', '--B\r\n\r\nx--B\r\ny\n--B\r\n--B--', [[[], 'x--B\r\ny\n--B']]],
    [
      'two parts',
      '--B\r\n\r\nx\r\n--B\r\n\r\ny\r\n--B--',
      [
        [[], 'x'],
        [[], 'y'],
      ],
    ],
  ];
  for (const [name, text, parts] of rows) {
    test(name, () => assert.deepEqual(cut(text), parts));
  }

  const broken: readonly [string, string, DecodeErrorCode, RegExp][] = [
    ['nothing', '', 'TRUNCATED', /does not occur/],
    ['no closing boundary', '--B\r\n\r\nx\r\n--B\r\n', 'TRUNCATED', /without a closing/],
    ['lines that end with LF', '--B\n\nx\n--B--', 'TRUNCATED', /does not occur/],
    ['headers that do not end', '--B\r\nA: b\r\n--B--', 'TRUNCATED', /without an end/],
    ['a line that is no header', '--B\r\nA b\r\n\r\nx\r\n--B--', 'BAD_VALUE', /no header field/],
  ];
  for (const [name, text, code, detail] of broken) {
    test(`refused: ${name}`, () => {
      assertDecodeError(() => cut(text), code, detail);
    });
  }

  test('cut short anywhere it is an error', () => {
    const whole = request(octets.subarray(0, 3));
    for (let length = 0; length < whole.length - 2; length += 1) {
      assertDecodeError(() => readMultipart(whole.subarray(0, length), 'B'), 'TRUNCATED', /./);
    }
  });

  const part = fc.record(
    {
      headers: fc.array(fc.tuple(fc.constantFrom('A', 'b-c'), fc.constantFrom('x', '', 'y: z'))),
      body: fc.uint8Array(),
    },
    { noNullPrototype: true },
  );
  /** Octets that are made of what cuts parts. */
  const tricky = fc.array(fc.constantFrom('\r\n', '--', 'B', '\n', '-', ' ', 'x', ':', '\r'), {
    maxLength: 30,
  });

  test('any parts survive a round trip', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const boundary = chooseBoundary(parts.map(({ body }) => body));
        const read = readMultipart(writeMultipart(parts, boundary), boundary);
        assert.deepEqual(read, parts);
      }),
    );
  });

  test('any octets give parts or a DecodeError, and the parts lie within', () => {
    fc.assert(
      fc.property(tricky, (pieces) => {
        const body = bytes(pieces.join(''));
        const parts = valueOrDecodeError(() => readMultipart(body, 'B', 3)) ?? [];
        const inside = parts.reduce((sum, each) => sum + each.body.length, 0);
        assert.ok(inside <= body.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('the boundary is one that the bodies do not hold', () => {
    assert.equal(chooseBoundary([]), 'reveille-0-part');
    assert.equal(chooseBoundary([bytes('x--reveille-0-part')]), 'reveille-1-part');
    assert.throws(() => writeMultipart([], 'B '), ValueError);
    assert.deepEqual(["'()+_,-./:=? x", 'B', ''].map(isBoundary), [true, true, false]);
  });
});

describe('RFC 5322 §2.2: header fields', () => {
  const read = (text: string) => readHeaderBlock(bytes(text), 0, 'x');

  test('names, values without white space around them, folded lines', () => {
    assert.deepEqual(read('A: b\r\nC:\t d \r\nE : \r\nF: g\r\n  h\r\n\ti\r\n\r\nbody'), {
      headers: [
        ['A', 'b'],
        ['C', 'd'],
        ['E', ''],
        ['F', 'g h i'],
      ],
      end: 37,
    });
  });

  const broken: readonly [string, string, DecodeErrorCode, RegExp][] = [
    ['no end', 'A: b\r\n', 'TRUNCATED', /without an end/],
    ['LF alone', 'A: b\n\n', 'BAD_VALUE', /end with CR LF/],
    ['CR within', 'A: b\rc\r\n\r\n', 'BAD_VALUE', /control character/],
    ['a name with a space', 'A b: c\r\n\r\n', 'BAD_VALUE', /no header field/],
    ['a fold at the start', ' A: b\r\n\r\n', 'BAD_VALUE', /folded line/],
    ['too many', 'A: b\r\n'.repeat(65), 'LIMIT', /64 header fields/],
    ['too long', `A: ${'b'.repeat(20_000)}\r\n\r\n`, 'LIMIT', /16384/],
  ];
  for (const [name, text, code, detail] of broken) {
    test(`refused: ${name}`, () => {
      assertDecodeError(() => read(text), code, detail);
    });
  }

  test('a header that would break out is not written', () => {
    for (const header of [
      ['A', 'b\r\nC: d'],
      ['A:', 'b'],
      ['A', '€'],
      ['', 'b'],
    ] as const) {
      assert.throws(() => writeHeaderBlock([header]), ValueError);
    }
    assert.equal(writeHeaderBlock([['A', 'b\tc']]), 'A: b\tc\r\n\r\n');
  });
});

test('RFC 2045 §5.1: media types with parameters', () => {
  const rows: readonly [string, string | undefined, Readonly<Record<string, string>>][] = [
    ['a/b', 'a/b', {}],
    [' A/B ;', 'a/b', {}],
    ['a/b; C=d; e="f;\\"g"', 'a/b', { c: 'd', e: 'f;"g' }],
    ['a/b;c = "" ; ; d=e', 'a/b', { c: '', d: 'e' }],
    [
      'application/vnd.syncml.dm+wbxml; SEC=USERPIN; MAC=0A1B',
      'application/vnd.syncml.dm+wbxml',
      { sec: 'USERPIN', mac: '0A1B' },
    ],
    ['a', undefined, {}],
    ['a/b c', undefined, {}],
    ['a/b; c', undefined, {}],
    ['a/b; c="d', undefined, {}],
    ['a/b; c=d; C=e', undefined, {}],
    [`a/b; c=${'d'.repeat(2000)}`, undefined, {}],
  ];
  for (const [text, mime, parameters] of rows) {
    assert.deepEqual(parseMimeType(text), mime === undefined ? undefined : { mime, parameters }, text);
  }
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '/', ';', '=', '"', '\\', ' ') }), (text) => {
      const { parameters = {} } = parseMimeType(text) ?? {};
      assert.ok(Object.keys(parameters).every((name) => name !== ''));
    }),
  );
});
