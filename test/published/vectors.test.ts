// The published vectors: they are what the script makes, their form is the schema's, and our own code holds each of them, in both
// directions where there are two.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Check } from 'typebox/schema';
import { textOfFile, vectorFiles } from '../../scripts/vectors/files.ts';
import {
  type DecodeOptions,
  decodeNotification,
  digestMd5,
  digestSha256,
  encodeNotification,
  md5CredentialHash,
  parseNotification,
  verifyNotification,
} from '../../src/codec/notification/index.ts';
import { decodeTpdu, decodeUserData, encodeUserData, segmentDatagram } from '../../src/codec/sms/index.ts';
import { decodePush } from '../../src/codec/wsp/index.ts';
import {
  decodeRecords,
  RecordProtection,
  tripleDesSuite,
  type WtlsSide,
} from '../../src/codec/wtls/index.ts';
import { type Annotation, bytesToHex, DecodeError, hexToBytes } from '../../src/core/index.ts';
import { nodeWtlsCrypto } from '../../src/push/waps/index.ts';
import {
  type BootstrapSecret,
  bootstrapKey,
  imsiOctets,
  isRefused,
  openMessage,
  PublicKey,
  SharedKey,
  TransportPrivateKey,
  verifyBootstrapMac,
  verifyUserPinMac,
  WrappingKey,
} from '../../src/security/index.ts';
import { folder, names, ofKind, text, textOf, vectors } from './files.ts';

test('the files are what scripts/vectors.ts makes', () => {
  const made = vectorFiles();
  assert.deepEqual([...names].sort(), Object.keys(made).sort());
  for (const [name, content] of Object.entries(made))
    assert.equal(textOf(name), textOfFile(content), `${name}: node scripts/vectors.ts`);
});

