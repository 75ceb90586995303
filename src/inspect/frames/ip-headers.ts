// IPv4, IPv6, UDP and TCP, as far as they lead to what is in them (RFC 791, RFC 8200, RFC 768, RFC 9293). No codec: lengths and the
// checksum of IPv4 are looked at, so that octets are taken for a datagram only where they fit.
import { type Annotation, DecodeError, type Deviation } from '../../core/index.ts';
import { ip4Text, ip6Text } from './address-text.ts';
import { type Frame, frameError, frameFault, frameField, hex16, u16 } from './frame-fields.ts';
import {
  authentication,
  authenticationSize,
  extensionSize,
  ip4Total,
  ip6Total,
  isExtension,
  isWholeUdp,
} from './packet-headers.ts';

interface Fragment {
  readonly offset: number;
  readonly more: boolean;
}

/** The fixed header and its options. */
interface IpHeader {
  /** Octets of the header, and of header and content together. */
  readonly size: number;
  readonly total: number;
  readonly lengthAt: number;
  readonly protocol: number;
  readonly fragment?: Fragment | undefined;
  /** The checksum is there and holds. */
  readonly checked?: boolean;
}

const protocols: Readonly<Record<number, string>> = {
  ...{ 1: 'ICMP', 6: 'TCP', 17: 'UDP', 50: 'ESP', 51: 'AH', 58: 'ICMPv6' },
};
const section4 = 'RFC 791 §3.1';
const section6 = 'RFC 8200 §3';

/**
 * Reads a datagram at `at`, and the header of UDP or TCP in it; where that ends early, the frame says so as its `error`.
 * @throws {DecodeError} TRUNCATED, BAD_VALUE where there is no header of IP
 */
export function readIp(octets: Uint8Array, at: number, version: 4 | 6): Frame {
  const [section, least] = version === 4 ? [section4, 20] : [section6, 40];
  if (octets.length - at < least) {
    throw frameError('TRUNCATED', `needs ${least} octets, ${octets.length - at} left`, 'ip', at, section);
  }
  const found = (octets[at] ?? 0) >> 4;
  if (found !== version) {
    throw frameError('BAD_VALUE', `version ${found}, not ${version}`, 'ip', at, section);
  }
  const annotations = [frameField([at, 1], 'version', String(version), section)];
  const faults: Deviation[] = [];
  const header = readHeader(octets, at, version, annotations, faults);
  if (header instanceof DecodeError) {
    const end = octets.length;
    const headers = [{ name: 'ip', title: `IPv${version}`, start: at, end, annotations } as const];
    return { headers, start: end, end, what: 'IP', faults, error: header };
  }
  const { size, total, lengthAt, protocol, fragment, checked = false } = header;
  const end = Math.min(at + total, octets.length);
  const start = Math.min(at + size, end);
  const cut = at + total > end ? `the capture holds ${end - at} of ${total} octets` : undefined;
  if (cut !== undefined) faults.push(frameFault(lengthAt, 'length', cut, section));
  const partial =
    fragment && `a fragment of a datagram, ${fragmentText(fragment)}: the others stand in other frames`;
  // A length of IP that was damaged takes nothing from a datagram that is all there.
  const whole = cut !== undefined && protocol === 17 && !fragment && isWholeUdp(octets, start);
  const frame: Frame = {
    headers: [{ name: 'ip', title: `IPv${version}`, start: at, end, annotations }],
    start,
    end: whole ? start + u16(octets, start + 4) : end,
    what: protocols[protocol] ?? `IP protocol ${protocol}`,
    faults,
    checked,
    unsaid: u16(octets, lengthAt) === 0,
    ...(partial === undefined ? {} : { partial }),
    ...(cut === undefined || whole ? {} : { cut }),
  };
  const begins = fragment === undefined || fragment.offset === 0;
  if (!begins || (protocol !== 6 && protocol !== 17)) return frame;
  const error = protocol === 6 ? tcpError(octets, frame) : udpError(frame);
  if (error !== undefined) return { ...frame, error };
  return protocol === 6 ? withTcp(octets, frame) : withUdp(octets, frame);
}

/** The header of IP; an error where it ends early, and fields of it stand in `annotations`. @throws {DecodeError} */
function readHeader(
  octets: Uint8Array,
  at: number,
  version: 4 | 6,
  annotations: Annotation[],
  faults: Deviation[],
): IpHeader | DecodeError {
  const before = annotations.length;
  try {
    return version === 4 ? readIp4(octets, at, annotations, faults) : readIp6(octets, at, annotations);
  } catch (error) {
    if (error instanceof DecodeError && annotations.length > before) return error;
    throw error;
  }
}

