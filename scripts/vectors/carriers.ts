// Vectors of the octets around a push: WSP, user data of short messages, segments, TPDUs.
import {
  decodeTpdu,
  decodeUserData,
  encodeDeliver,
  encodeSubmit,
  segmentDatagram,
} from '../../src/codec/sms/index.ts';
import { decodePush } from '../../src/codec/wsp/index.ts';
import { bytesToHex, DecodeError, hexToBytes } from '../../src/core/index.ts';
import userData from '../../test/vectors/sms-user-data.json' with { type: 'json' };
import pushes from '../../test/vectors/wsp-push.json' with { type: 'json' };
import type { Vector } from './vector.ts';

const ours = 'made by this project';

/** Where reading octets that are wrong has to end. */
function refusal(run: () => unknown): Readonly<Record<string, unknown>> {
  try {
    run();
  } catch (error) {
    if (error instanceof DecodeError)
      return { code: error.code, field: error.at.path, offset: error.at.offset };
    throw error;
  }
  throw new Error('octets that should be refused are read');
}

/** WSP pushes and PDUs that are none. */
export function wspVectors(): Vector[] {
  return [
    ...pushes.pushes.map(({ name, hex }, at): Vector => {
      const { transactionId, contentType, applicationIds, headers, body, bodyOffset, pduType } = decodePush(
        hexToBytes(hex),
      );
      return {
        ...{ id: `wsp.push.${at + 1}`, kind: 'wsp-push', source: `${name}: ${pushes.source}` },
        ...{ checkers: ['tshark', 'check-wsp.py'], inputs: {}, octets: hex },
        expected: {
          ...{ transactionId, pduType, contentType: { ...contentType }, applicationIds },
          ...{ headers: headers.length, bodyOffset, body: bytesToHex(body) },
        },
      };
    }),
    ...pushes.malformed.map(({ hex }, at): Vector => {
      const expected = refusal(() => decodePush(hexToBytes(hex)));
      const kind = 'wsp-push-refused';
      return {
        id: `wsp.refused.${at + 1}`,
        kind,
        source: ours,
        checkers: ['check-wsp.py'],
        inputs: {},
        octets: hex,
        expected,
      };
    }),
  ];
}

function userDataOf(hex: string): Readonly<Record<string, unknown>> {
  const { header, payload, payloadOffset, deviations } = decodeUserData(hexToBytes(hex));
  return {
    ...(header.ports === undefined ? {} : { ports: { ...header.ports } }),
    ...(header.concatenation === undefined ? {} : { concatenation: { ...header.concatenation } }),
    others: header.others.map(({ id, data }) => ({ id, data: bytesToHex(data) })),
    ...{ payloadOffset, payload: bytesToHex(payload) },
    ignored: deviations.map(({ field, offset }) => ({ field, offset })),
  };
}

/** A datagram of `length` octets that counts up. */
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at % 256);

function segments(id: string, length: number, referenceBits: 8 | 16): Vector {
  const datagram = counting(length);
  const inputs = { destinationPort: 2948, sourcePort: 49154, reference: 0xa5, referenceBits };
  const parts = segmentDatagram(datagram, inputs).map(bytesToHex);
  const source = `${ours}: 3GPP TS 23.040 §9.2.3.24, ports before concatenation, at most 140 octets each`;
  return {
    ...{ id, kind: 'sms-segments', source, checkers: ['check.py'], inputs, octets: bytesToHex(datagram) },
    expected: { segments: parts },
  };
}

function tpdu(id: string, octets: Uint8Array, inputs: Readonly<Record<string, unknown>>): Vector {
  const { type, address, dataCoding, reference, time, reportWanted } = decodeTpdu(octets, {
    serviceCentre: false,
  });
  return {
    ...{ id, kind: 'sms-tpdu', source: `${ours}: 3GPP TS 23.040 §9.2.2`, checkers: ['tshark'], inputs },
    octets: bytesToHex(octets),
    expected: {
      ...{ type, address, dataCoding },
      ...(reference === undefined ? {} : { reference }),
      ...(time === undefined ? {} : { time }),
      ...(reportWanted === undefined ? {} : { reportWanted }),
    },
  };
}

const push =
  '0605040b84c002010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765';

/** User data, segments and TPDUs. */
export function smsVectors(): Vector[] {
  const carried = { userData: hexToBytes(push), hasHeader: true };
  return [
    ...[...userData.userData, ...userData.ignored].map(
      ({ name, hex }, at): Vector => ({
        ...{ id: `sms.user-data.${at + 1}`, kind: 'sms-user-data', source: `${name}: ${userData.source}` },
        ...{ checkers: ['check.py'], inputs: {}, octets: hex, expected: userDataOf(hex) },
      }),
    ),
    ...userData.malformed.map(
      ({ name, hex }, at): Vector => ({
        ...{
          id: `sms.user-data-refused.${at + 1}`,
          kind: 'sms-user-data-refused',
          source: `${name}: ${ours}`,
        },
        ...{
          checkers: ['check.py'],
          inputs: {},
          octets: hex,
          expected: refusal(() => decodeUserData(hexToBytes(hex))),
        },
      }),
    ),
    segments('sms.segments.one', 133, 8),
    segments('sms.segments.two', 134, 8),
    segments('sms.segments.three', 300, 8),
    segments('sms.segments.three-16', 300, 16),
    tpdu('sms.tpdu.submit', encodeSubmit({ ...carried, to: '+447700900123', reference: 7, report: true }), {
      ...{ to: '+447700900123', reference: 7, report: true, userData: push },
    }),
    tpdu(
      'sms.tpdu.deliver',
      encodeDeliver({ ...carried, from: '12345', time: Date.UTC(2026, 0, 31, 23, 59, 58) }),
      {
        ...{ from: '12345', time: '2026-01-31T23:59:58Z', userData: push },
      },
    ),
  ];
}
