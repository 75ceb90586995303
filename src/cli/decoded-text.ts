// What `reveille decode` shows a person: a table for each layer, then what follows from it.
import { writeXml } from '../codec/xml/index.ts';
import type { ReveilleError } from '../core/index.ts';
import { encryptedParts } from '../security/index.ts';
import type { Findings } from './layers.ts';
import { partLine, type SignedOctets, signatureFacts, signatureLines } from './signature-facts.ts';
import { renderTable, type Style } from './table.ts';

/** The text for one message; `error` says where decoding stopped. */
export function renderFindings(findings: Findings, error: ReveilleError | undefined, style: Style): string {
  const lines: string[] = [];
  for (const { title, annotations, octets } of findings.layers) {
    if (lines.length > 0) lines.push('');
    lines.push(`${style.heading}${title}${style.end}`);
    if (annotations.length > 0) lines.push(...renderTable(annotations, octets, style));
  }
  if (lines.length > 0) lines.push('');
  if (error !== undefined) {
    lines.push(`${style.bad}error: ${error.message}${style.end}`);
  } else if (findings.payload?.kind === 'message') {
    lines.push(writeXml(findings.payload.root, { indent: 2, lenient: true }).trimEnd());
    lines.push(...protectionLines(findings.payload));
  } else {
    lines.push(...conclusions(findings, style));
  }
  return `${lines.join('\n')}\n`;
}

/** Signature and encrypted parts, where there are any. */
function protectionLines(message: SignedOctets): readonly string[] {
  const facts = signatureFacts(message);
  const parts = encryptedParts(message.root);
  if (facts.state === 'absent' && parts.length === 0) return [];
  return ['', ...(facts.state === 'absent' ? [] : signatureLines(facts)), ...parts.map(partLine)];
}

function conclusions(findings: Findings, style: Style): string[] {
  const { payload } = findings;
  if (payload?.kind !== 'notification') return [];
  const { decoded, nonce } = payload;
  const lines: string[] = [];
  if (nonce === undefined) lines.push('digest: not checked; give --secret (and --nonce) to check it');
  else if (nonce === null) lines.push(`${style.bad}digest: does not hold under this secret${style.end}`);
  else if (decoded.format === 'dm1.3') lines.push(`${style.good}digest: holds${style.end}`);
  else if (nonce === 'given') lines.push(`${style.good}digest: holds under the given nonce${style.end}`);
  else
    lines.push(`${style.good}digest: holds under the default nonce AAAAAA== (four zero octets)${style.end}`);
  for (const { field, offset, message, section } of findings.deviations) {
    lines.push(`deviation: ${field}: ${message} (byte ${offset}; ${section})`);
  }
  for (const other of decoded.alternatives ?? []) {
    lines.push(`also reads as ${other.format}: the content type or a secret would tell`);
  }
  return lines;
}
