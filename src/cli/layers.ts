// Takes octets apart layer by layer: SMS user data, WSP, then Package #0 or a DM message. Offsets in annotations and
// errors always count from the start of the octets that the user gave.
import {
  type DecodedNotification,
  decodeNotification,
  type NonceUsed,
  type VerifyKey,
  verifyNotification,
} from '../codec/notification/index.ts';
import { decodeUserData, Reassembler } from '../codec/sms/index.ts';
import { decodeWbxml } from '../codec/wbxml/index.ts';
import { classifyPush, decodePush, dmContentKind } from '../codec/wsp/index.ts';
import { readXml, type XmlElement } from '../codec/xml/index.ts';
import {
  type Annotate,
  type Annotation,
  bytesToUtf8,
  DecodeError,
  type Deviation,
  systemClock,
} from '../core/index.ts';

/** The outermost layer of what is decoded; `auto` finds it out. */
export type LayerName = 'auto' | 'package0' | 'wsp' | 'sms' | 'message';

/** How to take octets apart. */
export interface TakeApartOptions {
  readonly as: LayerName;
  /** Content type of the body, where no WSP header says it. */
  readonly contentType?: { readonly code?: number; readonly mime?: string };
  /** Checks the digest. */
  readonly key?: VerifyKey;
}

/** What the innermost layer is. */
export type Payload =
  | {
      readonly kind: 'notification';
      readonly decoded: DecodedNotification;
      /** Nonce under which the digest holds; `null` when it does not; `undefined` when no key was given. */
      readonly nonce: NonceUsed | null | undefined;
    }
  | {
      readonly kind: 'message';
      readonly form: 'wbxml' | 'xml';
      readonly root: XmlElement;
      /** The octets that it was read from. */
      readonly body: Uint8Array;
    };

/** One layer: its fields, and the octets that their offsets count in. */
export interface FoundLayer {
  readonly title: string;
  readonly annotations: Annotation[];
  readonly octets: Uint8Array;
}

/** What was found so far. It grows while octets are taken apart, so that an error leaves what came before it. */
export interface Findings {
  readonly layers: FoundLayer[];
  readonly deviations: Deviation[];
  payload?: Payload;
}

/** Findings with nothing found yet. */
export function noFindings(): Findings {
  return { layers: [], deviations: [] };
}

/**
 * Takes one message apart, given as one or more parts (several only as SMS segments), and notes all it meets in
 * `findings`.
 * @throws {DecodeError} with the place in the octets given
 */
export function takeApart(parts: readonly Uint8Array[], options: TakeApartOptions, findings: Findings): void {
  const [first = new Uint8Array(0)] = parts;
  const layer = options.as === 'auto' ? outermostLayer(parts) : options.as;
  if (layer === 'sms') takeSms(parts, options, findings);
  else if (layer === 'wsp') takeWsp(first, 0, options, findings);
  else if (layer === 'message') takeBody(first, 0, { mime: messageMime(first) }, options, findings);
  else takeBody(first, 0, options.contentType ?? {}, options, findings);
}

/** Tells the layer from the first octets: a port header for 2948, a WSP push, a WBXML or XML document, else Package #0. */
function outermostLayer(parts: readonly Uint8Array[]): LayerName {
  const [first = new Uint8Array(0)] = parts;
  if (parts.length > 1 || holds(() => decodeUserData(first).header.ports?.destination === 2948)) return 'sms';
  if (holds(() => decodePush(first).pduType === 0x06)) return 'wsp';
  const looksLikeDocument = [0x01, 0x02, 0x03, 0x3c].includes(first[0] ?? 0);
  if (looksLikeDocument && holds(() => readDocument(first).name !== '')) return 'message';
  return 'package0';
}

