// OBEX packets, one behind the other; the object that PUTs carry is read by its Type.
import {
  decodePacket,
  headerIds,
  headerName,
  type ObexHeader,
  octetsHeader,
  opcodeName,
  responseName,
  typeText,
} from '../../codec/obex/index.ts';
import { dmContentKind } from '../../codec/wsp/index.ts';
import { joinBytes } from '../../core/index.ts';
import { takeBody, takeForeignBody } from './body-layer.ts';
import { addLayer, type Decoding, holds, lengthOf, part, type Span, spanOf } from './findings.ts';

/** Octets of a packet's length as it says; `undefined` when it does not say. */
function packetLength(octets: Uint8Array, start: number): number | undefined {
  const length = ((octets[start + 1] ?? 0) << 8) | (octets[start + 2] ?? 0);
  return octets.length - start < 3 || length < 3 ? undefined : length;
}

/** Reads packets to the end. @throws {DecodeError} */
export function takeObex(span: Span, decoding: Decoding): void {
  const pieces: Span[] = [];
  let mime: string | undefined;
  for (let at = span.start; at < span.octets.length || at === span.start; ) {
    const end = Math.min(
      at + (packetLength(span.octets, at) ?? Number.POSITIVE_INFINITY),
      span.octets.length,
    );
    const one = part(span, at, end);
    const { layer, annotate } = addLayer(decoding, one, 'obex', `OBEX packet (${lengthOf(one)} octets)`);
    const packet = decodePacket(one.octets, { start: at, annotate });
    const name = packet.kind === 'request' ? opcodeName(packet.opcode) : responseName(packet.code);
    layer.title = `OBEX ${packet.kind} ${name} (${lengthOf(one)} octets)`;
    const type = octetsHeader(packet.headers, headerIds.type);
    mime ??= type === undefined ? undefined : mimeOf(typeText(type));
    for (const { offset, length, field } of layer.annotations) {
      const isBody = field === headerName(headerIds.body) || field === headerName(headerIds.endOfBody);
      if (isBody && packet.headers.some(hasBody)) pieces.push(part(one, offset + 3, offset + length));
    }
    at = end;
  }
  takeObject(
    pieces.filter((piece) => lengthOf(piece) > 0),
    mime ?? '',
    decoding,
  );
}

function takeObject(pieces: readonly Span[], mime: string, decoding: Decoding): void {
  const [first] = pieces;
  if (first === undefined) return;
  const whole =
    pieces.length === 1
      ? first
      : spanOf(joinBytes(pieces.map(({ octets, start }) => octets.subarray(start))), 'reassembled');
  if (dmContentKind({ mime }) === undefined) takeForeignBody(whole, mime, decoding);
  else takeBody(whole, { mime }, decoding);
}

function hasBody({ id }: ObexHeader): boolean {
  return id === headerIds.body || id === headerIds.endOfBody;
}

function mimeOf(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}

/** Whether octets are OBEX packets that fill them. */
export function isObex(octets: Uint8Array): boolean {
  let at = 0;
  for (let packets = 0; at < octets.length; packets += 1) {
    const length = packetLength(octets, at);
    if (length === undefined || at + length > octets.length || packets > 64) return false;
    const [first = 0] = octets.subarray(at);
    const known = first < 0x10 || first >= 0x80;
    const [from, to] = [at, at + length];
    const named = (first & 0x7f) < 0x10 || first === 0xff ? opcodeName(first) : responseName(first);
    if (
      !known ||
      named.startsWith('0x') ||
      !holds(() => decodePacket(octets.subarray(0, to), { start: from }).headers !== undefined)
    )
      return false;
    at = to;
  }
  return at > 0;
}
