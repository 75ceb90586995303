// What `reveille inspect` shows a person: a line for each message of a capture, and a tree of layers and fields.
import { writeXml } from '../../codec/xml/index.ts';
import { printable, type ReveilleError } from '../../core/index.ts';
import type {
  CapturedEnd,
  CapturedMessage,
  Difference,
  Findings,
  LintedOctets,
} from '../../inspect/index.ts';
import { noNonce } from '../decode/digest-words.ts';
import { renderTable, type Style } from '../decode/table.ts';

/** The line for a message of a capture. */
export function summaryLine(
  message: CapturedMessage,
  findings: Findings,
  error: ReveilleError | undefined,
  style: Style,
): string {
  const { number, time, frames, source, destination, protocol, note } = message;
  const ends = source === undefined ? '' : `${endText(source)} → ${endText(destination)}`;
  const frameText = frames.length > 4 ? `${frames.slice(0, 3).join('+')}+…` : frames.join('+');
  const told = [
    `${style.strong}${String(number).padStart(5)}${style.end}`,
    time === undefined ? '' : time.slice(11, -1),
    `frame ${frameText}`,
    ends,
    `${style.heading}${protocol}${style.end}`,
    printable(whatIs(findings)),
    printable(note ?? ''),
    error === undefined ? '' : `${style.bad}${printable(error.message)}${style.end}`,
  ];
  return `${told.filter((each) => each !== '').join('  ')}\n`;
}

function endText(end: CapturedEnd | undefined): string {
  if (end === undefined) return '';
  const { address, port } = end;
  const host = address.includes(':') && port !== undefined ? `[${address}]` : address;
  return port === undefined ? host : `${host}:${port}`;
}

/** What a message is, in few words. */
function whatIs({ layers, payload }: Findings): string {
  if (payload?.kind === 'notification') {
    const { format, message } = payload.decoded;
    const digest =
      payload.nonce === undefined ? '' : payload.nonce === null ? ', digest does not hold' : ', digest holds';
    return `Package #0 ${format} from ${message.serverId.slice(0, 60)}, session ${message.sessionId.toString(16).toUpperCase()}${digest}`;
  }
  return layers.at(-1)?.title ?? '';
}

/** All layers and fields of a message as a tree, and what follows from them. */
export function renderTree(findings: Findings, error: ReveilleError | undefined, style: Style): string {
  const lines: string[] = [];
  for (const [depth, { title, annotations, octets, within }] of findings.layers.entries()) {
    const indent = '  '.repeat(Math.min(depth, 12));
    const place =
      within === 'reassembled' ? `${style.faint} (offsets count in what was put together)${style.end}` : '';
    lines.push(`${indent}${depth === 0 ? '' : '└ '}${style.heading}${printable(title)}${style.end}${place}`);
    if (annotations.length === 0) continue;
    for (const line of renderTable(annotations, octets, style)) lines.push(`${indent}    ${line}`);
  }
  const { payload, refusal } = findings;
  if (payload?.kind === 'message' || payload?.kind === 'document') {
    lines.push('', writeXml(payload.root, { indent: 2, lenient: true }).trimEnd());
  } else if (payload?.kind === 'notification') lines.push('', digestLine(payload, style));
  for (const { field, offset, message, section } of findings.deviations) {
    lines.push(`deviation: ${printable(`${field}: ${message}`)} (byte ${offset}; ${section})`);
  }
  const told = error ?? refusal;
  if (told !== undefined) lines.push(`${style.bad}error: ${printable(told.message)}${style.end}`);
  return `${lines.join('\n')}\n`;
}

function digestLine(
  { decoded, nonce }: Extract<NonNullable<Findings['payload']>, { readonly kind: 'notification' }>,
  style: Style,
): string {
  if (nonce === undefined)
    return 'digest: not checked; give a secret to check it (--secret-file, --ask-secret)';
  if (nonce === null)
    return `${style.bad}digest: does not hold under this secret${noNonce(decoded.format)}${style.end}`;
  const under =
    decoded.format === 'dm1.3'
      ? ''
      : nonce === 'given'
        ? ' under the given nonce'
        : ' under the default nonce';
  return `${style.good}digest: holds${under}${style.end}`;
}

/** What a family would not take. */
export function renderLint(family: string, { what, findings }: LintedOctets, style: Style): string {
  if (findings.length === 0)
    return `${style.good}${family} takes${style.end} ${printable(what)}, as far as is known\n`;
  return findings
    .map(
      ({ effect, field, detail, remedy, source }) =>
        `${effect === 'lost' ? style.bad : style.strong}${effect}${style.end}: ${field}: ${family} ${printable(detail)}` +
        `${remedy === undefined ? '' : `; ${remedy}`} ${style.faint}(${source})${style.end}\n`,
    )
    .join('');
}

/** Fields in which two messages differ. */
export function renderDifferences(differences: readonly Difference[], style: Style): string {
  if (differences.length === 0) return `${style.good}no field differs${style.end}\n`;
  return differences
    .map(({ field, first, second, spelledOtherwise, section }) => {
      const shown = [first, second].map((each) =>
        each === undefined
          ? 'not there'
          : printable(
              `${each.value}${each.meaning === '' ? '' : ` (${each.meaning})`}, byte ${each.offset}` +
                `${each.octets === undefined ? '' : `, octets ${each.octets || 'none'}`}`,
            ),
      );
      const how = spelledOtherwise === true ? '  the same, spelled otherwise' : '';
      return `${style.strong}${printable(field)}${style.end}  ${style.faint}${section}${style.end}${how}\n  - ${shown[0]}\n  + ${shown[1]}\n`;
    })
    .join('');
}
