// Several values of hex in a line of a log: names decide which is the message; the last one is none by being the last.
import { describe } from 'node:test';
import { B, holds, type Row, S } from './samples.ts';

const sha1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';

const rows: readonly Row[] = [
  [`payload=${B} trace=${sha1}`, B],
  [`trace=${sha1} payload=${B}`, B],
  [`rx ${B} sha1=${sha1}`, B],
  [`rx ${S} sha1=${sha1}`, B],
  [`sha1 ${sha1} rx ${B}`, B],
  [`payload [${B}] session [00f067aa0ba902b7]`, B],
  [`session [00f067aa0ba902b7] payload [${B}]`, B],
  [`{"a":1} payload=${B} trace_id=${sha1}`, B],
  [`payload_sha1=${sha1} payload=${B}`, B],
  [`X'${B}' session='${sha1}'`, B],
  [`msg="${S}" token="${sha1}" ok`, B],
  [`payload=${B} ok`, B],
  [`id=0123abcd-1234-1234-1234-0123456789ab ${B}`, B],
  [`${B} sha1=${sha1}`, B],
  [`tx data: ${S}`, B],
  [`2026-12-01 01:00:00 host: ${S}`, B],
  [`sha1=${sha1}`, /column 6: sha1 names no octets of a message/],
  [`trace ${sha1}`, /column 7: trace names no octets/],
  [`sent to 491512345678`, /column 9: to names no octets/],
  [`foo=${B} bar=${sha1}`, /column 98: foo and bar may both be the octets/],
  [`payload=${B} data=${sha1}`, /payload and data may both be the octets/],
  [`INFO: ${B} then ${sha1} end`, /may both be the octets/],
  [`INFO: ${sha1} ${B}`, /column 7: two words of hex/],
];

describe('hex in a line of a log', () => holds(rows));
