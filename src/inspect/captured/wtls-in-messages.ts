// WTLS that comes in short messages: the datagram in PDUs of SMPP, and the numbers that it goes between.
import { DecodeError } from '../../core/index.ts';
import { takeCaptured } from '../explain/take-apart.ts';
import { type Findings, noFindings } from '../layers/findings.ts';
import type { CapturedEnd } from '../streams/captured-message.ts';

/** A datagram of WTLS, and its ends by their numbers. */
export interface WtlsInMessage {
  readonly datagram: Uint8Array;
  readonly ends: readonly [CapturedEnd, CapturedEnd];
}

const smpp = { kind: 'stream', layer: 'smpp' } as const;

/** The datagram in a message of SMPP; `undefined` where it holds no WTLS. */
export function wtlsInMessage(octets: Uint8Array): WtlsInMessage | undefined {
  if (!mayHoldWtls(octets)) return undefined;
  const findings = noFindings();
  try {
    takeCaptured(octets, smpp, { as: 'auto' }, findings, true);
  } catch (error) {
    // It is told where the message is taken apart.
    if (!(error instanceof DecodeError)) throw error;
  }
  const layer = findings.layers.find(({ name }) => name === 'wtls');
  if (layer === undefined) return undefined;
  const ends = [
    { address: fieldIn(findings, 'sourceAddress') },
    { address: fieldIn(findings, 'destinationAddress') },
  ] as const;
  return { datagram: layer.octets.subarray(layer.start), ends };
}

/** Ports of WTLS (WDP, Appendix B): 2949, 9202, 9203. */
const ports: readonly (readonly [high: number, low: number])[] = [
  [0x0b, 0x85],
  [0x23, 0xf2],
  [0x23, 0xf3],
];

/** Whether one of its ports stands anywhere: most messages are passed over by that. */
function mayHoldWtls(octets: Uint8Array): boolean {
  return ports.some(([high, low]) => {
    for (let at = octets.indexOf(high); at >= 0; at = octets.indexOf(high, at + 1)) {
      if (octets[at + 1] === low) return true;
    }
    return false;
  });
}

function fieldIn({ layers }: Findings, wanted: string): string {
  for (const { name, annotations } of layers) {
    if (name !== 'smpp') continue;
    const found = annotations.find(({ field }) => field === wanted);
    if (found !== undefined) return found.value;
  }
  return '';
}
