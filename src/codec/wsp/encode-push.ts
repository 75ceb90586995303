// Builds connectionless WSP pushes, and holds Package #0 to the 48 octets of headers that DM allows.
import { ByteWriter, ValueError } from '../../core/index.ts';
import { dmApplicationId, pduTypes } from './assigned-numbers.ts';
import { type ContentTypeInput, writeContentType } from './content-type.ts';
import { type WspHeader, writeHeaders } from './headers.ts';

/** A push to build. */
export interface PushInput {
  /** TID, 0–255; senders count it up. */
  readonly transactionId: number;
  readonly contentType: ContentTypeInput;
  /**
   * X-Wap-Application-Id: a number is written as an integer, a text as it is. Default 7, which is syncml.dm; `null`
   * leaves the header out.
   */
  readonly applicationId?: number | string | null | undefined;
  /** Further headers, after X-Wap-Application-Id. */
  readonly headers?: readonly WspHeader[] | undefined;
  readonly body: Uint8Array;
  /** Most octets that may stand before the body; more is an error. Default: no limit. */
  readonly headerBudget?: number | undefined;
}

/** Octets that WDP and WSP headers may take in front of Package #0 (DM-NOTI §7.1, spec-notes ruling 13). */
export const package0HeaderLimit = 48;

/** Octets of an SMS user data header that holds only 16-bit ports. */
export const portsHeaderOctets = 7;

/**
 * Octets that are left for the WSP headers of Package #0 when the carrier's own take `wdpOctets` (default: the user
 * data header of one SMS): 41, the stricter reading (spec-notes ruling 13).
 */
export function package0HeaderBudget(wdpOctets: number = portsHeaderOctets): number {
  return package0HeaderLimit - wdpOctets;
}

/**
 * Builds one PDU: Content-Type, X-Wap-Application-Id, other headers, body, in this order (DM-NOTI-1.2 §7.1).
 * @throws {ValueError} a value that cannot be written, or TOO_LONG for the header budget
 */
export function encodePush(input: PushInput): Uint8Array {
  const { transactionId, body, headerBudget } = input;
  if (!Number.isInteger(transactionId) || transactionId < 0 || transactionId > 255) {
    throw new ValueError('OUT_OF_RANGE', 'must be an integer from 0 to 255', 'transactionId');
  }
  const headers = new ByteWriter();
  writeContentType(headers, input.contentType);
  const applicationId = input.applicationId === undefined ? dmApplicationId : input.applicationId;
  if (applicationId !== null) {
    writeHeaders(headers, [{ name: 'X-Wap-Application-Id', code: 0x2f, value: applicationId }]);
  }
  writeHeaders(headers, input.headers ?? []);
  const pdu = new ByteWriter(headers.length + body.length + 8);
  pdu.u8(transactionId).u8(pduTypes.push).uintvar(headers.length).bytes(headers.view());
  if (headerBudget !== undefined && pdu.length > headerBudget) {
    const limit = `${package0HeaderLimit} for Package #0 less the carrier's`;
    throw new ValueError(
      'TOO_LONG',
      `the WSP headers take ${pdu.length} octets, ${headerBudget} are allowed (${limit}): leave headers out`,
      'headers',
      { doc: 'DM-NOTI-1.3', section: '7.1' },
    );
  }
  return pdu.bytes(body).finish();
}

/**
 * Builds a push that carries Package #0 to syncml.dm, within the header budget that `wdpOctets` leaves.
 * @throws {ValueError}
 */
export function encodePackage0Push(
  input: Omit<PushInput, 'applicationId' | 'headerBudget'>,
  wdpOctets: number = portsHeaderOctets,
): Uint8Array {
  return encodePush({ ...input, headerBudget: package0HeaderBudget(wdpOctets) });
}
