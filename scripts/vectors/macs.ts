// Vectors of digests, MACs and key derivations: nonces that are traps, credentials, bootstrap messages, WTLS.
import { createDecipheriv } from 'node:crypto';
import { digestMd5, digestSha256 } from '../../src/codec/notification/index.ts';
import {
  keyBlockOf,
  masterSecretOf,
  recordIvOf,
  tripleDesSuite,
  verifyDataOf,
  type WtlsSide,
} from '../../src/codec/wtls/index.ts';
import { bytesToHex, hexToBytes } from '../../src/core/index.ts';
import { nodeWtlsCrypto as crypto } from '../../src/push/waps/index.ts';
import {
  type BootstrapSecret,
  bootstrapKey,
  bootstrapMac,
  imsiOctets,
  userPinMac,
} from '../../src/security/index.ts';
import bootstrap from '../../test/vectors/bootstrap.json' with { type: 'json' };
import credentials from '../../test/vectors/credentials.json' with { type: 'json' };
import notification from '../../test/vectors/notification.json' with { type: 'json' };
import wtls from '../../test/vectors/wtls.json' with { type: 'json' };
import abbreviated from '../../test/vectors/wtls-abbreviated.json' with { type: 'json' };
import type { Vector } from './vector.ts';

/** What the MD5 digest takes for a nonce, and other readings of the SHA-256 digest that do not hold. */
export function digestVectors(): Vector[] {
  const { appendixDigests: appendix, otherSecretDigests: other, sha256Readings: sha } = notification;
  const md5 = (
    id: string,
    source: string,
    nonce: string,
    trigger: string,
    from: typeof appendix | typeof other,
  ): Vector => ({
    ...{ id, kind: 'digest-md5', source, checkers: ['check.py'] },
    inputs: { serverId: from.serverId, secret: from.secret, nonce },
    octets: trigger,
    expected: {
      credentialHash: from.credentialHash,
      digest: bytesToHex(digestMd5(from.credentialHash, hexToBytes(nonce), hexToBytes(trigger))),
    },
  });
  const text = '(DM-NOTI-1.2 §6.2.2, Appendix C); who else takes it: spec-notes ruling 1';
  return [
    ...appendix.rows.flatMap((row, at) => [
      md5(
        `digest.dm1.2.${at + 1}`,
        `nonce is ${row.nonce} ${text}`,
        row.hex,
        appendix.triggers['dm1.2'],
        appendix,
      ),
      md5(
        `digest.dm1.3-2010.${at + 1}`,
        `nonce is ${row.nonce} ${text}`,
        row.hex,
        appendix.triggers['dm1.3-2010'],
        appendix,
      ),
    ]),
    ...other.rows.map(({ nonce }, at) =>
      md5(`digest.other-secret.${at + 1}`, 'computed with md5sum and base64', nonce, other.trigger, other),
    ),
    {
      ...{ id: 'digest.dm1.3', kind: 'digest-sha256', checkers: ['check.py'] },
      source:
        'DM-NOTI-1.3 §6.6 with both colons; `wrong` has one colon, or HMAC-SHA256 (spec-notes ruling 2)',
      inputs: { secret: sha.secret, headerOctets: sha.header.length / 2 },
      octets: sha.header + sha.options,
      expected: {
        digest: bytesToHex(digestSha256(sha.secret, hexToBytes(sha.header), hexToBytes(sha.options))),
        wrong: { oneColon: sha.oneColon, hmac: sha.hmac },
      },
    },
  ];
}

/** Credentials of DM sessions. */
export function credentialVectors(): Vector[] {
  const checkers: Vector['checkers'] = ['check.py'];
  return [
    ...credentials.basic.map(
      ({ source, data, ...inputs }, at): Vector => ({
        ...{
          id: `credential.basic.${at + 1}`,
          kind: 'credential-basic',
          source,
          checkers,
          inputs,
          octets: '',
        },
        expected: { data },
      }),
    ),
    ...credentials.md5.map(
      ({ source, name, secret, nonceHex: nonce, data }, at): Vector => ({
        ...{ id: `credential.md5.${at + 1}`, kind: 'credential-md5', source, checkers },
        ...{ inputs: { name, secret, nonce }, octets: '', expected: { data } },
      }),
    ),
    ...credentials.hmac.map(
      ({ source, name, secret, nonceHex: nonce, bodyHex, mac }, at): Vector => ({
        ...{ id: `credential.hmac.${at + 1}`, kind: 'credential-hmac', source, checkers },
        ...{ inputs: { name, secret, nonce }, octets: bodyHex, expected: { mac } },
      }),
    ),
  ];
}

