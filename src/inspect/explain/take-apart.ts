// Takes octets apart layer by layer, from whatever is outermost to Package #0 or a document. Offsets in annotations and
// errors count from the start of the octets that the user gave.
import { decodeNotification } from '../../codec/notification/index.ts';
import { nearTpdu, tpduForm } from '../../codec/sms/index.ts';
import { readWbxmlHeader } from '../../codec/wbxml/index.ts';
import { decodePush, pduTypes } from '../../codec/wsp/index.ts';
import { DecodeError } from '../../core/index.ts';
import { isFrame, takeFrame, takeUdpDatagram } from '../frames/frame-layer.ts';
import { documentForm, isDocument, takeBody, takeDocument } from '../layers/body-layer.ts';
import {
  addContent,
  type Decoding,
  type Findings,
  holds,
  type LayerName,
  type Span,
  spanOf,
  type TakeApartOptions,
  type UnprotectedRecord,
} from '../layers/findings.ts';
import { isHttp, takeHttp, unchunked } from '../layers/http-layer.ts';
import { isObex, takeObex } from '../layers/obex-layer.ts';
import { isPap, takePap } from '../layers/pap-layer.ts';
import { isSip, takeSip } from '../layers/sip-layer.ts';
import { isSmpp, takeSmpp } from '../layers/smpp-layer.ts';
import { isUserData, takeSms } from '../layers/sms-layer.ts';
import { isTlsRecords, takeTls } from '../layers/tls-layer.ts';
import { isOtherWspPdu, takeWsp } from '../layers/wsp-layer.ts';
import { isWtls, takeWtls } from '../layers/wtls-layer.ts';
import type { CapturedForm } from '../streams/captured-message.ts';
import { withOtherReadings } from './other-readings.ts';

/**
 * Takes one message apart, given as one or more parts (several only as segments of a short message), and notes all it
 * meets in `findings`.
 * @throws {DecodeError} with the place in the octets given
 */
export function takeApart(parts: readonly Uint8Array[], options: TakeApartOptions, findings: Findings): void {
  const [first = new Uint8Array(0)] = parts;
  const decoding: Decoding = { findings, options };
  const layer = options.as === 'auto' ? outermostLayer(parts, options) : options.as;
  if (layer === 'frame') takeFrame(spanOf(first), decoding, takeInFrame);
  else if (layer === 'sms' || layer === 'tpdu') takeSms(spansOf(parts), layer, decoding);
  else if (layer === 'package0' && options.as === 'auto') takePlain(spanOf(first), decoding);
  else takeLayer(layer, spanOf(first), decoding);
}

/**
 * Takes a message of a capture apart. `segment`: what is missing of a short message is no error, for it comes in others.
 * `unprotected`: what the protected records of a datagram of WTLS hold.
 * @throws {DecodeError} with the place in its octets
 */
export function takeCaptured(
  octets: Uint8Array,
  form: CapturedForm,
  options: TakeApartOptions,
  findings: Findings,
  segment = false,
  unprotected?: readonly UnprotectedRecord[],
): void {
  const withoutBody = form.kind === 'stream' && form.withoutBody === true;
  const opened = unprotected === undefined ? {} : { unprotected };
  const decoding: Decoding = { findings, options, segment, withoutBody, ...opened };
  if (form.kind === 'frame') takeFrame(spanOf(octets), decoding, takeInFrame, form.linkType);
  else if (form.kind === 'datagram') {
    takeUdpDatagram(spanOf(octets, 'reassembled'), decoding, takeInFrame, form.cut);
  } else if (form.kind === 'tls') takeTls(spanOf(octets, 'reassembled'), decoding);
  else if (form.kind === 'stream') {
    // Documents of PAP are HTTP bodies too.
    const isControl = form.layer === 'http' && isPap(octets);
    const span = spanOf(isControl ? unchunked(octets) : octets, 'reassembled');
    takeLayer(isControl ? 'pap' : form.layer, span, decoding);
  }
}

/** Reads what is Package #0 or nothing that we know. @throws {DecodeError} */
function takePlain(span: Span, decoding: Decoding): void {
  try {
    takeLayer('package0', span, decoding);
  } catch (error) {
    const isUnknown = error instanceof DecodeError && error.at.path === 'version';
    if (!isUnknown || decoding.options.contentType !== undefined) throw error;
    throw withOtherReadings(error, span.octets);
  }
}

/** Parts follow one another in the input. */
function spansOf(parts: readonly Uint8Array[]): readonly Span[] {
  let base = 0;
  return parts.map((octets) => {
    const span: Span = { ...spanOf(octets), base };
    base += octets.length;
    return span;
  });
}

