// What `reveille inspect --json` prints of one message: one line in ASCII (docs/command-line.md).
import type { ReveilleError } from '../../core/index.ts';
import { explanationHead, type MoreOfMessage } from '../explain/explanation.ts';
import type { JsonOctets } from '../explain/json-octets.ts';
import { writeLayers } from '../explain/write-layers.ts';
import type { Findings } from '../layers/findings.ts';

/**
 * Writes the object for one message, without a line end. `before` stands before what was found (where it was seen), `behind` at
 * its end; the layers come last of all.
 */
export function writeInspected(
  out: JsonOctets,
  before: object,
  findings: Findings,
  error: ReveilleError | undefined,
  behind: object = {},
  moreOfMessage?: MoreOfMessage,
): void {
  const head = { ...before, ...explanationHead(findings, error, moreOfMessage), ...behind };
  const start = out.length + 1;
  out.ascii('{');
  out.members(head);
  out.ascii(out.length === start ? '"layers":' : ',"layers":');
  writeLayers(out, findings.layers);
  out.ascii('}');
}