/** Bootstrap MACs in both profiles. */
export function bootstrapVectors(): Vector[] {
  const checkers: Vector['checkers'] = ['check.py'];
  const document = '02a4016a006d6c7103312e3200';
  const secretOf = ({
    sec,
    pin = '',
    imsi = '',
    joined,
  }: {
    sec: string;
    pin?: string;
    imsi?: string;
    joined?: string;
  }): BootstrapSecret =>
    sec === 'USERPIN'
      ? { sec, pin }
      : sec === 'NETWPIN'
        ? { sec, network: imsiOctets(imsi) }
        : { sec: 'USERNETWPIN', network: imsiOctets(imsi), pin, joined: joined === 'dm' ? 'dm' : 'cp' };
  return [
    ...bootstrap.macs.map(({ source, sec, pin, imsi, joined, bodyHex }, at): Vector => {
      const given = { sec, ...(pin && { pin }), ...(imsi && { imsi }), ...(joined && { joined }) };
      const secret = secretOf(given);
      const { joined: profile, ...rest } = given;
      return {
        ...{ id: `bootstrap.mac.${at + 1}`, kind: 'bootstrap-mac', source, checkers },
        inputs: { ...rest, ...(profile && { profile }) },
        octets: bodyHex,
        expected: { key: bytesToHex(bootstrapKey(secret)), mac: bootstrapMac(hexToBytes(bodyHex), secret) },
      };
    }),
    ...['1234', '0000', '12345678901234567890'].map(
      (pin, at): Vector => ({
        ...{ id: `bootstrap.userpinmac.${at + 1}`, kind: 'bootstrap-userpinmac', checkers, octets: document },
        source:
          'computed: OMA ProvBoot 1.1, USERPINMAC: first octets of the MAC, each modulo 10, behind the PIN',
        inputs: { sec: 'USERPINMAC', pin },
        expected: { told: userPinMac(hexToBytes(document), pin) },
      }),
    ),
  ];
}

const suite = tripleDesSuite;

interface Flow {
  readonly id: string;
  readonly source: string;
  readonly keyRefresh: number;
  /** Records of the messages that are hashed, in order. */
  readonly hellos: readonly string[];
  readonly order: readonly WtlsSide[];
  readonly finishedRecords: Readonly<Record<WtlsSide, string>>;
  readonly pushes: readonly { readonly sequenceNumber: number; readonly record: string }[];
}

/** A record's sequence number and fragment stand behind its first octet, the length between them. */
const fragmentOf = (record: string): Uint8Array => hexToBytes(record).subarray(5);

function flowVectors({ id, source, keyRefresh, hellos, order, finishedRecords, pushes }: Flow): Vector[] {
  const messages = hellos.map(fragmentOf);
  const [clientRandom, serverRandom] = [0, 1].map((at) => messages[at]?.subarray(4, 20) ?? new Uint8Array());
  if (clientRandom === undefined || serverRandom === undefined) throw new Error(id);
  const masterSecret = masterSecretOf(crypto, hexToBytes(wtls.secret), clientRandom, serverRandom);
  const secrets = { masterSecret, clientRandom, serverRandom, suite };
  const finished: Record<string, string> = {};
  const hashed = [...messages];
  for (const side of order) {
    const data = verifyDataOf(crypto, masterSecret, side, hashed);
    finished[side] = `14000c${bytesToHex(data)}`;
    hashed.push(hexToBytes(finished[side] ?? ''));
  }
  const common = {
    masterSecret: bytesToHex(masterSecret),
    clientRandom: bytesToHex(clientRandom),
    serverRandom: bytesToHex(serverRandom),
    keyRefresh,
  };
  const records = [
    ...order.map((side) => ({ side, sequenceNumber: 0, record: finishedRecords[side] })),
    ...pushes.map((each) => ({ side: 'server' as const, ...each })),
  ];
  return [
    {
      ...{ id: `wtls.${id}.keys`, kind: 'wtls-handshake', source, checkers: ['check.py'] },
      inputs: { secret: wtls.secret, handshake: messages.map(bytesToHex), order },
      octets: messages.map(bytesToHex).join(''),
      expected: { ...common, finished },
    },
    ...records.map(({ side, sequenceNumber, record }): Vector => {
      const { macSecret, key, iv } = keyBlockOf(
        crypto,
        secrets,
        side,
        sequenceNumber - (sequenceNumber % 2 ** keyRefresh),
      );
      const recordIv = recordIvOf(iv, sequenceNumber);
      const decipher = createDecipheriv('des-ede3-cbc', key, recordIv).setAutoPadding(false);
      const plain = new Uint8Array(Buffer.concat([decipher.update(fragmentOf(record)), decipher.final()]));
      const fragment = plain.subarray(0, plain.length - (plain.at(-1) ?? 0) - 1 - 20);
      return {
        ...{
          id: `wtls.${id}.${side}.${sequenceNumber}`,
          kind: 'wtls-record',
          source,
          checkers: ['check.py', 'openssl'],
        },
        inputs: { ...common, side, sequenceNumber },
        octets: record,
        expected: {
          ...{
            macSecret: bytesToHex(macSecret),
            key: bytesToHex(key),
            iv: bytesToHex(iv),
            recordIv: bytesToHex(recordIv),
          },
          ...{ plain: bytesToHex(plain), fragment: bytesToHex(fragment) },
        },
      };
    }),
  ];
}

/** Key schedules and records of both flows of profile 1 (docs/secure-push.md). */
export function wtlsVectors(): Vector[] {
  const { records, keyRefresh, pushRecords } = wtls;
  return [
    ...flowVectors({
      ...{ id: 'full', source: wtls.source, keyRefresh, order: ['client', 'server'], pushes: pushRecords },
      hellos: [records.clientHello, records.serverHello, records.serverHelloDone],
      finishedRecords: { client: records.clientFinished, server: records.serverFinished },
    }),
    ...flowVectors({
      ...{
        id: 'abbreviated',
        source: abbreviated.source,
        keyRefresh: abbreviated.keyRefresh,
        order: ['server', 'client'],
      },
      hellos: [abbreviated.clientHello, abbreviated.serverFlight.serverHello],
      finishedRecords: {
        client: abbreviated.clientFlight.finished,
        server: abbreviated.serverFlight.finished,
      },
      pushes: abbreviated.pushRecords,
    }),
  ];
}
