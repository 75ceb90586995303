// What is found in a message before its octets are looked at: that the text which they stood in was cut, or held more.
import { type Findings, noFindings } from '../layers/findings.ts';
import type { CutMark } from '../paste-forms/cut-mark.ts';
import type { PastedMessage } from '../pasted/hex-lines.ts';

/** Findings to take a message apart with: deviations for what was not read beside it, and behind its last octet where its text was cut. */
export function findingsOf(pasted: PastedMessage): Findings {
  const findings = noFindings();
  if ('error' in pasted) return findings;
  const say = ({ line, column, message }: CutMark, offset: number, value: string): void => {
    const deviation = { field: 'text', offset, bit: 0, value, section: 'the text given' };
    findings.deviations.push({ ...deviation, message: `line ${line}, column ${column}: ${message}` });
  };
  for (const note of pasted.notes ?? []) say(note, 0, 'beside');
  if (pasted.cut !== undefined) {
    const end = pasted.parts.reduce((sum, { length }) => sum + length, 0);
    say(pasted.cut, end, '...');
  }
  return findings;
}
