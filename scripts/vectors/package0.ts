// Vectors of Package #0: the three formats with digests, what is let pass, and what is refused.
import {
  contentTypeOf,
  decodeNotification,
  defaultNonce,
  digestMd5,
  digestSha256,
  encodeNotification,
  md5CredentialHash,
  type NotificationInput,
  verifyNotification,
} from '../../src/codec/notification/index.ts';
import { type Annotation, bytesToHex, DecodeError, hexToBytes } from '../../src/core/index.ts';
import examples from '../../test/vectors/notification.json' with { type: 'json' };
import type { Vector } from './vector.ts';

interface Key {
  readonly secret: string | null;
  readonly nonce?: string | null | undefined;
  readonly identifier?: string;
}

const field = ({ offset, length, bit, bits, field: name, value, section }: Annotation) => ({
  ...{ field: name, offset, length },
  ...(bit === undefined ? {} : { bit, bits }),
  ...{ value, section },
});

/** The vector of octets that are read, with every field. */
function read(id: string, source: string, octets: Uint8Array, key: Key, code?: number): Vector {
  const fields: Annotation[] = [];
  const decoded = decodeNotification(octets, {
    annotate: (each) => fields.push(each),
    ...(code === undefined ? {} : { contentTypeCode: code }),
  });
  const { secret, nonce, identifier } = key;
  const given = {
    ...(nonce ? { nonce: hexToBytes(nonce) } : nonce === '' ? { nonce: new Uint8Array() } : {}),
  };
  const verdict =
    secret === null
      ? undefined
      : verifyNotification(decoded, {
          secret,
          ...given,
          ...(identifier === undefined ? {} : { identifier }),
        });
  return {
    id,
    kind: 'package0',
    source,
    checkers: secret === null ? ['tshark'] : ['check.py', 'tshark'],
    inputs: {
      ...(code === undefined ? {} : { contentTypeCode: code }),
      ...(secret === null ? {} : { secret }),
      ...(typeof nonce === 'string' ? { nonce } : {}),
      ...(identifier === undefined ? {} : { identifier }),
    },
    octets: bytesToHex(octets),
    expected: {
      ...{ format: decoded.format, message: decoded.message, digest: bytesToHex(decoded.digest) },
      ...(verdict === undefined ? {} : { verdict }),
      ...{ deviations: decoded.deviations.map(({ field: name, value }) => ({ field: name, value })) },
      fields: fields.map(field),
    },
  };
}

/** The vector of octets that are none. */
function refused(id: string, source: string, octets: Uint8Array, code?: number): Vector {
  try {
    decodeNotification(octets, code === undefined ? {} : { contentTypeCode: code });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { path, offset, bit } = error.at;
    return {
      ...{ id, kind: 'package0-refused', source, checkers: ['tshark'] },
      inputs: code === undefined ? {} : { contentTypeCode: code },
      octets: bytesToHex(octets),
      expected: {
        code: error.code,
        field: path,
        offset,
        bit,
        section: `${error.spec.doc} §${error.spec.section}`,
      },
    };
  }
  throw new Error(`${id} is read`);
}

const secret = 'secret';
const awkwardNonce = '4c003a6de265086176628d1e';

const full: Readonly<Record<string, NotificationInput>> = {
  'dm1.2': {
    ...{ format: 'dm1.2', serverId: 'com.mgmtsrv.manage', sessionId: 0xffff, uiMode: 'user-interaction' },
    ...{ initiator: 'server', vendorData: '00ff80c3' },
  },
  'dm1.3-2010': {
    ...{ format: 'dm1.3-2010', serverId: 'größe.example', sessionId: 0x8001, uiMode: 'informative' },
    ...{ initiator: 'server', transport: 'https', authType: 'hmac', sendDevDetail: true, timeoutDays: 7 },
    ...{ moIdentifier: 'urn:oma:mo:oma-fumo:1.0', reason: '', vendorData: 'c0ffee' },
  },
  'dm1.3': {
    ...{
      format: 'dm1.3',
      serverId: 'com.mgmtsrv.manage',
      sessionId: 1,
      uiMode: 'informative',
      initiator: 'user',
    },
    ...{
      transport: 'wsp',
      timeoutMinutes: 65535,
      timestamp: 0xffffffff,
      targetedMo: [0x8001],
      requestedMo: [1, 65535],
    },
    ...{ preferredBearer: ['wlan'], reason: 'größer\r\nzwei', vendorInfo: 'v' },
  },
};