function holds(test: () => boolean): boolean {
  try {
    return test();
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

function takeSms(parts: readonly Uint8Array[], options: TakeApartOptions, findings: Findings): void {
  const reassembler = new Reassembler({ clock: systemClock() });
  try {
    takeSegments(parts, reassembler, options, findings);
  } finally {
    reassembler.close();
  }
}

function takeSegments(
  parts: readonly Uint8Array[],
  reassembler: Reassembler,
  options: TakeApartOptions,
  findings: Findings,
): void {
  for (const [index, part] of parts.entries()) {
    const annotations: Annotation[] = [];
    const which = parts.length === 1 ? '' : `, segment ${index + 1} of ${parts.length}`;
    const title = `SMS user data${which} (${part.length} octets)`;
    findings.layers.push({ title, annotations, octets: part });
    const { header, payload, payloadOffset } = decodeUserData(part, {
      annotate: (annotation) => annotations.push(annotation),
    });
    const result = reassembler.add({ from: '', to: '', header, payload });
    if (result.status === 'complete') {
      // A datagram of several parts has no one place in the input: from here on offsets count in the datagram.
      const single = parts.length === 1;
      takeWsp(single ? part : result.datagram, single ? payloadOffset : 0, options, findings);
      return;
    }
  }
  throw new DecodeError(
    'TRUNCATED',
    'segments are missing: give all segments of the message on one line',
    { path: 'concatenation', offset: 0, bit: 0 },
    { doc: '3GPP TS 23.040', section: '9.2.3.24.1' },
  );
}

function takeWsp(octets: Uint8Array, start: number, options: TakeApartOptions, findings: Findings): void {
  const annotations: Annotation[] = [];
  findings.layers.push({ title: 'WSP connectionless push', annotations, octets });
  const push = decodePush(octets, {
    start,
    annotate: (annotation) => {
      if (annotation.field !== 'body') annotations.push(annotation);
    },
  });
  const verdict = classifyPush(push);
  if (!verdict.accepted) {
    const field = {
      'pdu-type': 'pduType',
      'application-id': 'X-Wap-Application-Id',
      'content-type': 'Content-Type',
    };
    const path = field[verdict.reason];
    const offset = annotations.find((annotation) => annotation.field.startsWith(path))?.offset ?? start;
    throw new DecodeError(
      'UNSUPPORTED',
      `not a push for DM: ${verdict.detail}`,
      { path, offset, bit: 0 },
      { doc: 'DM-NOTI-1.3', section: '7.1.1' },
    );
  }
  const type = { mime: verdict.contentType.mime, ...codeOf(verdict.contentType.code) };
  takeBody(octets, push.bodyOffset, type, options, findings);
}

/** Reads the body that stands in `octets` from `offset` to their end. */
function takeBody(
  octets: Uint8Array,
  offset: number,
  type: { readonly code?: number; readonly mime?: string },
  options: TakeApartOptions,
  findings: Findings,
): void {
  const body = octets.subarray(offset);
  const annotations: Annotation[] = [];
  const annotate = shift(offset, (annotation) => annotations.push(annotation));
  const kind = dmContentKind(type);
  if (kind === 'dm+wbxml' || kind === 'dm+xml') {
    const form = kind === 'dm+wbxml' ? 'wbxml' : 'xml';
    findings.layers.push({
      title: `DM message in ${form.toUpperCase()} (${body.length} octets)`,
      annotations,
      octets,
    });
    const root = shifted(offset, () =>
      form === 'xml' ? readXml(body) : decodeWbxml(body, { annotate, language: 'syncml' }).root,
    );
    findings.payload = { kind: 'message', form, root, body };
    return;
  }
  findings.layers.push({ title: `Package #0 (${body.length} octets)`, annotations, octets });
  const decoded = shifted(offset, () =>
    decodeNotification(body, {
      annotate,
      ...(type.code === undefined ? {} : { contentTypeCode: type.code }),
      ...(type.mime === undefined ? {} : { mime: type.mime }),
      ...(options.key === undefined ? {} : { key: options.key }),
    }),
  );
  findings.layers[findings.layers.length - 1] = {
    title: `Package #0, format ${decoded.format} (${body.length} octets)`,
    annotations,
    octets,
  };
  for (const deviation of decoded.deviations) {
    findings.deviations.push({ ...deviation, offset: deviation.offset + offset });
  }
  const nonce = options.key === undefined ? undefined : verifyNotification(decoded, options.key);
  findings.payload = { kind: 'notification', decoded, nonce };
}

/** The XML or WBXML document that the octets are. @throws {DecodeError} */
function readDocument(octets: Uint8Array): XmlElement {
  return messageMime(octets).endsWith('+xml') ? readXml(octets) : decodeWbxml(octets).root;
}

/** WBXML begins with a version number, XML with `<` or white space. */
function messageMime(octets: Uint8Array): string {
  const isXml = (octets[0] ?? 0) > 0x03 && bytesToUtf8(octets) !== undefined;
  return `application/vnd.syncml.dm+${isXml ? 'xml' : 'wbxml'}`;
}

function codeOf(code: number | undefined): { readonly code?: number } {
  return code === undefined ? {} : { code };
}

function shift(by: number, annotate: (annotation: Annotation) => void): Annotate {
  return (annotation) => annotate(by === 0 ? annotation : { ...annotation, offset: annotation.offset + by });
}

/** Runs a decoder of a part that starts at `by`; its errors count from the start of the whole. */
function shifted<T>(by: number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError) || by === 0) throw error;
    throw new DecodeError(
      error.code,
      error.detail,
      { ...error.at, offset: error.at.offset + by },
      error.spec,
    );
  }
}