function takeLayer(
  layer: Exclude<LayerName, 'frame' | 'sms' | 'tpdu'>,
  span: Span,
  decoding: Decoding,
): void {
  if (layer === 'message') {
    const octets = span.octets.subarray(span.start);
    takeDocument(span, documentForm(octets) ?? (isText(octets) ? 'xml' : 'wbxml'), decoding, false);
  } else if (layer === 'package0' || layer === 'auto') {
    takeBody(span, decoding.options.contentType ?? {}, decoding);
  } else takers[layer](span, decoding);
}

/** What a frame carries for a port that says nothing of it. */
function takeInFrame(span: Span, decoding: Decoding): void {
  const layer = layerOf(span.octets.subarray(span.start), decoding.options);
  if (layer === undefined || layer === 'tpdu' || layer === 'frame') addContent(decoding, span, 'content');
  else if (layer === 'sms') takeSms([span], layer, decoding);
  else takeLayer(layer, span, decoding);
}

const takers = {
  wsp: takeWsp,
  smpp: takeSmpp,
  sip: takeSip,
  obex: takeObex,
  pap: takePap,
  wtls: takeWtls,
  tls: takeTls,
  http: takeHttp,
} as const;

/** Whether the octets, alone, are a message that can be read whole. */
export function isMessage(parts: readonly Uint8Array[], options: TakeApartOptions): boolean {
  return holds(() => {
    const findings: Findings = { layers: [], deviations: [] };
    takeApart(parts, options, findings);
    return findings.refusal === undefined;
  });
}

/** Whether each of several parts is a segment of a short message. */
export function areSegments(parts: readonly Uint8Array[], as: LayerName): boolean {
  if (as !== 'auto' && as !== 'sms' && as !== 'tpdu') return false;
  return parts.every((octets) => {
    const [length = 0] = octets;
    return (length >= 5 && length < octets.length && length < 64) || tpduForm(octets) !== undefined;
  });
}

/**
 * Tells the layer from the octets. What says its own length, or begins with words, goes first; then what reads as a whole;
 * then what begins with the header of a document, so that a fault in it is told as such; the rest is Package #0.
 */
function outermostLayer(parts: readonly Uint8Array[], options: TakeApartOptions): LayerName {
  const [octets = new Uint8Array(0)] = parts;
  if (parts.length > 1) return 'sms';
  if (isFrame(octets)) return 'frame';
  const layer = layerOf(octets, options);
  if (layer !== undefined) return layer;
  if (hasPackage0Version(octets)) return 'package0';
  if (nearTpdu(octets) !== undefined) return 'tpdu';
  if (readWbxmlHeader(octets) !== undefined) return 'message';
  return isOtherWspPdu(octets) ? 'wsp' : 'package0';
}

/** Whether a version of Package #0 stands behind what would be its digest (DM-NOTI-1.2 §6.2.6): then it has a fault of its own. */
function hasPackage0Version(octets: Uint8Array): boolean {
  const version = ((octets[16] ?? 0) << 2) | ((octets[17] ?? 0) >> 6);
  return octets.length > 17 && (version === 11 || version === 12);
}

function isPackage0(octets: Uint8Array): boolean {
  return hasPackage0Version(octets) && holds(() => decodeNotification(octets).format !== undefined);
}

/** The layer that octets are; `undefined` when they say of none that they are it. */
function layerOf(octets: Uint8Array, { contentType }: TakeApartOptions): LayerName | undefined {
  if (isPap(octets)) return 'pap';
  if (isHttp(octets)) return 'http';
  // A digest may begin as a document does: one in 256.
  if (documentForm(octets) === 'xml') return isPackage0(octets) ? 'package0' : 'message';
  if (isSip(octets)) return 'sip';
  if (isSmpp(octets)) return 'smpp';
  if (isUserData(octets)) return 'sms';
  if (holds(() => decodePush(octets).pduType === pduTypes.push)) return 'wsp';
  if (contentType !== undefined) return 'package0';
  if (isDocument(octets)) return 'message';
  if (tpduForm(octets) !== undefined) return 'tpdu';
  if (isObex(octets)) return 'obex';
  if (isWtls(octets)) return 'wtls';
  if (isTlsRecords(octets)) return 'tls';
  return holds(() => decodeNotification(octets).format !== undefined) ? 'package0' : undefined;
}

function isText(octets: Uint8Array): boolean {
  return (octets[0] ?? 0) > 0x03;
}
