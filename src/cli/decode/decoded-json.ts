// What `reveille decode --json` prints: one object a line (docs/command-line.md).
import type { ReveilleError } from '../../core/index.ts';
import { explainedError, explanationOf, type Findings } from '../../inspect/index.ts';
import type { Protection } from './protection.ts';

/** The line for one message; `error` says where decoding stopped, or why no DM client takes what was decoded. */
export function renderJson(
  findings: Findings,
  error: ReveilleError | undefined,
  protection?: Protection,
): string {
  return JSON.stringify(explanationOf(findings, error, () => protection?.facts ?? {}));
}

/** The line for something that could not be read at all. */
export function renderJsonError(error: ReveilleError): string {
  return JSON.stringify({ error: explainedError(error) });
}
