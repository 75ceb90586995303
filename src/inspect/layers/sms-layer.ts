// Short messages: TPDUs and user data, put together from their segments, and handed on by their port.
import {
  decodeTpdu,
  decodeUserData,
  firstIsServiceCentre,
  nearTpdu,
  Reassembler,
  tpduForm,
  type UserDataHeader,
  type UserDataPorts,
} from '../../codec/sms/index.ts';
import { decodePush, pduTypes } from '../../codec/wsp/index.ts';
import { decodeWtls } from '../../codec/wtls/index.ts';
import { DecodeError, systemClock } from '../../core/index.ts';
import { addContent, addLayer, type Decoding, holds, lengthOf, part, type Span, spanOf } from './findings.ts';
import { takeWsp } from './wsp-layer.ts';
import { isWtls, takeWtls } from './wtls-layer.ts';

const pushPort = 2948;
/** Ports over which WTLS comes: secure push, and WSP under WTLS (WDP, Appendix B). */
const securePorts: readonly number[] = [2949, 9202, 9203];

/** Ports of the WSP session services (WDP, Appendix B). */
const wspPorts: readonly number[] = [9200, 9201];

/** Puts the parts of a message together and reads the datagram. */
export class SmsParts {
  readonly #decoding: Decoding;
  readonly #reassembler = new Reassembler({ clock: systemClock({ unref: true }) });
  #waiting = false;

  constructor(decoding: Decoding) {
    this.#decoding = decoding;
  }

