// One message of a capture: what it is made of and where it was seen, before anybody takes it apart.
import type { UnprotectedRecord } from '../layers/findings.ts';

/** Address and port of one end; without a port where there is none. */
export interface CapturedEnd {
  readonly address: string;
  readonly port?: number;
}

/** What a message came over, by port or by what it says itself; `other` is none of ours. */
export const capturedProtocols = [
  'wsp',
  'wtls',
  'sip',
  'smpp',
  'obex',
  'http',
  'tls',
  'udp',
  'tcp',
  'other',
] as const;

/** One of `capturedProtocols`. */
export type CapturedProtocol = (typeof capturedProtocols)[number];

/** Protocols that are cut out of streams of TCP. */
export type StreamLayer = 'smpp' | 'sip' | 'obex' | 'http';

/** How the octets of a message of a capture are read. */
export type CapturedForm =
  /** A frame from its link layer on, with what is in it. */
  | { readonly kind: 'frame'; readonly linkType: number }
  /** A datagram of UDP with its header, put together of fragments of IP. */
  | {
      readonly kind: 'datagram';
      /** Fragments behind these octets never came. */
      readonly cut?: true;
    }
  /** One or more messages of this protocol, cut out of a stream of TCP. */
  | {
      readonly kind: 'stream';
      readonly layer: StreamLayer;
      /** An answer to HEAD: it says how long a body would be, and has none. */
      readonly withoutBody?: true;
    }
  /** A record of TLS. */
  | { readonly kind: 'tls' }
  /** Nothing to read: a note says what there is. */
  | { readonly kind: 'note' };

/** A message that a capture holds. It can be taken apart at any time, and is plain data: it can be handed to a worker. */
export interface CapturedMessage {
  /** Its number among the messages of the capture, from 1. */
  readonly number: number;
  /** When its last octet was seen, in ISO 8601; absent where the capture does not say. */
  readonly time?: string;
  /** Numbers of the frames that it was read from, in order of its octets; of very long lists the first 64. */
  readonly frames: readonly number[];
  readonly source?: CapturedEnd;
  readonly destination?: CapturedEnd;
  readonly protocol: CapturedProtocol;
  readonly form: CapturedForm;
  /** What offsets count in: the frame, or what was put together. */
  readonly octets: Uint8Array;
  /** Where they begin in the file; absent where they were put together. Who has the file need not keep the octets. */
  readonly offset?: number;
  /** What there is to say of it before it is read: octets that are missing, what is none of ours. */
  readonly note?: string;
  /** Of a datagram of WTLS: what its protected records hold, in their order. */
  readonly unprotected?: readonly UnprotectedRecord[];
  /** It is a segment of a short message whose other segments come in other messages, or never came. */
  readonly segment?: true;
  /** The capture lacks some of it: what is there could not be read whole. */
  readonly missing?: true;
}

/** A message as it is found, before it has its number. */
export type FoundMessage = Omit<CapturedMessage, 'number'>;

/** Frames that a message names at most. */
export const mostNamedFrames = 64;