test('README.md names every kind, and each member of its inputs and of what is expected', () => {
  const rows = readFileSync(join(folder, 'README.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, kinds, inputs, , expected] = line.split('|').length === 6 ? line.split('|') : [];
      const [first = '', ...others] = [...(kinds ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
      const stem = first.slice(0, first.lastIndexOf('-'));
      const names = [first, ...others.map((name) => (name.startsWith('-') ? stem + name : name))];
      return expected === undefined ? [] : [{ names, inputs: inputs ?? '', expected }];
    });
  for (const { kind, inputs, expected } of vectors) {
    const row = rows.find(({ names: all }) => all.includes(kind));
    assert.ok(row !== undefined, kind);
    for (const name of Object.keys(inputs)) assert.ok(row.inputs.includes(`\`${name}\``), `${kind}: ${name}`);
    for (const name of Object.keys(expected))
      assert.ok(row.expected.includes(`\`${name}\``), `${kind}: ${name}`);
  }
});

test('ids are unique, and every file is as the schema says', () => {
  assert.equal(new Set(vectors.map(({ id }) => id)).size, vectors.length);
  const schema = JSON.parse(readFileSync(join(folder, 'schema.json'), 'utf8'));
  for (const name of names) assert.ok(Check(schema, JSON.parse(textOf(name))), name);
  const [first] = vectors;
  for (const broken of [
    { ...first, octets: 'ABC' },
    { ...first, kind: 'x' },
    { ...first, more: 1 },
  ]) {
    assert.equal(Check(schema, { $schema: './schema.json', about: '', vectors: [broken] }), false);
  }
});

test('every kind is in the page and has a vector', () => {
  const schema = JSON.parse(readFileSync(join(folder, 'schema.json'), 'utf8'));
  const kinds: readonly string[] = schema.properties.vectors.items.properties.kind.enum;
  assert.deepEqual([...new Set(vectors.map(({ kind }) => kind))].sort(), [...kinds].sort());
});

const optionsOf = (inputs: Readonly<Record<string, unknown>>): DecodeOptions =>
  inputs.contentTypeCode === undefined ? {} : { contentTypeCode: Number(inputs.contentTypeCode) };

for (const { id, inputs, octets, expected } of ofKind('package0')) {
  test(id, () => {
    const bytes = hexToBytes(octets);
    const fields: Annotation[] = [];
    const decoded = decodeNotification(bytes, {
      ...optionsOf(inputs),
      annotate: (each) => fields.push(each),
    });
    assert.equal(decoded.format, expected.format);
    assert.deepEqual(decoded.message, expected.message);
    assert.equal(bytesToHex(decoded.digest), expected.digest);
    assert.deepEqual(
      decoded.deviations.map(({ field, value }) => ({ field, value })),
      expected.deviations,
    );
    assert.deepEqual(
      fields.map(({ meaning: _, ...field }) => field),
      expected.fields,
    );
    if (inputs.secret === undefined) return;
    const key = {
      secret: text(inputs, 'secret'),
      ...(inputs.nonce === undefined ? {} : { nonce: hexToBytes(text(inputs, 'nonce')) }),
      ...(inputs.identifier === undefined ? {} : { identifier: text(inputs, 'identifier') }),
    };
    assert.equal(verifyNotification(decoded, key), expected.verdict);
    if (decoded.deviations.length > 0 || expected.verdict === null) return;
    const { nonce: _, ...withoutNonce } = key;
    const message = parseNotification(expected.message);
    assert.equal(
      bytesToHex(encodeNotification(message, expected.verdict === 'default' ? withoutNonce : key)),
      octets,
    );
  });
}

/** Where an error is, as the vectors of refused octets say it. */
function placeOf(run: () => unknown): Readonly<Record<string, unknown>> {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    const { path, offset, bit } = error.at;
    return {
      code: error.code,
      field: path,
      offset,
      bit,
      section: `${error.spec.doc} §${error.spec.section}`,
    };
  }
  assert.fail('it is read');
}

for (const { id, kind, inputs, octets, expected } of ofKind(
  'package0-refused',
  'wsp-push-refused',
  'sms-user-data-refused',
)) {
  test(id, () => {
    const bytes = hexToBytes(octets);
    const place = placeOf(() => {
      if (kind === 'package0-refused') decodeNotification(bytes, optionsOf(inputs));
      else if (kind === 'wsp-push-refused') decodePush(bytes);
      else decodeUserData(bytes);
    });
    assert.partialDeepStrictEqual(place, expected);
  });
}

test('digests by nonce, and the one of dm1.3', () => {
  for (const { id, inputs, octets, expected } of ofKind('digest-md5')) {
    const hash = md5CredentialHash(text(inputs, 'serverId'), text(inputs, 'secret'));
    assert.equal(hash, expected.credentialHash, id);
    assert.equal(
      bytesToHex(digestMd5(hash, hexToBytes(text(inputs, 'nonce')), hexToBytes(octets))),
      expected.digest,
      id,
    );
  }
  for (const { id, inputs, octets, expected } of ofKind('digest-sha256')) {
    const [bytes, header] = [hexToBytes(octets), Number(inputs.headerOctets)];
    const digest = digestSha256(text(inputs, 'secret'), bytes.subarray(0, header), bytes.subarray(header));
    assert.equal(bytesToHex(digest), expected.digest, id);
  }
});

test('WSP pushes', () => {
  for (const { id, octets, expected } of ofKind('wsp-push')) {
    const { contentType, headers, body, ...read } = decodePush(hexToBytes(octets));
    const seen = {
      ...read,
      contentType: { ...contentType },
      headers: headers.length,
      body: bytesToHex(body),
    };
    assert.deepEqual(JSON.parse(JSON.stringify(seen)), expected, id);
  }
});

test('user data, segments and TPDUs, written and read', () => {
  for (const { id, octets, expected } of ofKind('sms-user-data')) {
    const { header, payload } = decodeUserData(hexToBytes(octets));
    assert.equal(bytesToHex(payload), expected.payload, id);
    assert.deepEqual(header.ports === undefined ? undefined : { ...header.ports }, expected.ports, id);
    assert.deepEqual(
      header.concatenation === undefined ? undefined : { ...header.concatenation },
      expected.concatenation,
      id,
    );
    assert.deepEqual(decodeUserData(encodeUserData(header, payload)).header, header, id);
  }
  for (const { id, inputs, octets, expected } of ofKind('sms-segments')) {
    const options = inputs as unknown as Parameters<typeof segmentDatagram>[1];
    assert.deepEqual(segmentDatagram(hexToBytes(octets), options).map(bytesToHex), expected.segments, id);
  }
  for (const { id, octets, expected, inputs } of ofKind('sms-tpdu')) {
    const tpdu = decodeTpdu(hexToBytes(octets), { serviceCentre: false });
    assert.partialDeepStrictEqual(tpdu, expected, id);
    assert.ok(octets.endsWith(text(inputs, 'userData')), id);
  }
});

test('bootstrap MACs, also in lower case, and not those of another document', () => {
  for (const { id, inputs, octets, expected } of ofKind('bootstrap-mac')) {
    const { sec, pin, imsi, profile } = inputs as Readonly<Record<string, string>>;
    const secret = {
      sec,
      ...(pin === undefined ? {} : { pin }),
      ...(imsi === undefined ? {} : { network: imsiOctets(imsi) }),
      ...(profile === undefined ? {} : { joined: profile }),
    } as BootstrapSecret;
    const mac = text(expected, 'mac');
    assert.equal(bytesToHex(bootstrapKey(secret)), expected.key, id);
    assert.equal(verifyBootstrapMac(hexToBytes(octets), mac.toLowerCase(), secret), 'accepted', id);
    assert.equal(verifyBootstrapMac(hexToBytes(`${octets}00`), mac, secret), 'wrong', id);
  }
  for (const { id, octets, expected } of ofKind('bootstrap-userpinmac')) {
    assert.equal(verifyUserPinMac(hexToBytes(octets), text(expected, 'told')), 'accepted', id);
  }
});

for (const { id, inputs, octets, expected } of ofKind('signed-message', 'encrypted-message')) {
  test(id, () => {
    const verify =
      inputs.hmacKey === undefined
        ? new PublicKey(text(inputs, 'publicKey'))
        : new SharedKey(hexToBytes(text(inputs, 'hmacKey')));
    const decryptionKeys = [
      ...(inputs.wrappingKey === undefined ? [] : [new WrappingKey(hexToBytes(text(inputs, 'wrappingKey')))]),
      ...(inputs.privateKey === undefined ? [] : [new TransportPrivateKey(text(inputs, 'privateKey'))]),
    ];
    const opened = openMessage(hexToBytes(octets), () => [verify], { decryptionKeys });
    assert.ok(!isRefused(opened), isRefused(opened) ? opened.detail : '');
    assert.deepEqual([opened.serverId, opened.algorithm], [expected.serverId, inputs.algorithm]);
    assert.equal(bytesToHex(opened.contentDigest), expected.contentDigest);
    const other = openMessage(hexToBytes(octets), () => [new SharedKey(new Uint8Array(16))], {
      decryptionKeys,
    });
    assert.ok(isRefused(other));
  });
}

test('records of WTLS are opened, and sealed the same', () => {
  for (const { id, inputs, octets, expected } of ofKind('wtls-record')) {
    const octetsOf = (name: string): Uint8Array => hexToBytes(text(inputs, name));
    const secrets = {
      masterSecret: octetsOf('masterSecret'),
      clientRandom: octetsOf('clientRandom'),
      serverRandom: octetsOf('serverRandom'),
      suite: tripleDesSuite,
    };
    const side = text(inputs, 'side') as WtlsSide;
    const protection = new RecordProtection(nodeWtlsCrypto, secrets, side, Number(inputs.keyRefresh));
    const [record] = decodeRecords(hexToBytes(octets));
    assert.ok(record !== undefined);
    const fragment = protection.open(record);
    assert.equal(fragment && bytesToHex(fragment), expected.fragment, id);
    const sealed = protection.seal(
      record.contentType,
      Number(inputs.sequenceNumber),
      hexToBytes(text(expected, 'fragment')),
    );
    assert.equal(bytesToHex(sealed), octets, id);
  }
});