  /** Takes a part in, and reads the datagram that is whole with it; offsets count in `span` where it is the only one. */
  add(header: Pick<UserDataHeader, 'ports' | 'concatenation'>, span: Span): void {
    const payload = span.octets.subarray(span.start);
    const result = this.#reassembler.add({ from: '', to: '', header, payload });
    this.#waiting = result.status === 'waiting';
    if (result.status !== 'complete') return;
    const single = (header.concatenation?.total ?? 1) === 1;
    // A datagram of several parts has no one place in the input: from here on offsets count in the datagram.
    takeDatagram(single ? span : spanOf(result.datagram, 'reassembled'), result.ports, this.#decoding);
  }

  /** To be called at the end, whatever happened. */
  close(): void {
    this.#reassembler.close();
  }

  /** @throws {DecodeError} when parts are missing */
  requireWhole(): void {
    if (!this.#waiting || this.#decoding.segment === true) return;
    throw new DecodeError(
      'TRUNCATED',
      'segments are missing: give all segments of the message on one line',
      { path: 'concatenation', offset: 0, bit: 0 },
      { doc: '3GPP TS 23.040', section: '9.2.3.24.1' },
    );
  }
}

/**
 * Reads the parts of one short message: each as user data, or as a TPDU where it is one, which begins where its span's octets
 * do. @throws {DecodeError}
 */
export function takeSms(spans: readonly Span[], as: 'sms' | 'tpdu', decoding: Decoding): void {
  const together = new SmsParts(decoding);
  try {
    for (const [index, span] of spans.entries()) {
      const which = spans.length === 1 ? '' : `, segment ${index + 1} of ${spans.length}`;
      if (as === 'tpdu' || (spans.length > 1 && tpduForm(span.octets) !== undefined)) {
        takeTpdu(span, which, decoding, together);
      } else takeUserData(span, which, decoding, together);
    }
    together.requireWhole();
  } finally {
    together.close();
  }
}

function takeTpdu(span: Span, which: string, decoding: Decoding, together: SmsParts): void {
  const form = tpduForm(span.octets) ??
    nearTpdu(span.octets) ?? { serviceCentre: firstIsServiceCentre(span.octets) };
  const { layer, annotate } = addLayer(decoding, span, 'sms-tpdu', `SMS TPDU${which}`);
  const tpdu = decodeTpdu(span.octets, { ...form, annotate });
  const centre = form.serviceCentre ? 'with' : 'without';
  layer.title = `${tpdu.type}${which}, ${centre} the address of a service centre (${span.octets.length} octets)`;
  const userData = part(span, tpdu.userDataOffset, tpdu.userDataOffset + tpdu.userData.length);
  if (tpdu.hasHeader) takeUserData(userData, which, decoding, together, tpdu.text);
}

/** Reads user data with its header. `text` is what the data coding makes of it. @throws {DecodeError} */
export function takeUserData(
  span: Span,
  which: string,
  decoding: Decoding,
  together: SmsParts,
  text?: string,
  more: (header: UserDataHeader) => Pick<UserDataHeader, 'ports' | 'concatenation'> = (header) => header,
): void {
  const title = `SMS user data${which} (${lengthOf(span)} octets)`;
  const { annotate } = addLayer(decoding, span, 'sms-user-data', title);
  const { header, payloadOffset, deviations } = decodeUserData(span.octets, { annotate, start: span.start });
  for (const deviation of deviations) {
    decoding.findings.deviations.push({ ...deviation, offset: deviation.offset + span.base });
  }
  if (text === undefined) together.add(more(header), part(span, payloadOffset));
  else {
    annotate({
      offset: payloadOffset,
      length: span.octets.length - payloadOffset,
      field: 'text',
      value: JSON.stringify(text),
      meaning: 'a text for a person, no datagram',
      section: '3GPP TS 23.040 §9.2.3.24',
    });
  }
}

/** Reads a datagram by its port: WTLS or WSP; other ports are named and read where they carry WSP all the same. */
export function takeDatagram(span: Span, ports: UserDataPorts | undefined, decoding: Decoding): void {
  const destination = ports?.destination;
  if (destination !== undefined && securePorts.includes(destination)) {
    if (isSecured(span)) {
      takeWtls(span, decoding);
      return;
    }
    deviate(
      span,
      decoding,
      destination,
      `port ${destination} is for secure push, and this is WSP without WTLS`,
      {
        section: 'WDP Appendix B',
      },
    );
  } else if (ports !== undefined && securePorts.includes(ports.source) && isSecured(span)) {
    // What a device answers goes to the port that it was spoken to from.
    takeWtls(span, decoding);
    return;
  } else if (destination === undefined) {
    const message = `no port is there: without ports of application port addressing a telephone does not take it for a push on ${pushPort}`;
    deviate(span, decoding, 'none', message, { section: 'DM-NOTI-1.3 §7.1.1' });
  } else if (destination !== undefined && destination !== pushPort) {
    const message = `port ${destination} is not ${pushPort}, where DM clients wait for pushes`;
    deviate(span, decoding, destination, message, { section: 'DM-NOTI-1.3 §7.1.1' });
    if (!wspPorts.includes(destination) && !holds(() => isPush(span))) {
      if (isWtls(span.octets.subarray(span.start))) {
        takeWtls(span, decoding);
        return;
      }
      addContent(decoding, span, `content for port ${destination}`);
      return;
    }
  }
  takeWsp(span, decoding);
}

/** Records what is wrong with the ports, at their field or, where there is none, at the datagram. */
function deviate(
  span: Span,
  { findings }: Decoding,
  value: number | string,
  message: string,
  { section }: { readonly section: string },
): void {
  const layer = findings.layers.findLast(({ annotations }) => annotations.some(isPorts));
  const at = layer?.annotations.find(isPorts)?.offset ?? span.start;
  const offset = span.within === 'input' ? span.base + at : 0;
  findings.deviations.push({ field: 'ports', offset, bit: 0, value, message, section });
}

/** Whether what came for a secure port is WTLS; what can be read as neither is told as WTLS. */
function isSecured(span: Span): boolean {
  const { octets, start } = span;
  return holds(() => decodeWtls(octets, { start }).length > 0) || !holds(() => isPush(span));
}

function isPush({ octets, start }: Span): boolean {
  return decodePush(octets, { start }).pduType === pduTypes.push;
}

function isPorts({ field }: { readonly field: string }): boolean {
  return field === 'ports' || field === 'destinationPort';
}

/** Whether the octets are user data with a header that makes sense: ports or a place among segments, without a fault. */
export function isUserData(octets: Uint8Array): boolean {
  const [length = 0] = octets;
  if (length < 4 || length > 64) return false;
  return holds(() => {
    const { header, deviations } = decodeUserData(octets);
    return deviations.length === 0 && (header.ports !== undefined || header.concatenation !== undefined);
  });
}
