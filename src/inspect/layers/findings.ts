// What is found while octets are taken apart, layer by layer.
import type { DecodedNotification, NonceUsed, VerifyKey } from '../../codec/notification/index.ts';
import type { XmlElement } from '../../codec/xml/index.ts';
import { type Annotate, type Annotation, DecodeError, type Deviation } from '../../core/index.ts';

/** The outermost layer of what is decoded; `auto` finds it out. */
export const layerNames = [
  'auto',
  'package0',
  'wsp',
  'sms',
  'tpdu',
  'message',
  'smpp',
  'sip',
  'obex',
  'pap',
  'wtls',
  'tls',
  'http',
  'frame',
] as const;

/** One of `layerNames`. */
export type LayerName = (typeof layerNames)[number];

/** How to take octets apart. */
export interface TakeApartOptions {
  readonly as: LayerName;
  /** Content type of the body, where no layer around it says it. */
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
      /** True when the body was Base64 of the octets. */
      readonly base64: boolean;
    }
  | {
      readonly kind: 'message';
      readonly form: 'wbxml' | 'xml';
      readonly root: XmlElement;
      /** The octets that it was read from. */
      readonly body: Uint8Array;
    }
  | {
      /** A document that is no DM message. */
      readonly kind: 'document';
      /** As media types have it: `devinf`, `connectivity`, `pap`, `dmtnds`, or `other`. */
      readonly type: string;
      readonly form: 'wbxml' | 'xml';
      readonly root: XmlElement;
    };

/** What became of a protected record of WTLS. */
export type UnprotectedRecord =
  | {
      /** What it holds, without MAC and padding. */
      readonly fragment: Uint8Array;
      /** Which secret opened it, in words. */
      readonly by: string;
    }
  /** Why it stays closed, and what would open it. */
  | { readonly why: string };

/** What layers are. */
export const foundLayerNames = [
  'package0',
  'wsp',
  'smpp',
  'sip',
  'obex',
  'pap',
  'wtls',
  'tls',
  'http',
  'ethernet',
  'linux-cooked',
  'loopback',
  'ip',
  'udp',
  'tcp',
  'sms-user-data',
  'sms-tpdu',
  'wbxml',
  'xml',
  'multipart',
  'content',
] as const;

/** What a layer is. */
export type FoundLayerName = (typeof foundLayerNames)[number];

/** Octets of a layer: from `start` to the end of `octets`. */
export interface Span {
  /** Offsets of annotations and errors count from their start. */
  readonly octets: Uint8Array;
  readonly start: number;
  /** Where `octets` begin in the whole input: the segments of a short message follow one another. */
  readonly base: number;
  /** `reassembled` octets were put together from several places, and are counted by themselves. */
  readonly within: 'input' | 'reassembled';
}

/** One layer: its fields, and the octets that their offsets count in. */
export interface FoundLayer extends Span {
  name: FoundLayerName;
  title: string;
  readonly annotations: Annotation[];
}

/** What was found so far. It grows while octets are taken apart, so that an error leaves what came before it. */
export interface Findings {
  readonly layers: FoundLayer[];
  readonly deviations: Deviation[];
  payload?: Payload;
  /** Why no DM client would take what was read. */
  refusal?: DecodeError;
}

/** Findings, and how to go on. */
export interface Decoding {
  readonly findings: Findings;
  readonly options: TakeApartOptions;
  /** Segments of a short message that are missing are no error: they come in other messages of the capture. */
  readonly segment?: boolean;
  /** An answer of HTTP to HEAD, which has no body. */
  readonly withoutBody?: boolean;
  /** What the protected records of a datagram of WTLS hold. */
  readonly unprotected?: readonly UnprotectedRecord[];
}

/** Findings with nothing found yet. */
export function noFindings(): Findings {
  return { layers: [], deviations: [] };
}

/** The octets as a span of their own. */
export function spanOf(octets: Uint8Array, within: Span['within'] = 'input'): Span {
  return { octets, start: 0, base: 0, within };
}

/** Number of octets of a span. */
export function lengthOf(span: Span): number {
  return span.octets.length - span.start;
}

/** The part of a span from `start` to `end`, which count as the span does. */
export function part(span: Span, start: number, end = span.octets.length): Span {
  const { octets, base, within } = span;
  return { octets: end === octets.length ? octets : octets.subarray(0, end), start, base, within };
}

/** Layers of one message at most: packets and segments are layers each. */
const mostLayers = 512;

/** Adds a layer; its decoder is given `annotate`. @throws {DecodeError} LIMIT beyond 512 layers */
export function addLayer(
  { findings }: Decoding,
  span: Span,
  name: FoundLayerName,
  title: string,
): { readonly layer: FoundLayer; readonly annotate: Annotate } {
  if (findings.layers.length >= mostLayers) {
    const at = { path: '', offset: span.start, bit: 0 };
    const detail = `more than ${mostLayers} layers; give fewer packets at a time`;
    throw new DecodeError('LIMIT', detail, at, { doc: 'Reveille', section: '' });
  }
  const { octets, start, base, within } = span;
  const layer: FoundLayer = { octets, start, base, within, name, title, annotations: [] };
  findings.layers.push(layer);
  return { layer, annotate: (annotation) => layer.annotations.push(annotation) };
}

/** As `annotate`, for a decoder that counts from the start of the span. */
export function shift(by: number, annotate: Annotate): Annotate {
  return (annotation) => annotate(by === 0 ? annotation : { ...annotation, offset: annotation.offset + by });
}

/** Runs a decoder of a part that starts at `by`; its errors count from the start of the whole. */
export function shifted<T>(by: number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError) || by === 0) throw error;
    const at = { ...error.at, offset: error.at.offset + by };
    throw new DecodeError(error.code, error.detail, at, error.spec);
  }
}

/** Octets that no layer of ours explains. */
export function addContent(decoding: Decoding, span: Span, what: string): void {
  const { annotate } = addLayer(decoding, span, 'content', `${what} (${lengthOf(span)} octets)`);
  annotate({
    offset: span.start,
    length: lengthOf(span),
    field: 'content',
    value: `${lengthOf(span)} octets`,
    meaning: 'not taken apart',
    // What DM clients take, and this is none of it.
    section: 'DM-NOTI-1.3 §7.1',
  });
}

/** Whether a decoder reads the octets; only a `DecodeError` says no. */
export function holds(test: () => boolean): boolean {
  try {
    return test();
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}