/** Octets with these bits set as well, signed again. */
function changed(message: NotificationInput, at: number, bits: number): Uint8Array {
  const octets = encodeNotification(message, { secret });
  octets[at] = (octets[at] ?? 0) | bits;
  if (message.format === 'dm1.3') {
    const signed = octets.subarray(0, -32);
    octets.set(digestSha256(secret, signed.subarray(0, 12), signed.subarray(12)), signed.length);
  } else {
    const hash = md5CredentialHash(message.serverId, secret);
    octets.set(digestMd5(hash, defaultNonce, octets.subarray(16)));
  }
  return octets;
}

/** An MD5 form whose digest begins like dm1.3: the first counted nonce that gives one. */
function beginsLikeDm13(message: NotificationInput): { readonly octets: Uint8Array; readonly nonce: string } {
  for (let count = 0; ; count += 1) {
    const nonce = count.toString(16).padStart(8, '0');
    const octets = encodeNotification(message, { secret, nonce: hexToBytes(nonce) });
    if ((octets[0] ?? 0) >> 4 === 1) return { octets, nonce };
  }
}

function of(format: string): NotificationInput {
  const message = full[format];
  if (message === undefined) throw new Error(format);
  return message;
}

const plain = (format: string): NotificationInput =>
  ({ ...of(format), uiMode: 'not-specified' }) as NotificationInput;
const signed = (format: string): Uint8Array => encodeNotification(of(format), { secret });
const dm13 = (hex: string): Uint8Array => {
  const octets = hexToBytes(hex);
  const digest = digestSha256(secret, octets.subarray(0, 12), octets.subarray(12));
  return Uint8Array.from([...octets, ...digest]);
};

