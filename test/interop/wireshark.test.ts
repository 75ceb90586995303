// The dissector in Debian's tshark against our own decoder: the same fields with the same places and values, the same words
// for what is unusual or wrong, for vectors, messages of all kinds, and octets that are damaged on purpose.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import fc from 'fast-check';
import {
  decodeNotification,
  encodeNotification,
  notificationFormats,
  verifyNotification,
} from '../../src/codec/notification/index.ts';
import {
  type Annotation,
  bytesToBase64,
  bytesToHex,
  DecodeError,
  type Deviation,
  hexToBytes,
} from '../../src/core/index.ts';
import { anyMessage, encodeFull, key, package0Of, vectors } from '../codec/notification/support.ts';
import { bare, Captures, type PdmlField } from './wireshark-lua.ts';

const captures = new Captures();
after(() => captures.close());

/** Fields of the dissector that no field of the message is. */
const beside = new Set([
  'package0',
  'package0.format',
  'package0.digest.status',
  'package0.unread',
  '_ws.malformed',
]);

interface Reading {
  readonly annotations: readonly Annotation[];
  readonly deviations: readonly Deviation[];
  readonly error: DecodeError | undefined;
}

/** What our decoder says; of a message that it refuses, the fields before. */
function ours(octets: Uint8Array): Reading {
  const annotations: Annotation[] = [];
  try {
    const { deviations } = decodeNotification(octets, { annotate: (each) => annotations.push(each) });
    return { annotations, deviations, error: undefined };
  } catch (error) {
    assert.ok(error instanceof DecodeError);
    return { annotations, deviations: [], error };
  }
}

const nameOf = (field: string): string =>
  `package0.${field
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .replace(/-_?/g, '_')
    .replace(/^_/, '')
    .toLowerCase()}`;

function sameField(field: PdmlField | undefined, annotation: Annotation, octets: Uint8Array): void {
  const { offset, length, value, meaning } = annotation;
  assert.ok(field !== undefined, annotation.field);
  assert.deepEqual([field.name, field.offset, field.length], [nameOf(annotation.field), offset, length]);
  if (/^[0-9]+$/.test(value) && field.show !== '' && !field.show.includes(':')) {
    assert.equal(Number(field.show), Number(value), annotation.field);
    if (annotation.bits !== undefined) {
      const [pattern = ''] = /^[01.]{4} [01. ]+/.exec(field.showname) ?? [];
      const bits = pattern.replaceAll(' ', '');
      assert.equal(bits.search(/[01]/), annotation.bit, field.showname);
      assert.equal(bits.replaceAll('.', '').length, annotation.bits, field.showname);
    }
  } else if (length > 0) {
    assert.equal(field.value, bytesToHex(octets.subarray(offset, offset + length)), annotation.field);
  }
  // Wireshark cuts long lines.
  if (field.showname.length + meaning.length < 200) {
    assert.ok(field.showname.includes(meaning), `${field.showname} without ${meaning}`);
  }
}

function sameReading(seen: readonly PdmlField[], octets: Uint8Array): void {
  const { annotations, deviations, error } = ours(octets);
  const fields = seen.filter(({ name }) => !beside.has(name) && !name.startsWith('package0.expert.'));
  for (const [at, annotation] of annotations.entries()) sameField(fields[at], annotation, octets);
  assert.equal(fields.length, annotations.length);
  if (error === undefined) {
    assert.deepEqual(
      seen.filter(({ name }) => name === 'package0.expert.reserved').map(({ showname }) => showname),
      deviations.map(
        ({ field, message, offset, section }) => `${field}: ${message} (byte ${offset}; ${section})`,
      ),
    );
    assert.ok(!seen.some(({ name }) => name === '_ws.malformed'));
  } else {
    const fault = seen.find(({ name }) => name === `package0.expert.${error.code.toLowerCase()}`);
    assert.equal(fault?.showname, error.message);
  }
}

/** Each packet is read as we read it. */
function sameReadings(packets: readonly Uint8Array[]): void {
  const seen = captures.fields(captures.write(packets, bare.link), {}, bare.options);
  assert.equal(seen.length, packets.length);
  for (const [at, fields] of seen.entries()) {
    const octets = packets[at] ?? new Uint8Array();
    try {
      sameReading(fields, octets);
    } catch (error) {
      throw new Error(`packet ${at}: ${bytesToHex(octets)}`, { cause: error });
    }
  }
}

const sampled = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number): T[] =>
  fc.sample(arbitrary, { seed: 19, numRuns });

test('every field of every vector', () => sameReadings(vectors.messages.map(package0Of)));

for (const format of notificationFormats) {
  test(`every field of messages of all kinds: ${format}`, () =>
    sameReadings(sampled(anyMessage[format], 400).map((message) => encodeNotification(message, key))));

  test(`a message cut anywhere: ${format}`, () => {
    const full = encodeFull(format);
    sameReadings(Array.from({ length: full.length }, (_, at) => full.subarray(0, at + 1)));
  });

  test(`each octet changed, and octets put in: ${format}`, () => {
    const change = fc.record({ at: fc.nat(), octet: fc.nat(255), insert: fc.boolean() });
    const damaged = sampled(
      fc.tuple(anyMessage[format], fc.array(change, { minLength: 1, maxLength: 3 })),
      500,
    );
    const full = encodeFull(format);
    const each = [...full.keys()].flatMap((at) =>
      [0x01, 0x10, 0x80, 0xff].map((bits) => full.with(at, (full[at] ?? 0) ^ bits)),
    );
    sameReadings([
      ...each,
      ...damaged.map(([message, changes]) => {
        const octets = [...encodeNotification(message, key)];
        for (const { at, octet, insert } of changes) octets.splice(at % octets.length, insert ? 0 : 1, octet);
        return Uint8Array.from(octets);
      }),
    ]);
  });
}

