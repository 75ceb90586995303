// Octets or pasted text explained in one call: what the inspector shows of what is dropped on it.
import { joinBytes, ReveilleError } from '../../core/index.ts';
import type { TakeApartOptions } from '../layers/findings.ts';
import type { InputForm } from '../pasted/input-forms.ts';
import { readPasted } from '../pasted/read-pasted.ts';
import { type Explanation, explanationOf, type MoreOfMessage } from './explanation.ts';
import { findingsOf } from './pasted-findings.ts';
import { areSegments, isMessage, takeApart } from './take-apart.ts';

/** How octets are explained; what is left out is found out. */
export interface ExplainOptions extends Partial<TakeApartOptions> {
  /** Form that the octets are in. */
  readonly input?: InputForm;
  /** More of documents that hold a DM message. */
  readonly moreOfMessage?: MoreOfMessage;
}

/** A message in what was given, explained, with its octets. */
export interface ExplainedOctets {
  readonly explanation: Explanation;
  /** Its octets, one behind the other where it came in several parts; what offsets of layers `within` the input count in. */
  readonly octets: Uint8Array;
}

/**
 * Explains octets in any form that `reveille decode` reads, of at most 16 MiB: a file, or a text that was pasted (as UTF-8). What
 * holds several messages (lines of hex, dumps) gives several. Captures are for `CaptureReader`. Never throws for what octets
 * hold: what cannot be read is told as `error` of its explanation.
 */
export function explainOctets(octets: Uint8Array, options: ExplainOptions = {}): readonly ExplainedOctets[] {
  const { input, moreOfMessage, ...rest } = options;
  const how: TakeApartOptions = { as: 'auto', ...rest };
  const rules = {
    isMessage: (parts: readonly Uint8Array[]) => isMessage(parts, how),
    areSegments: (parts: readonly Uint8Array[]) => areSegments(parts, how.as),
    oneEach: input === 'lines',
  };
  return readPasted(octets, input, rules).map((pasted) => {
    const findings = findingsOf(pasted);
    let error = 'error' in pasted ? pasted.error : undefined;
    const parts = 'parts' in pasted ? pasted.parts : [];
    try {
      if (parts.length > 0) takeApart(parts, how, findings);
      error ??= findings.refusal;
    } catch (cause) {
      if (!(cause instanceof ReveilleError)) throw cause;
      error = cause;
    }
    return {
      explanation: explanationOf(findings, error, moreOfMessage),
      octets: parts.length === 1 && parts[0] !== undefined ? parts[0] : joinBytes(parts),
    };
  });
}
