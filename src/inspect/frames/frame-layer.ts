// A captured frame: its headers, and what it carries by its port.
import { DecodeError } from '../../core/index.ts';
import { addContent, addLayer, type Decoding, holds, lengthOf, part, type Span } from '../layers/findings.ts';
import { isHttp, takeHttp } from '../layers/http-layer.ts';
import { isObex, takeObex } from '../layers/obex-layer.ts';
import { isSip, takeSip } from '../layers/sip-layer.ts';
import { isSmpp, takeSmpp } from '../layers/smpp-layer.ts';
import { takeDatagram } from '../layers/sms-layer.ts';
import type { Frame } from './frame-fields.ts';
import { readUdp } from './ip-headers.ts';
import { readFrame, readFrameOn } from './link-headers.ts';

/** Ports of UDP over which WSP and WTLS come; of both, which SIP, SMPP and OBEX come over. */
const datagramPorts = [2948, 2949, 9200, 9201, 9202, 9203];
const streams = new Map([
  [5060, { name: 'SIP', isOne: isSip, take: takeSip }],
  [2775, { name: 'SMPP', isOne: isSmpp, take: takeSmpp }],
  [650, { name: 'OBEX', isOne: isObex, take: takeObex }],
]);

/** Reads what a port that has no protocol of ours carries, as far as it says itself what it is. */
export type TakeUnknown = (span: Span, decoding: Decoding) => void;

/**
 * Reads a frame, from its first octet on; the link layer is found out where its number is not known.
 * @throws {DecodeError}
 */
export function takeFrame(span: Span, decoding: Decoding, takeUnknown: TakeUnknown, linkType?: number): void {
  const frame = linkType === undefined ? readFrame(span.octets) : readFrameOn(linkType, span.octets);
  takeHeaders(frame, span, decoding, takeUnknown);
}

/** Reads a datagram of UDP that was put together of fragments; `cut`: of those that are there. @throws {DecodeError} */
export function takeUdpDatagram(span: Span, decoding: Decoding, takeUnknown: TakeUnknown, cut = false): void {
  takeHeaders(readUdp(span.octets, cut), span, decoding, takeUnknown);
}

function takeHeaders(frame: Frame, span: Span, decoding: Decoding, takeUnknown: TakeUnknown): void {
  for (const { name, title, start, end, annotations } of frame.headers) {
    const { annotate } = addLayer(decoding, part(span, start, end), name, `${title} (${end - start} octets)`);
    for (const annotation of annotations) annotate(annotation);
  }
  decoding.findings.deviations.push(...frame.faults);
  if (frame.error !== undefined) throw frame.error;
  if (frame.cut === undefined) {
    takeContent(frame, span, decoding, takeUnknown);
    return;
  }
  // Of what is cut there is what is there, and no verdict: that of a shorter message would be another one.
  try {
    takeContent(frame, span, decoding, takeUnknown);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const detail = `${frame.cut}: ${error.detail}`;
    throw new DecodeError('TRUNCATED', detail, error.at, error.spec);
  }
  const at = { path: 'content', offset: frame.end, bit: 0 };
  throw new DecodeError('TRUNCATED', `${frame.cut}, and ends here`, at, { doc: 'Reveille', section: '' });
}

function takeContent(frame: Frame, span: Span, decoding: Decoding, takeUnknown: TakeUnknown): void {
  const content = part(span, frame.start, frame.end);
  if (lengthOf(content) === 0) return;
  if (frame.partial !== undefined) takePart(content, `part of ${frame.what}`, frame.partial, decoding);
  else if (frame.ports === undefined) addContent(decoding, content, frame.what);
  else if (frame.ports.protocol === 'udp') takeUdp(content, frame.ports, decoding, takeUnknown);
  else takeTcp(content, frame.ports, decoding, takeUnknown);
}

type Ports = NonNullable<Frame['ports']>;

function takeUdp(span: Span, ports: Ports, decoding: Decoding, takeUnknown: TakeUnknown): void {
  const { source, destination } = ports;
  if (datagramPorts.includes(destination)) takeDatagram(span, { source, destination, bits: 16 }, decoding);
  else if (destination === 5060 || source === 5060) takeSip(span, decoding);
  else takeUnknown(span, decoding);
}

/** A segment of a stream holds what the sender had ready: messages, their ends and beginnings. */
function takeTcp(span: Span, ports: Ports, decoding: Decoding, takeUnknown: TakeUnknown): void {
  const octets = span.octets.subarray(span.start);
  const byPort = streams.get(ports.destination) ?? streams.get(ports.source);
  const stream = byPort ?? (isHttp(octets) ? { name: 'HTTP', isOne: isHttp, take: takeHttp } : undefined);
  if (stream === undefined) {
    takeUnknown(span, decoding);
    return;
  }
  const { layers } = decoding.findings;
  const before = layers.length;
  let why = 'it begins with none, or ends before one does';
  if (stream.isOne(octets)) {
    try {
      // Documents of PAP are HTTP bodies too.
      if (stream.name === 'HTTP') takeUnknown(span, decoding);
      else stream.take(span, decoding);
      return;
    } catch (error) {
      if (!(error instanceof DecodeError) || error.code !== 'TRUNCATED') throw error;
      // What is inside has a fault of its own, and packets were found whole.
      const isInside = layers.length > before + 1 && error.spec.doc !== 'RFC 9112';
      if (isInside || layers[before]?.name === 'smpp') throw error;
      why = error.detail;
    }
  }
  layers.splice(before);
  takePart(
    span,
    `part of ${stream.name}`,
    `a TCP segment that holds no whole messages of ${stream.name}: ${why}`,
    decoding,
  );
}

/** What cannot be read without its other parts. */
function takePart(span: Span, what: string, why: string, decoding: Decoding): void {
  addContent(decoding, span, what);
  const at = { path: 'content', offset: span.start, bit: 0 };
  decoding.findings.refusal = new DecodeError('TRUNCATED', why, at, { doc: 'Reveille', section: '' });
}

/** Whether octets are a frame beyond doubt: versions, lengths and the checksum of IPv4 fit. */
export function isFrame(octets: Uint8Array): boolean {
  return octets.length >= 20 && holds(() => readFrame(octets).certain);
}