function readIp4(octets: Uint8Array, at: number, annotations: Annotation[], faults: Deviation[]): IpHeader {
  const size = ((octets[at] ?? 0) & 15) * 4;
  const total = ip4Total(octets, at);
  if (size < 20 || total < size || octets.length - at < size) {
    throw frameError('BAD_VALUE', `a header of ${size} octets in ${total}`, 'ip', at, section4);
  }
  const protocol = octets[at + 9] ?? 0;
  const word = u16(octets, at + 6);
  const fragment = { offset: (word & 0x1fff) * 8, more: (word & 0x2000) !== 0 };
  const whole = fragment.offset === 0 && !fragment.more;
  let sum = 0;
  for (let i = 0; i < size; i += 2) sum += u16(octets, at + i);
  const holds = (sum & 0xffff) + (sum >> 16) === 0xffff;
  const written = u16(octets, at + 10);
  const judged = holds ? 'holds' : written === 0 ? 'left to the network card' : 'does not hold';
  annotations.push(
    frameField([at + 2, 2], 'length', String(u16(octets, at + 2)), section4, lengthText(octets, at + 2)),
    frameField([at + 4, 2], 'identification', hex16(u16(octets, at + 4)), section4),
    frameField([at + 6, 2], 'fragment', hex16(word), section4, whole ? 'whole' : fragmentText(fragment)),
    frameField([at + 9, 1], 'protocol', String(protocol), section4, protocols[protocol]),
    frameField([at + 10, 2], 'checksum', hex16(written), section4, judged),
    ...['source', 'destination'].map((name, index) =>
      frameField([at + 12 + index * 4, 4], name, ip4Text(octets, at + 12 + index * 4), section4),
    ),
  );
  if (!holds && written !== 0) faults.push(frameFault(at + 10, 'checksum', 'does not hold', section4));
  const inner = whole
    ? behindAuthentication(octets, at + size, at + total, protocol, annotations)
    : undefined;
  return {
    size: inner === undefined ? size : inner.next - at,
    total,
    lengthAt: at + 2,
    protocol: inner?.protocol ?? protocol,
    fragment: whole ? undefined : fragment,
    checked: holds,
  };
}

/** What follows authentication headers in IPv4, which leave it as it is; one that is not whole stands for itself. */
function behindAuthentication(
  octets: Uint8Array,
  start: number,
  end: number,
  first: number,
  annotations: Annotation[],
): { readonly protocol: number; readonly next: number } {
  let [protocol, next] = [first, start];
  while (protocol === authentication) {
    const size = authenticationSize(octets, next);
    if (next + size > Math.min(octets.length, end)) break;
    annotations.push(authenticationField(octets, next, size));
    protocol = octets[next] ?? 0;
    next += size;
  }
  return { protocol, next };
}

/** The authentication header; what it proves is not checked. */
function authenticationField(octets: Uint8Array, at: number, size: number): Annotation {
  const association = hex16(u16(octets, at + 4)) + hex16(u16(octets, at + 6)).slice(2);
  return frameField([at, size], 'authentication', association, 'RFC 4302 §2', 'its association; not checked');
}

function readIp6(octets: Uint8Array, at: number, annotations: Annotation[]): IpHeader {
  const said = String(u16(octets, at + 4));
  const total = ip6Total(octets, at);
  let protocol = octets[at + 6] ?? 0;
  annotations.push(
    frameField(
      [at + 4, 2],
      'length',
      said,
      section6,
      lengthText(octets, at + 4, 'octets behind this header'),
    ),
    frameField([at + 6, 1], 'nextHeader', String(protocol), section6, protocols[protocol]),
    ...['source', 'destination'].map((name, index) => {
      const place = at + 8 + index * 16;
      return frameField([place, 16], name, ip6Text(octets, place), section6);
    }),
  );
  let next = at + 40;
  let fragment: Fragment | undefined;
  while (protocol === 44 || isExtension(protocol)) {
    const size = protocol === 44 ? 8 : extensionSize(octets, protocol, next);
    if (next + size > Math.min(octets.length, at + total)) {
      throw frameError('TRUNCATED', `an extension of ${size} octets`, 'ip', next, 'RFC 8200 §4');
    }
    const word = u16(octets, next + 2);
    if (protocol === 44) fragment = { offset: word & 0xfff8, more: (word & 1) !== 0 };
    const [name, value] =
      protocol === 44 && fragment ? ['fragment', fragmentText(fragment)] : ['options', ''];
    annotations.push(
      protocol === authentication
        ? authenticationField(octets, next, size)
        : frameField([next, size], name, value, 'RFC 8200 §4'),
    );
    protocol = octets[next] ?? 0;
    next += size;
  }
  if (fragment?.offset === 0 && !fragment.more) fragment = undefined;
  return { size: next - at, total, lengthAt: at + 4, protocol, fragment };
}