/** All of them. */
export function package0Vectors(): Vector[] {
  const ours = 'made by this project';
  const formats = Object.keys(full);
  const ambiguous = beginsLikeDm13(of('dm1.2'));
  const reserved = 'reserved bits, made by this project: let pass (DM-NOTI-1.2 §6.2.9, DM-NOTI-1.3 §6.4.6)';
  return [
    ...examples.messages.map(
      ({ name, origin, octets, package0At, contentTypeCode, secret: key, nonce }, at) =>
        read(
          `package0.example.${at + 1}`,
          `${name}: ${origin}`,
          hexToBytes(octets).subarray(package0At),
          { secret: key, nonce },
          contentTypeCode,
        ),
    ),
    ...formats.flatMap((format) => [
      read(`package0.${format}.full`, `${ours}: every field of ${format}`, signed(format), { secret }),
      read(
        `package0.${format}.nonce`,
        `${ours}: a nonce with 00 and 3A in it`,
        encodeNotification(of(format), { secret, nonce: hexToBytes(awkwardNonce) }),
        { secret, nonce: awkwardNonce },
      ),
      read(
        `package0.${format}.wrong-secret`,
        `${ours}: signed under another secret`,
        encodeNotification(of(format), { secret: 'Secret' }),
        { secret },
      ),
      read(
        `package0.${format}.code`,
        `${ours}: with the number of its content type`,
        signed(format),
        { secret },
        contentTypeOf(of(format).format).code,
      ),
    ]),
    read(
      'package0.nonce.default',
      `${ours}: a nonce is known, and the digest holds under the default one`,
      signed('dm1.2'),
      {
        ...{ secret, nonce: awkwardNonce },
      },
    ),
    read(
      'package0.nonce.empty',
      `${ours}: an empty nonce is a nonce`,
      encodeNotification(of('dm1.2'), { secret, nonce: new Uint8Array() }),
      { secret, nonce: '' },
    ),
    read(
      'package0.identifier',
      `${ours}: signed for a client that hashes its AAuthName`,
      encodeNotification(of('dm1.2'), { secret, identifier: 'account' }),
      { secret, identifier: 'account' },
    ),
    read('package0.begins-like-dm1.3', `${ours}: its digest begins with 1`, ambiguous.octets, {
      ...{ secret, nonce: ambiguous.nonce },
    }),
    read('package0.dm1.2.reserved', reserved, changed(of('dm1.2'), 19, 0xa5), { secret }),
    read('package0.dm1.3-2010.reserved', reserved, changed(of('dm1.3-2010'), 19, 0xff), { secret }),
    read('package0.dm1.3.reserved', reserved, changed(of('dm1.3'), 2, 0x81), { secret }),
    read(
      'package0.dm1.3-2010.transport',
      `${ours}: reserved transport 3`,
      changed(plain('dm1.3-2010'), 17, 0x06),
      { secret },
    ),
    read('package0.dm1.3.transport', `${ours}: reserved transport 7`, changed(of('dm1.3'), 1, 0x38), {
      secret,
    }),
    read(
      'package0.dm1.3.unknown',
      `${ours}: an unknown bearer and an unknown option are left out (DM-NOTI-1.3 §6.3)`,
      dm13('18000000000000010000000010016130010140010c7002abcd'),
      { secret },
    ),
    ...formats.map((format) =>
      refused(`package0.${format}.cut`, `${ours}: cut`, signed(format).subarray(0, 20)),
    ),
    // The vendor data of dm1.2 is whatever is left, so that a shorter rest is none that is cut.
    ...['dm1.3-2010', 'dm1.3'].map((format) =>
      refused(
        `package0.${format}.cut-late`,
        `${ours}: the last octet cut off`,
        signed(format).subarray(0, -1),
      ),
    ),
    refused('package0.empty', `${ours}: nothing`, new Uint8Array()),
    refused('package0.unknown-version', `${ours}: version 13`, changed(of('dm1.3-2010'), 17, 0x40)),
    refused('package0.code.other', `${ours}: dm1.3 under the number of the MD5 forms`, signed('dm1.3'), 0x44),
    refused(
      'package0.session-0',
      `${ours}: Session-ID 0`,
      hexToBytes(`${'00'.repeat(16)}02c80000000000000161`),
    ),
    refused(
      'package0.server-id-0',
      `${ours}: a Server-ID of no octets`,
      hexToBytes(`${'00'.repeat(16)}02c8000000000100`),
    ),
    refused(
      'package0.not-utf-8',
      `${ours}: a Server-ID that is not UTF-8`,
      hexToBytes(`${'00'.repeat(16)}02c8000000000102c080`),
    ),
    refused(
      'package0.trailing',
      `${ours}: octets behind the reason`,
      Uint8Array.from([...signed('dm1.3-2010'), 0]),
    ),
    refused(
      'package0.options.order',
      `${ours}: options out of order`,
      dm13('140000000000000100000000300101100161'),
    ),
    refused(
      'package0.options.twice',
      `${ours}: two Server-IDs`,
      dm13('160000000000000100000000100161100162300101'),
    ),
    refused(
      'package0.options.missing',
      `${ours}: no Requested-MO (DM-NOTI-1.3 §6.5.4)`,
      dm13('120000000000000100000000100161'),
    ),
    refused(
      'package0.options.count',
      `${ours}: more octets than options`,
      dm13('120000000000000100000000100161300101'),
    ),
    refused(
      'package0.options.length',
      `${ours}: an MO index of three octets`,
      dm13('1400000000000001000000001001613003010203'),
      0x58,
    ),
  ];
}
