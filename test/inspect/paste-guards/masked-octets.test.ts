// What stands among octets and is none is said with its place: the octets before it are never lost.
import { describe } from 'node:test';
import { B, holds, type Row, S } from './samples.ts';

const masks = ['?? ??', 'xx xx', 'XX XX', 'nn nn', '__ __', '## ##', '.. ..', '** **', '????', '?? xx'];
const places = ['<port>', '[port]', '(2 octets)', '{port}'];

const rows: readonly Row[] = [
  ...masks.map((mask): Row => [`06 05 04 0b 84 ${mask} ${S}`, /column 16: octets are masked here/]),
  ...places.map((place): Row => [`06 05 04 0b 84 ${place} ${S}`, /column 16: .* stands where octets/]),
  [`pdu: 06 05 04 0b 84 ?? ?? ${S}`, /column 21: octets are masked/],
  [`2026-12-01 01:00:00 rx 06 05 04 0b 84 ?? ?? ${S}`, /column 39: octets are masked/],
  [`06:05:04:0b:84:??:??:${S.replaceAll(' ', ':')}`, /column 16: octets are masked/],
  [`0605040b84????${B}`, /column 11: octets are masked/],
  [`0605040b84xxxx${B}`, /column 11: "x" is not a hex digit/],
  [`${S} ?? ??`, /column 133: "\?" is not a hex digit/],
  [`06 05 04 0b 84 cO 02 ${S}`, /column 16: "cO" is no octet/],
  [`06 05 04 0b 84 c0 02 ${S.replace('01', '0l')}`, /column 22: "0l" is no octet/],
  [S.replace('11', '1l'), /column 58: "1l" is no octet/],
  [S.replace('af', 'O'), /column 13: "O" is no octet/],
  [B.replace('11', '1l'), /column 40: "l" is not a hex digit/],
  [`06 05 04 0b 84 received, then ${S}`, /column 1: octets stand here too/],
  // No octets, but what logs have before them.
  [`eth0 00:11:22:33:44:55 rx ${S}`, B],
  [`host 12:00:00 recv: ${S}`, B],
  [`2026-12-01 01:00:00 [4711] DEBUG sent to 49151: ${S}`, B],
  [`recv ${S.slice(0, 23)}  ${S.slice(24)}`, B],
];

describe('masks and slips among octets', () => holds(rows));