test('any octets', () => sameReadings(sampled(fc.uint8Array({ minLength: 1, maxLength: 80 }), 300)));

/** Numbers of the digest's verdict. */
const verdicts = { given: '1', default: '2', null: '3' } as const;
const verdictOf = (fields: readonly PdmlField[] | undefined): string | undefined =>
  fields?.find(({ name }) => name === 'package0.digest.status')?.show;

test('without a secret no digest is checked', () => {
  const capture = captures.write(notificationFormats.map(encodeFull), bare.link);
  assert.deepEqual(captures.fields(capture, {}, bare.options).map(verdictOf), ['0', '0', '0']);
});

test('digests of the vectors hold under their own secret and nonce, and under no other', () => {
  const signed = vectors.messages.filter(({ secret }) => secret !== null);
  const keys = new Map(signed.map(({ secret, nonce }) => [`${secret}/${nonce}`, { secret, nonce }]));
  assert.ok(keys.size > 1);
  const capture = captures.write(signed.map(package0Of), bare.link);
  for (const { secret, nonce } of keys.values()) {
    const octets = hexToBytes(nonce ?? '');
    for (const text of [`0x${bytesToHex(octets)}`, bytesToBase64(octets)]) {
      const seen = captures
        .fields(capture, { secret: secret ?? '', nonce: text }, bare.options)
        .map(verdictOf);
      const wanted = signed.map((vector) => {
        const nonceGiven = octets.length === 0 ? {} : { nonce: octets };
        const held = verifyNotification(decodeNotification(package0Of(vector)), {
          secret: secret ?? '',
          ...nonceGiven,
        });
        return verdicts[`${held}`];
      });
      assert.deepEqual(seen, wanted);
    }
  }
});

test('digests of any message, secret, nonce and identifier; one bit of the message changed', () => {
  const nonce = hexToBytes('4c6de265086176628d1e003a');
  const secret = 'größer "und" länger\\';
  const messages = notificationFormats.flatMap((format) => sampled(anyMessage[format], 40));
  const packets = messages.map((message, at) =>
    encodeNotification(message, {
      secret,
      ...(at % 3 === 1 ? {} : { nonce }),
      ...(at % 4 === 1 ? { identifier: 'account' } : {}),
    }),
  );
  const changed = packets.map((octets) => octets.with(octets.length - 1, (octets.at(-1) ?? 0) ^ 1));
  const capture = captures.write([...packets, ...changed], bare.link);
  for (const identifier of [undefined, 'account']) {
    const preferences = { secret, nonce: bytesToBase64(nonce), ...(identifier && { identifier }) };
    const seen = captures.fields(capture, preferences, bare.options);
    let good = 0;
    for (const [at, octets] of [...packets, ...changed].entries()) {
      if (ours(octets).error !== undefined) continue;
      const held = verifyNotification(decodeNotification(octets), {
        secret,
        nonce,
        ...(identifier && { identifier }),
      });
      assert.equal(verdictOf(seen[at]), verdicts[`${held}`], bytesToHex(octets));
      const experts = seen[at]?.map(({ name }) => name) ?? [];
      assert.equal(experts.includes('package0.expert.digest'), held === null);
      assert.equal(experts.includes('package0.expert.default_nonce'), held === 'default');
      if (held !== null) good += 1;
    }
    assert.ok(good > 20, `${good} digests hold`);
  }
});

test('a nonce that is neither Base64 nor hex is said', () => {
  const capture = captures.write([encodeFull('dm1.2')], bare.link);
  for (const [nonce, said] of [
    ['0xabc', true],
    ['AAA!', true],
    ['0x00000000', false],
  ] as const) {
    const [seen = []] = captures.fields(capture, { secret: 'secret', nonce }, bare.options);
    assert.equal(
      seen.some(({ name }) => name === 'package0.expert.nonce'),
      said,
      nonce,
    );
  }
});

test('the display filters that the documentation gives are known, and find what they say', () => {
  const page = readFileSync(new URL('../../docs/wireshark.md', import.meta.url), 'utf8');
  const filters = [...page.matchAll(/ -Y '([^']+)'/g)].map(([, filter = '']) => filter);
  assert.ok(filters.includes('package0 && _ws.expert'), filters.join());
  const whole = vectors.messages.map(package0Of)[0] ?? new Uint8Array();
  const capture = captures.write([whole, whole.subarray(0, 20)], bare.link);
  const frames = (filter: string): string =>
    captures.tshark(capture, [...bare.options, '-Y', filter, '-T', 'fields', '-e', 'frame.number']).trim();
  for (const filter of filters) frames(filter);
  assert.equal(frames('package0 && _ws.expert'), '2');
});
