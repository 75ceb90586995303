import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeSipMessage,
  encodeSipMessage,
  formatNameAddr,
  formatSipUri,
  formatVia,
  listOf,
  parseSipUri,
  quote,
  readChallenges,
  readCoreFields,
  readCredentials,
  readMediaType,
  readNameAddr,
  readSipUri,
  readVia,
  type SipHeader,
  type SipMessage,
  SipStreamReader,
  splitList,
  unquote,
  wantedApplicationIds,
} from '../../../src/codec/sip/index.ts';
import { concatBytes, DecodeError, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import vectors from '../../vectors/sip.json' with { type: 'json' };
import { octetsOf } from './support.ts';

const token = fc.stringMatching(/^[A-Za-z0-9\-.!%*_+`'~]{1,12}$/);
// White space around a value is not part of it, and no name of a known header field, so that what is read is what was written.
const value = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replace(/\p{Cc}|\p{Cs}/gu, '').replace(/^[ \t]+|[ \t]+$/g, ''));
const header: fc.Arbitrary<SipHeader> = fc.record(
  { name: token.map((text) => `X-${text}`), value },
  { noNullPrototype: true },
);
const rest = { headers: fc.array(header, { maxLength: 8 }), body: fc.uint8Array({ maxLength: 300 }) };
const message: fc.Arbitrary<SipMessage> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('request' as const),
      method: token,
      requestUri: fc.stringMatching(/^[\x21-\x7e]{1,40}$/),
      ...rest,
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('response' as const),
      status: fc.integer({ min: 100, max: 699 }),
      reason: value,
      ...rest,
    },
    { noNullPrototype: true },
  ),
);
const user = fc.stringMatching(/^([a-z0-9\-_.!~*'()&=+$,;?/]|%[0-9A-F]{2}){1,12}$/);
const host = fc.oneof(
  fc.domain().map((text) => text.toLowerCase()),
  fc.ipV4(),
  fc.constantFrom('::1', '2001:db8::7'),
);
const parameters = fc
  .uniqueArray(
    fc.tuple(
      fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
      fc.option(fc.stringMatching(/^[a-zA-Z0-9:_.-]{1,12}$/)),
    ),
    {
      selector: ([name]) => name,
      maxLength: 5,
    },
  )
  .map((entries) => new Map(entries));

function withoutOffsets(one: SipMessage): SipMessage {
  const headers = one.headers.map(({ name, value: text }) => ({ name, value: text }));
  return { ...one, headers };
}

test('RFC 3261 §7: any message survives a round trip, as datagram and in a stream', () => {
  fc.assert(
    fc.property(message, (one) => {
      const octets = encodeSipMessage(one);
      const read = withoutOffsets(decodeSipMessage(octets));
      const length = { name: 'Content-Length', value: String(one.body.length) };
      assert.deepEqual(read, { ...one, headers: [...one.headers, length] });
      const reader = new SipStreamReader();
      reader.push(concatBytes(octets, octets));
      for (let count = 0; count < 2; count += 1) {
        const item = reader.next();
        assert.ok(item?.kind === 'message');
        assert.deepEqual(withoutOffsets(item.message), read);
      }
      assert.equal(reader.next(), undefined);
    }),
  );
});

test('RFC 3261 §19.1, §20: any URI, address, Via and quoted string survives a round trip', () => {
  fc.assert(
    fc.property(
      fc.option(user),
      host,
      fc.option(fc.integer({ min: 1, max: 65535 })),
      parameters,
      value,
      (u, h, p, ps, name) => {
        const uri = {
          scheme: 'sip' as const,
          ...(u === null ? {} : { user: u }),
          host: h,
          ...(p === null ? {} : { port: p }),
          parameters: ps,
        };
        const text = formatSipUri(uri);
        assert.deepEqual(parseSipUri(text), uri);
        const displayName = name === '' ? {} : { displayName: name };
        const address = { ...displayName, uri: text, parameters: ps };
        const field = { text: formatNameAddr(address), path: 'From', offset: 0 };
        assert.deepEqual(readNameAddr(field), address);
        assert.equal(splitList({ ...field, text: `${field.text}, ${field.text}` }).length, 2);
        const via = { transport: 'UDP', host: h, ...(p === null ? {} : { port: p }), parameters: ps };
        assert.deepEqual(readVia({ text: formatVia(via), path: 'Via', offset: 0 }), via);
        assert.equal(unquote(quote(name)), name);
      },
    ),
  );
});

/** Calls `read` and lets nothing but a DecodeError pass that points into the input. */
function readsOrExplains(read: () => unknown, length: number): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    assert.ok(error.at.offset >= 0 && error.at.offset <= length, `${error.at.offset} of ${length}`);
  }
}

function readAll(octets: Uint8Array): void {
  readsOrExplains(() => {
    const one = decodeSipMessage(octets);
    readsOrExplains(() => readCoreFields(one), octets.length);
    readsOrExplains(() => wantedApplicationIds(one), octets.length);
    for (const name of ['Contact', 'Require', 'Accept', 'WWW-Authenticate']) {
      readsOrExplains(() => listOf(one, name), octets.length);
    }
  }, octets.length);
  const reader = new SipStreamReader();
  reader.push(octets);
  readsOrExplains(() => {
    while (reader.next() !== undefined);
  }, octets.length);
}

test('any octets are read or explained', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), readAll));
});

test('any change of a message is read or explained', () => {
  const samples = vectors.messages.map((vector) => octetsOf(vector.lines, hexToBytes(vector.bodyHex)));
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(1000), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      fc.nat(1000),
      (sample, changes, cut) => {
        const octets = Uint8Array.from(sample);
        for (const [at, octet] of changes) octets[at % octets.length] = octet;
        readAll(octets);
        readAll(octets.subarray(0, cut % octets.length));
      },
    ),
    { numRuns: 300 },
  );
});

test('any text as the value of a header field is read or explained', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '"',
    '\\',
    ';',
    ',',
    '=',
    ' ',
    '\t',
    ':',
    '/',
    '@',
    '*',
    'sip:a@b',
    'Digest',
    'é',
    '2.0',
  );
  const text = fc.oneof(
    value,
    fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (one) => {
      const field = { text: one, path: 'X', offset: 0 };
      const { length } = utf8ToBytes(one);
      for (const read of [
        readNameAddr,
        readVia,
        readSipUri,
        readMediaType,
        readChallenges,
        readCredentials,
        splitList,
      ]) {
        readsOrExplains(() => read(field), length);
      }
    }),
    { numRuns: 500 },
  );
});