function lengthText(octets: Uint8Array, at: number, text = 'octets, with this header'): string {
  return u16(octets, at) === 0 ? 'left to the network card: all that is there' : text;
}

/**
 * Reads a datagram of UDP that was put together of fragments: it begins with its own header. `lacks`: its last fragments never
 * came.
 * @throws {DecodeError}
 */
export function readUdp(octets: Uint8Array, lacks = false): Frame {
  const cut = lacks ? `the capture holds ${octets.length} of ${u16(octets, 4)} octets` : undefined;
  const base = { headers: [], start: 0, end: octets.length, what: 'UDP', faults: [] };
  const frame: Frame = cut === undefined ? base : { ...base, cut };
  const error = udpError(frame);
  if (error !== undefined) throw error;
  return withUdp(octets, frame);
}

/** Why there is no whole header of UDP. */
function udpError({ start, end }: Frame): DecodeError | undefined {
  if (end - start >= 8) return undefined;
  return frameError('TRUNCATED', `${end - start} octets of UDP`, 'udp', start, 'RFC 768');
}

function withUdp(octets: Uint8Array, frame: Frame): Frame {
  const { start, end, partial, cut } = frame;
  const section = 'RFC 768';
  const length = u16(octets, start + 4);
  const whole = partial === undefined && cut === undefined;
  const fits = whole ? length === end - start : length > end - start;
  const fault = frameFault(start + 4, 'length', `UDP says ${length} octets, IP ${end - start}`, section);
  const annotations = [
    frameField([start + 4, 2], 'length', String(length), section, 'octets, with this header'),
  ];
  const inner = { ...frame, faults: fits ? frame.faults : [...frame.faults, fault] };
  return withPorts(octets, inner, 'udp', start + 8, section, annotations);
}

const tcpSection = 'RFC 9293 §3.1';

/** Why there is no whole header of TCP. */
function tcpError(octets: Uint8Array, { start, end, cut }: Frame): DecodeError | undefined {
  const there = end - start;
  const size = there > 12 ? ((octets[start + 12] ?? 0) >> 4) * 4 : 20;
  if (size >= 20 && there >= size) return undefined;
  const code = cut === undefined || size < 20 ? 'BAD_VALUE' : 'TRUNCATED';
  return frameError(code, `a header of ${size} octets in ${there}`, 'tcp', start, tcpSection);
}

function withTcp(octets: Uint8Array, frame: Frame): Frame {
  const { start } = frame;
  const section = tcpSection;
  const size = ((octets[start + 12] ?? 0) >> 4) * 4;
  const flags = octets[start + 13] ?? 0;
  const set = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'].filter((_, bit) => ((flags >> bit) & 1) === 1);
  const sequence = String(u16(octets, start + 4) * 65_536 + u16(octets, start + 6));
  const annotations = [
    frameField([start + 4, 4], 'sequence', sequence, section),
    frameField([start + 13, 1], 'flags', hex16(flags).replace('0x00', '0x'), section, set.join(', ')),
  ];
  return withPorts(octets, frame, 'tcp', start + size, section, annotations);
}

function withPorts(
  octets: Uint8Array,
  frame: Frame,
  protocol: 'udp' | 'tcp',
  next: number,
  section: string,
  more: readonly Annotation[],
): Frame {
  const { start, end, headers } = frame;
  const [source, destination] = [u16(octets, start), u16(octets, start + 2)];
  const annotations = [
    frameField([start, 2], 'sourcePort', String(source), section),
    frameField([start + 2, 2], 'destinationPort', String(destination), section),
    ...more,
  ];
  const header = { name: protocol, title: protocol.toUpperCase(), start, end, annotations };
  return { ...frame, headers: [...headers, header], ports: { protocol, source, destination }, start: next };
}

function fragmentText({ offset, more }: Fragment): string {
  return `from octet ${offset} on, ${more ? 'more follow' : 'the last'}`;
}
