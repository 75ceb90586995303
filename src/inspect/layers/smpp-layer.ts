// SMPP PDUs, one behind the other; short messages in them are put together and read.
import {
  type DecodePduOptions,
  decodeAncillaryPdu,
  decodeMultiPdu,
  decodePdu,
  esmClass,
  isAncillaryCommand,
  isMultiCommand,
  mayBeCommand,
  readHeader,
  smppDocument,
} from '../../codec/smpp/index.ts';
import { isEightBitData, type UserDataHeader } from '../../codec/sms/index.ts';
import { bytesToHex, type Deviation } from '../../core/index.ts';
import { addLayer, type Decoding, type FoundLayer, lengthOf, part, type Span } from './findings.ts';
import { SmsParts, takeUserData } from './sms-layer.ts';

type AnyPdu = ReturnType<typeof decodePdu | typeof decodeMultiPdu | typeof decodeAncillaryPdu>;

/** Reads PDUs to the end. @throws {DecodeError} */
export function takeSmpp(span: Span, decoding: Decoding): void {
  const together = new SmsParts(decoding);
  try {
    for (let at = span.start; at < span.octets.length || at === span.start; ) {
      const { length } = readHeader(span.octets.subarray(at));
      // A length that does not fit is for the decoder to refuse.
      const end = length < 16 ? span.octets.length : Math.min(at + length, span.octets.length);
      takePdu(part(span, at, end), decoding, together);
      at = end;
    }
    together.requireWhole();
  } finally {
    together.close();
  }
}

function takePdu(span: Span, decoding: Decoding, together: SmsParts): void {
  const { layer, annotate } = addLayer(decoding, span, 'smpp', `SMPP PDU (${lengthOf(span)} octets)`);
  const { commandId } = readHeader(span.octets.subarray(span.start));
  const onDeviation = (deviation: Deviation): void => {
    decoding.findings.deviations.push({ ...deviation, offset: deviation.offset + span.base });
  };
  const pdu = readerOf(commandId)(span.octets, { start: span.start, annotate, onDeviation });
  if (pdu.command === 'opaque') {
    onDeviation({
      field: 'command_id',
      offset: span.start + 4,
      bit: 0,
      value: numberOf(commandId),
      message: 'no command of SMPP 3.4 or 5.0: the body is shown as octets',
      section: `${smppDocument} §5.1.2`,
    });
  }
  const name = pdu.command === 'opaque' ? `command ${numberOf(commandId)}` : pdu.command;
  layer.title = `SMPP ${name} (${lengthOf(span)} octets)`;
  if (!('esmClass' in pdu) || pdu.status !== 0) return;
  const content = contentOf(span, layer, pdu);
  const isMessage = (pdu.esmClass & esmClass.typeMask) === 0;
  if (content === undefined || !isMessage) return;
  if ((pdu.esmClass & esmClass.userDataHeader) !== 0) {
    const text = isEightBitData(pdu.dataCoding)
      ? undefined
      : bytesToHex(content.octets.subarray(content.start));
    takeUserData(content, '', decoding, together, text, (header) => withParameters(header, pdu));
  } else {
    const header = withParameters({}, pdu);
    if (header.ports !== undefined) together.add(header, content);
  }
}

function readerOf(commandId: number): (octets: Uint8Array, options: DecodePduOptions) => AnyPdu {
  if (isMultiCommand(commandId)) return decodeMultiPdu;
  return isAncillaryCommand(commandId) ? decodeAncillaryPdu : decodePdu;
}

function numberOf(commandId: number): string {
  return `0x${commandId.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** Where the content stands: short_message behind its length, or message_payload behind tag and length. */
function contentOf(span: Span, layer: FoundLayer, pdu: AnyPdu): Span | undefined {
  const short = 'shortMessage' in pdu && pdu.shortMessage.length > 0;
  const field = short ? 'shortMessage' : 'messagePayload';
  const found = layer.annotations.findLast((annotation) => annotation.field === field);
  if (found === undefined || found.length <= (short ? 1 : 4)) return undefined;
  return part(span, found.offset + (short ? 1 : 4), found.offset + found.length);
}

/** What the user data header does not say, optional parameters may (SMPP 3.4 §5.3.2.20–24). */
function withParameters(
  header: Pick<UserDataHeader, 'ports' | 'concatenation'>,
  pdu: AnyPdu,
): Pick<UserDataHeader, 'ports' | 'concatenation'> {
  if (!('parameters' in pdu)) return header;
  const { destinationPort, sourcePort = 0, sarReference, sarTotal = 0, sarSequence = 0 } = pdu.parameters;
  const ports =
    header.ports ??
    (destinationPort === undefined
      ? undefined
      : { destination: destinationPort, source: sourcePort, bits: 16 as const });
  const placed = sarReference !== undefined && sarSequence >= 1 && sarSequence <= sarTotal;
  const concatenation =
    header.concatenation ??
    (placed
      ? { reference: sarReference, referenceBits: 16 as const, total: sarTotal, sequence: sarSequence }
      : undefined);
  return {
    ...(ports === undefined ? {} : { ports }),
    ...(concatenation === undefined ? {} : { concatenation }),
  };
}

/** Whether octets are PDUs whose lengths fill them: of known commands, or of such as a centre may have of its own. */
export function isSmpp(octets: Uint8Array): boolean {
  let at = 0;
  while (octets.length - at >= 16) {
    const { length, commandId } = readHeader(octets.subarray(at));
    if (length < 16 || at + length > octets.length || !mayBeCommand(commandId)) return false;
    at += length;
  }
  return at > 0 && at === octets.length;
}
