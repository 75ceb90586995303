// IPv4, IPv6, UDP and TCP, as far as they lead to what is in them (RFC 791, RFC 8200, RFC 768, RFC 9293). No codec: lengths and the
// checksum of IPv4 are looked at, so that octets are taken for a datagram only where they fit.
import { type Annotation, bytesToHex, type Deviation } from '../../core/index.ts';
import { type Frame, frameError, frameFault, frameField, hex16, u16 } from './frame-fields.ts';

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
}

const protocols: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6' };
const section4 = 'RFC 791 §3.1';
const section6 = 'RFC 8200 §3';

/** Reads a datagram at `at`, and the header of UDP or TCP in it. @throws {DecodeError} TRUNCATED, BAD_VALUE */
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
  const read = version === 4 ? readIp4 : readIp6;
  const { size, total, lengthAt, protocol, fragment } = read(octets, at, annotations, faults);
  const end = Math.min(at + total, octets.length);
  const cut = at + total > end ? `the capture holds ${end - at} of ${total} octets` : undefined;
  if (cut !== undefined) faults.push(frameFault(lengthAt, 'length', cut, section));
  const partial =
    cut ??
    (fragment && `a fragment of a datagram, ${fragmentText(fragment)}: the others stand in other frames`);
  const frame: Frame = {
    headers: [{ name: 'ip', title: `IPv${version}`, start: at, end, annotations }],
    start: Math.min(at + size, end),
    end,
    what: protocols[protocol] ?? `IP protocol ${protocol}`,
    faults,
    ...(partial === undefined ? {} : { partial }),
  };
  const begins = fragment === undefined || fragment.offset === 0;
  if (!begins || (protocol !== 6 && protocol !== 17)) return frame;
  return protocol === 6 ? withTcp(octets, frame) : withUdp(octets, frame);
}

function readIp4(octets: Uint8Array, at: number, annotations: Annotation[], faults: Deviation[]): IpHeader {
  const size = ((octets[at] ?? 0) & 15) * 4;
  const total = u16(octets, at + 2);
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
    frameField([at + 2, 2], 'length', String(total), section4, 'octets, with this header'),
    frameField([at + 4, 2], 'identification', hex16(u16(octets, at + 4)), section4),
    frameField([at + 6, 2], 'fragment', hex16(word), section4, whole ? 'whole' : fragmentText(fragment)),
    frameField([at + 9, 1], 'protocol', String(protocol), section4, protocols[protocol]),
    frameField([at + 10, 2], 'checksum', hex16(written), section4, judged),
    ...['source', 'destination'].map((name, index) =>
      frameField(
        [at + 12 + index * 4, 4],
        name,
        octets
          .subarray(at + 12 + index * 4)
          .subarray(0, 4)
          .join('.'),
        section4,
      ),
    ),
  );
  if (!holds && written !== 0) faults.push(frameFault(at + 10, 'checksum', 'does not hold', section4));
  return { size, total, lengthAt: at + 2, protocol, fragment: whole ? undefined : fragment };
}

function readIp6(octets: Uint8Array, at: number, annotations: Annotation[]): IpHeader {
  const length = u16(octets, at + 4);
  if (length === 0) throw frameError('BAD_VALUE', 'no content, or a jumbogram', 'ip', at + 4, section6);
  let protocol = octets[at + 6] ?? 0;
  annotations.push(
    frameField([at + 4, 2], 'length', String(length), section6, 'octets behind this header'),
    frameField([at + 6, 1], 'nextHeader', String(protocol), section6, protocols[protocol]),
    ...['source', 'destination'].map((name, index) => {
      const place = at + 8 + index * 16;
      const groups = (bytesToHex(octets.subarray(place, place + 16)).match(/.{4}/g) ?? []).join(':');
      const value = new URL(`http://[${groups}]/`).hostname.slice(1, -1);
      return frameField([place, 16], name, value, section6);
    }),
  );
  let next = at + 40;
  let fragment: Fragment | undefined;
  // Options and routes say their length in units of eight octets; the header of a fragment has eight.
  while ([0, 43, 44, 60].includes(protocol)) {
    const size = protocol === 44 ? 8 : ((octets[next + 1] ?? 0) + 1) * 8;
    if (next + size > Math.min(octets.length, at + 40 + length)) {
      throw frameError('TRUNCATED', `an extension of ${size} octets`, 'ip', next, 'RFC 8200 §4');
    }
    const word = u16(octets, next + 2);
    if (protocol === 44) fragment = { offset: word & 0xfff8, more: (word & 1) !== 0 };
    const [name, value] =
      protocol === 44 && fragment ? ['fragment', fragmentText(fragment)] : ['options', ''];
    annotations.push(frameField([next, size], name, value, 'RFC 8200 §4'));
    protocol = octets[next] ?? 0;
    next += size;
  }
  if (fragment?.offset === 0 && !fragment.more) fragment = undefined;
  return { size: next - at, total: length + 40, lengthAt: at + 4, protocol, fragment };
}

function withUdp(octets: Uint8Array, frame: Frame): Frame {
  const { start, end, partial } = frame;
  const section = 'RFC 768';
  if (end - start < 8) throw frameError('TRUNCATED', `${end - start} octets of UDP`, 'udp', start, section);
  const length = u16(octets, start + 4);
  const fits = partial === undefined ? length === end - start : length > end - start;
  const fault = frameFault(start + 4, 'length', `UDP says ${length} octets, IP ${end - start}`, section);
  const annotations = [
    frameField([start + 4, 2], 'length', String(length), section, 'octets, with this header'),
  ];
  const inner = { ...frame, faults: fits ? frame.faults : [...frame.faults, fault] };
  return withPorts(octets, inner, 'udp', start + 8, section, annotations);
}

function withTcp(octets: Uint8Array, frame: Frame): Frame {
  const { start, end } = frame;
  const section = 'RFC 9293 §3.1';
  const size = ((octets[start + 12] ?? 0) >> 4) * 4;
  if (size < 20 || end - start < size) {
    throw frameError('BAD_VALUE', `a header of ${size} octets in ${end - start}`, 'tcp', start, section);
  }
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
