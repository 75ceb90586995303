// Bodies that are compressed, by zlib itself, and quoted-printable: they are read, within bounds.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync, constants as zlib } from 'node:zlib';
import fc from 'fast-check';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { mostPlain, unquoted, withoutCoding } from '../../../src/inspect/codings/content-coding.ts';
import { explainOctets } from '../../../src/inspect/index.ts';

const package0 = hexToBytes(
  '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const mime = 'application/vnd.syncml.notification';
const http = (coding: string, body: Uint8Array): Uint8Array =>
  concatBytes(
    utf8ToBytes(
      `POST /push HTTP/1.1\r\nContent-Type: ${mime}\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`,
    ),
    body,
  );
const plainOf = (octets: Uint8Array, coding: string): string => {
  const decoded = withoutCoding(octets, coding);
  return decoded !== undefined && 'plain' in decoded && decoded.fault === undefined
    ? bytesToHex(decoded.plain)
    : (decoded?.fault ?? '');
};

describe('compressed bodies', () => {
  const cases: readonly (readonly [coding: string, body: Uint8Array])[] = [
    ['gzip', gzipSync(package0)],
    ['x-gzip', gzipSync(package0)],
    ['deflate', deflateSync(package0)],
    ['Deflate', deflateRawSync(package0)],
  ];
  for (const [coding, body] of cases) {
    it(`are a layer, and what they hold is another: ${coding}, ${body.length} octets`, () => {
      const [explained] = explainOctets(http(coding, body), { key: { secret: 'secret' } });
      const names = explained?.explanation.layers.map(({ name }) => name);
      assert.deepEqual(names, ['http', 'content', 'package0']);
      assert.equal(explained?.explanation.verified, true);
      assert.deepEqual(explained?.explanation.deviations, []);
    });
  }

  it('of any octets, at any level and strategy, are what zlib had', () => {
    const levels = fc.constantFrom(0, 1, 6, 9);
    const strategies = fc.constantFrom(
      zlib.Z_DEFAULT_STRATEGY,
      zlib.Z_HUFFMAN_ONLY,
      zlib.Z_RLE,
      zlib.Z_FIXED,
    );
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc
        .array(fc.constantFrom('abc', 'abcd', ' ', '\n', 'xyz'), { maxLength: 4000 })
        .map((words) => utf8ToBytes(words.join(''))),
    );
    fc.assert(
      fc.property(bodies, levels, strategies, (body, level, strategy) => {
        assert.equal(plainOf(gzipSync(body, { level, strategy }), 'gzip'), bytesToHex(body));
        assert.equal(plainOf(deflateSync(body, { level, strategy }), 'deflate'), bytesToHex(body));
      }),
      { numRuns: 60 },
    );
    const long = Uint8Array.from({ length: 200_000 }, (_, at) => (at * at) >> 7);
    assert.equal(plainOf(gzipSync(long), 'gzip'), bytesToHex(long));
  });

  it('are not read beyond their bound', () => {
    assert.match(plainOf(gzipSync(new Uint8Array(mostPlain + 1)), 'gzip'), /more than 1048576 octets/);
    assert.equal(plainOf(gzipSync(new Uint8Array(mostPlain)), 'gzip').length, mostPlain * 2);
    const bomb = http('gzip', gzipSync(new Uint8Array(64 << 20)));
    const [explained] = explainOctets(bomb);
    assert.match(explained?.explanation.layers.at(-1)?.title ?? '', /cannot be read: they hold more/);
  });

  it('that are damaged say so, and never fail otherwise', () => {
    const whole = gzipSync(package0);
    const last = whole.length - 5;
    assert.match(plainOf(whole.with(last, (whole[last] ?? 0) ^ 1), 'gzip'), /checksum/);
    for (let end = 0; end < whole.length; end += 1) {
      assert.match(plainOf(whole.subarray(0, end), 'gzip'), /cut/, String(end));
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('gzip', 'deflate'), (octets, coding) => {
        const head = coding === 'gzip' ? hexToBytes('1f8b0800000000000003') : new Uint8Array(0);
        assert.ok(withoutCoding(concatBytes(head, octets), coding) !== undefined);
      }),
      { numRuns: 2000 },
    );
    const [explained] = explainOctets(http('br', package0));
    assert.match(explained?.explanation.layers.at(-1)?.title ?? '', /in br, which is not read/);
  });
});

describe('quoted-printable', () => {
  it('is what RFC 2045 §6.7 says', () => {
    const text = (value: string): string => new TextDecoder('latin1').decode(unquoted(utf8ToBytes(value)));
    assert.equal(
      text("Now's the time =\r\nfor all folk to come=\r\n to the aid"),
      "Now's the time for all folk to come to the aid",
    );
    assert.equal(text('=3D=e9 \r\nx=20\r\n=ZZ'), '=\u00e9\r\nx \r\n=ZZ');
  });

  it('of a part of a body is read', () => {
    const spelled = [...package0]
      .map((octet) => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`)
      .join('');
    const lines = spelled.replace(/(.{72})/g, '$1=\r\n');
    const body = utf8ToBytes(
      `--b\r\nContent-Type: ${mime}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${lines}\r\n--b--\r\n`,
    );
    const head = `POST / HTTP/1.1\r\nContent-Type: multipart/mixed; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`;
    const [explained] = explainOctets(concatBytes(utf8ToBytes(head), body), {
      key: { secret: 'secret' },
    });
    assert.equal(explained?.explanation.verified, true);
  });
});
