// What `reveille decode` shows a person: a table for each layer, then what follows from it.
import { writeXml } from '../../codec/xml/index.ts';
import type { ReveilleError } from '../../core/index.ts';
import type { Findings } from '../../inspect/index.ts';
import { noNonce } from './digest-words.ts';
import type { Protection } from './protection.ts';
import { renderTable, type Style } from './table.ts';

/** The text for one message; `error` says where decoding stopped. */
export function renderFindings(
  findings: Findings,
  error: ReveilleError | undefined,
  style: Style,
  protection?: Protection,
): string {
  const lines: string[] = [];
  for (const { title, annotations, octets } of findings.layers) {
    if (lines.length > 0) lines.push('');
    lines.push(`${style.heading}${title}${style.end}`);
    if (annotations.length > 0) lines.push(renderTable(annotations, octets, style).join('\n'));
  }
  if (lines.length > 0) lines.push('');
  const { payload, refusal } = findings;
  if (error !== undefined && error !== refusal) {
    lines.push(`${style.bad}error: ${oneLine(error.message)}${style.end}`);
  } else if (payload?.kind === 'message' || payload?.kind === 'document') {
    lines.push(writeXml(payload.root, { indent: 2, lenient: true }).trimEnd());
    lines.push(...(protection?.lines ?? []));
  } else {
    lines.push(...conclusions(findings, style));
  }
  for (const { field, offset, message, section } of findings.deviations) {
    lines.push(`deviation: ${oneLine(`${field}: ${message}`)} (byte ${offset}; ${section})`);
  }
  if (refusal !== undefined) lines.push(`${style.bad}error: ${oneLine(refusal.message)}${style.end}`);
  return `${lines.join('\n')}\n`;
}

/** A peer's text may stand in it, and ends no line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

function conclusions(findings: Findings, style: Style): string[] {
  const { payload } = findings;
  if (payload?.kind !== 'notification') return [];
  const { decoded, nonce } = payload;
  const lines: string[] = [];
  if (nonce === undefined) lines.push('digest: not checked; give --secret (and --nonce) to check it');
  else if (nonce === null)
    lines.push(`${style.bad}digest: does not hold under this secret${noNonce(decoded.format)}${style.end}`);
  else if (decoded.format === 'dm1.3') lines.push(`${style.good}digest: holds${style.end}`);
  else if (nonce === 'given') lines.push(`${style.good}digest: holds under the given nonce${style.end}`);
  else
    lines.push(`${style.good}digest: holds under the default nonce AAAAAA== (four zero octets)${style.end}`);
  for (const other of decoded.alternatives ?? []) {
    lines.push(`also reads as ${other.format}: the content type or a secret would tell`);
  }
  return lines;
}
