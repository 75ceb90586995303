// Responses as centres write them: one belongs to its request by the sequence number (SMPP 3.4 §5.1.4), and says by its
// status what came of it (§5.1.3). A command_id of another response, or a body that cannot be read, changes neither.
import {
  commandIds,
  commandName,
  decodePdu,
  headerLength,
  type PduHeader,
  responseBit,
  type SmppPdu,
} from '../../../codec/smpp/index.ts';
import { DecodeError } from '../../../core/index.ts';

/** A response, read as the one that its request waits for. */
export interface ReadResponse {
  /** `undefined` when it is about the session and answers no message: the answer to that may still come. */
  readonly response: SmppPdu | undefined;
  /** What is wrong with it; `undefined` when nothing is. */
  readonly deviation: string | undefined;
}

/** Requests about the session itself: what answers one of them says nothing about a message. */
const sessionRequests: ReadonlySet<number> = new Set([
  commandIds.bind_receiver,
  commandIds.bind_transmitter,
  commandIds.bind_transceiver,
  commandIds.unbind,
  commandIds.enquire_link,
]);

/** Reads the response that has the sequence number of a request with this command_id. Never throws. */
export function readResponse(octets: Uint8Array, header: PduHeader, requestId: number): ReadResponse {
  const { commandId } = header;
  if (commandId === commandIds.generic_nack) return readAs(octets, header, commandId, undefined);
  const expected = requestId + responseBit;
  if (commandId === expected) return readAs(octets, header, expected, undefined);
  const deviation = `answers ${nameOf(requestId)} with ${nameOf(commandId)}`;
  if (sessionRequests.has(commandId - responseBit) && !sessionRequests.has(requestId)) {
    return { response: undefined, deviation: `${deviation}, which is passed over` };
  }
  return readAs(octets, header, expected, `${deviation}, which counts by its sequence number and status`);
}

function readAs(
  octets: Uint8Array,
  header: PduHeader,
  commandId: number,
  deviation: string | undefined,
): ReadResponse {
  const same = commandId === header.commandId ? octets : renamed(octets, octets.length, commandId);
  try {
    return { response: decodePdu(same), deviation };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const request = nameOf(commandId - responseBit);
    const unreadable = `answers ${request} with what cannot be read (${error.message}): its status counts`;
    const bare = renamed(octets, headerLength, commandId);
    return { response: decodePdu(bare), deviation: deviation ?? unreadable };
  }
}

/** The first octets of a PDU, as one of another command. */
function renamed(octets: Uint8Array, length: number, commandId: number): Uint8Array {
  const pdu = Uint8Array.from(octets.subarray(0, length));
  const view = new DataView(pdu.buffer);
  view.setUint32(0, length);
  view.setUint32(4, commandId);
  return pdu;
}

function nameOf(commandId: number): string {
  return commandName(commandId) ?? `command 0x${commandId.toString(16).padStart(8, '0')}`;
}
