// A message that a centre delivers, as the part of a datagram that it is: ports and place in a user data header, or in
// optional parameters (3GPP TS 23.040 §9.2.3.24, SMPP 3.4 §4.6, §5.3.2.20–24).
import { esmClass, type PduOf } from '../../../codec/smpp/index.ts';
import {
  decodeUserData,
  isEightBitData,
  type SmsPart,
  type UserDataHeader,
} from '../../../codec/sms/index.ts';
import { DecodeError } from '../../../core/index.ts';

/** Why a message is not part of a push for us. */
export type MessageRefusal =
  /** The user data header is unreadable. */
  | 'malformed'
  /** A delivery receipt, an acknowledgement, or something else that is no message. */
  | 'message-type'
  /** Its content is not octets. */
  | 'data-coding'
  /** It is for another port, or for none. */
  | 'port';

/** A message, taken apart. */
export type ShortMessage =
  | { readonly part: SmsPart }
  | { readonly refusal: MessageRefusal; readonly detail: string };

/** Takes a message apart; `port` is the one that we serve. */
export function readShortMessage(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>, port: number): ShortMessage {
  const type = pdu.esmClass & esmClass.typeMask;
  if (type !== 0) {
    return { refusal: 'message-type', detail: `esm_class 0x${hexOctet(pdu.esmClass)} is no message` };
  }
  if (!isEightBitData(pdu.dataCoding)) {
    return { refusal: 'data-coding', detail: `data_coding 0x${hexOctet(pdu.dataCoding)} is not 8-bit data` };
  }
  const content = contentOf(pdu);
  let header: Pick<UserDataHeader, 'ports' | 'concatenation'> = {};
  let payload = content;
  if ((pdu.esmClass & esmClass.userDataHeader) !== 0) {
    try {
      ({ header, payload } = decodeUserData(content));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return { refusal: 'malformed', detail: error.message };
    }
  }
  header = withParameters(header, pdu);
  if (header.ports?.destination !== port) {
    const found = header.ports === undefined ? 'no port' : `port ${header.ports.destination}`;
    return { refusal: 'port', detail: `${found}, not ${port}` };
  }
  return { part: { from: pdu.sourceAddress, to: pdu.destinationAddress, header, payload } };
}

/** Octets of the content, wherever it stands. */
export function contentOf(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): Uint8Array {
  const short = pdu.command === 'deliver_sm' ? pdu.shortMessage : nothing;
  return short.length > 0 ? short : (pdu.parameters.messagePayload ?? short);
}

const nothing = new Uint8Array(0);

/** What the user data header does not say, the parameters may. An impossible place is left out, as in the header. */
function withParameters(
  header: Pick<UserDataHeader, 'ports' | 'concatenation'>,
  { parameters }: PduOf<'deliver_sm'> | PduOf<'data_sm'>,
): Pick<UserDataHeader, 'ports' | 'concatenation'> {
  const { destinationPort, sourcePort = 0, sarReference, sarTotal, sarSequence } = parameters;
  const ports =
    header.ports ??
    (destinationPort === undefined
      ? undefined
      : ({ destination: destinationPort, source: sourcePort, bits: 16 } as const));
  let { concatenation } = header;
  if (concatenation === undefined && sarReference !== undefined) {
    const total = sarTotal ?? 0;
    const sequence = sarSequence ?? 0;
    if (sequence >= 1 && sequence <= total) {
      concatenation = { reference: sarReference, referenceBits: 16, total, sequence };
    }
  }
  return {
    ...(ports === undefined ? {} : { ports }),
    ...(concatenation === undefined ? {} : { concatenation }),
  };
}

function hexOctet(octet: number): string {
  return octet.toString(16).toUpperCase().padStart(2, '0');
}
