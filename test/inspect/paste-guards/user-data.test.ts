// The header of user data and the data beside it are read as one message, or refused by their names; neither alone.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { explainOctets } from '../../../src/inspect/explain/explain-octets.ts';
import { B, holds, octets, type Row, S, W } from './samples.ts';

const both = `${W}${B}`;
const spaced = W.replace(/..(?=.)/g, '$& ');
/** As Kannel's access log has a message that came in. */
const kannel = (rest: string): string =>
  `2026-12-01 01:00:00 Receive SMS [SMSC:x] [SVC:] [ACT:] [BINF:] [FID:] [META:] [from:491512345678] [to:492] [flags:-1:1:-1:-1:-1] ${rest}`;
const base64 = Buffer.from(octets).toString('base64');

const rows: readonly Row[] = [
  // Vonage's webhook.
  [`{"data":"${B}","udh":"${W}"}`, both],
  [`{"udh":"${W}","data":"${B}"}`, both],
  [
    JSON.stringify(
      {
        msisdn: '447700900000',
        type: 'binary',
        data: B,
        udh: W,
        'message-timestamp': '2026-12-01 01:00:00',
        messageId: '0A0000000123ABCD',
      },
      undefined,
      1,
    ),
    both,
  ],
  [`${W}|${B}`, both],
  [`${W} | ${B}`, both],
  [`${W} / ${B}`, both],
  [`${W}/${B}`, both],
  [`${W} + ${B}`, both],
  [`${W}+${B}`, both],
  [`${W} => ${B}`, both],
  [`${spaced} | ${S}`, both],
  [`${W}, ${B}`, both],
  [`${W}|${B}\n${W}|${B}\n`, `${both}|${both}`],
  [`udh,ud\n${W},${B}\n`, both],
  [`ud,udh\n${B},${W}\n`, both],
  [`id;udh;ud\n1;${W};${B}\n2;;${B}`, `${both}|${B}`],
  [`udh|ud\n${W}|${B}`, both],
  [`UDH=${W} UD=${B}`, both],
  [`UD=${B} UDH=${W}`, both],
  [`UDH=${spaced} UD=${S}`, both],
  [`[udh:${W}] [data:${B}]`, both],
  [`udh: ${W}\nud: ${B}\n`, both],
  [`udh=${W}&text=${B}`, both],
  [kannel(`[msg:44:${B.toUpperCase()}] [udh:7:${W.toUpperCase()}]`), both],
  [kannel(`[udh:7:${W}] [msg:44:${B}]`), both],
  [`[msg:44:${B}] [udh:0:]`, B],
  [`${kannel(`[msg:44:${B}] [udh:7:${W}]`)}\n${kannel(`[msg:44:${B}] [udh:0:]`)}`, `${both}|${B}`],
  [`udh=${W}`, W],
  [`[msg:45:${B}] [udh:7:${W}]`, /msg is said to have 45 octets, and has 44/],
  [`[msg:40:${B}] [udh:0:]`, /msg is said to have 40 octets, and has 44/],
  [`[msg:44:${B}] [udh:6:${W}]`, /udh is said to have 6 octets, and has 7/],
  [`{"udh":"05000304b85c002","data":"${B}"}`, /udh and data belong together/],
  [`{"udh":"0605040b85c0","data":"${B}"}`, /udh is no header of user data/],
  [`{"udh":"${W}","data":"${base64}"}`, /udh and data belong together/],
  [`{"udh":"BgUEC4XAAg==","data":"${base64}"}`, /udh and data belong together/],
  [`UDH=${W} UD=${B} MSG=${B}`, /UDH, UD, MSG: which belong together/],
  [`udh,ud,payload\n${W},${B},${B}`, /line 1, column 1: the column of the header/],
  [`1,${W},${B}`, /column 2 may be the header of the user data in column 3/],
  [`udh=${W} then ${B}`, /udh and other hex behind it/],
  [`0605|${B}`, /hex on both sides of a sign/],
  [`${B} / ${B}`, /hex on both sides of a sign/],
];

describe('a header of user data beside its data', () => {
  holds(rows);

  it('is read as the user data of a short message', () => {
    const [message] = explainOctets(utf8ToBytes(`{"data":"${B}","udh":"${W}"}`));
    assert.equal(message?.explanation.layers[0]?.name, 'sms-user-data');
  });
});
