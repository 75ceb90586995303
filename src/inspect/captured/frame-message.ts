// Messages of a capture that are a frame as it stands: what is said of one depends on no other, so that any thread can say it.
import type { CaptureTime } from '../capture/packet.ts';
import { timeText } from '../capture/time-stamp.ts';
import { ip4Text, ip6Text } from '../frames/address-text.ts';
import { u16 } from '../frames/frame-fields.ts';
import { noHeaders, type PacketHeaders, readPacketHeaders } from '../frames/packet-headers.ts';
import type {
  CapturedEnd,
  CapturedForm,
  CapturedMessage,
  CapturedProtocol,
} from '../streams/captured-message.ts';

/** A frame that is a message by itself. */
export interface CapturedFrame {
  /** The number of the message, from 1. */
  readonly number: number;
  /** The number of the frame in the file, from 1. */
  readonly frame: number;
  readonly time: CaptureTime | undefined;
  /** Number of the link layer (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  readonly octets: Uint8Array;
  /** Where they begin in the file. */
  readonly offset: number;
}

/** Numbers of protocols in IP. */
export const protocols = { tcp: 6, udp: 17 } as const;

const datagramProtocols: ReadonlyMap<number, CapturedProtocol> = new Map([
  [2948, 'wsp'],
  [9200, 'wsp'],
  [9201, 'wsp'],
  [2949, 'wtls'],
  [9202, 'wtls'],
  [9203, 'wtls'],
  [5060, 'sip'],
]);

/** Both ends; none where the frame is no IP. */
export type Ends = readonly [CapturedEnd, CapturedEnd] | readonly [];

const headers: PacketHeaders = noHeaders();

/** The message that a frame is; what WTLS in it holds is not said. */
export function frameMessage({
  number,
  frame,
  time: seen,
  linkType,
  octets,
  offset,
}: CapturedFrame): CapturedMessage {
  readPacketHeaders(linkType, octets, headers);
  const ends = endsOf(octets, octets.subarray(headers.content, headers.end), headers);
  const time = seen === undefined ? undefined : timeText(seen);
  return {
    number,
    ...(time === undefined ? {} : { time }),
    ...named(ends),
    protocol: frameProtocol(octets, headers),
    form: frameForm(linkType),
    octets,
    offset,
    frames: [frame],
    ...(headers.missing > 0 ? { missing: true } : {}),
  };
}

/** What a frame carries by its ports; `headers` are its own. */
export function frameProtocol(
  octets: Uint8Array,
  { version, protocol, content, end }: PacketHeaders,
): CapturedProtocol {
  if (version === 0 || protocol !== protocols.udp || end - content < 8) return 'other';
  return datagramProtocol(u16(octets, content), u16(octets, content + 2));
}

/** What a datagram of UDP is by its ports, that of its destination first. */
export function datagramProtocol(source = 0, destination = 0): CapturedProtocol {
  return datagramProtocols.get(destination) ?? datagramProtocols.get(source) ?? 'udp';
}

const frameForms = new Map<number, CapturedForm>();

/** The form of frames of a link layer. */
export function frameForm(linkType: number): CapturedForm {
  const known = frameForms.get(linkType);
  if (known !== undefined) return known;
  const form = { kind: 'frame', linkType } as const;
  if (frameForms.size < 16) frameForms.set(linkType, form);
  return form;
}

/** The ends as a message has them. */
export function named([source, destination]: Ends): {
  readonly source?: CapturedEnd;
  readonly destination?: CapturedEnd;
} {
  return source === undefined || destination === undefined || source.address === ''
    ? {}
    : { source, destination };
}

/** Both ends, with ports where the content of IP is there; nowhere for what is no IP. */
export function endsOf(
  octets: Uint8Array,
  content: Uint8Array,
  { version, ip, protocol }: PacketHeaders,
): readonly [CapturedEnd, CapturedEnd] {
  if (version === 0) return nowhere;
  return endsAt(octets, ip + (version === 4 ? 12 : 8), content, { version, protocol });
}

/** As `endsOf`, where both addresses of IP stand at `at`. */
export function endsAt(
  octets: Uint8Array,
  at: number,
  content: Uint8Array,
  { version, protocol }: { readonly version: 4 | 6; readonly protocol: number },
): readonly [CapturedEnd, CapturedEnd] {
  const source = version === 4 ? ip4Text(octets, at) : ip6Text(octets, at);
  const destination = version === 4 ? ip4Text(octets, at + 4) : ip6Text(octets, at + 16);
  const ports = (protocol === protocols.tcp || protocol === protocols.udp) && content.length >= 4;
  return ports
    ? [
        { address: source, port: u16(content, 0) },
        { address: destination, port: u16(content, 2) },
      ]
    : [{ address: source }, { address: destination }];
}

const nowhere: readonly [CapturedEnd, CapturedEnd] = [{ address: '' }, { address: '' }];
