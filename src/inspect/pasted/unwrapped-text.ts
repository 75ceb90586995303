// What stands around octets that went through a mail, a ticket or a shell: quote marks, bullets, fences, no-break spaces, a
// sentence, a head. It gives way to spaces, so that lines and columns stay those of the text that was given.
import { isBase64Text } from '../paste-forms/base64-text.ts';
import { withoutDataBrackets, withoutTicks } from '../paste-forms/code-marks.ts';
import { columnOfTable } from '../paste-forms/csv-cell.ts';
import { blank, withoutHexMarks, withPlainQuotes } from '../paste-forms/hex-marks.ts';
import { valueOfJson } from '../paste-forms/json-value.ts';
import { withUserData } from '../paste-guards/user-data.ts';
import { withoutPrompt, withoutTags } from '../paste-tools/ticket-tags.ts';
import { isHexDump } from './hex-dump.ts';
import { isHexLine } from './hex-lines.ts';
import { withoutLogText } from './log-text.ts';

/** Spaces that mail programs and browsers put in the place of others. */
const otherSpaces = /[\u00a0\u2007\u2009\u202f\u3000]/g;

/** Characters of a text at most of which it is asked what stands around it: mails and tickets are short. */
const longestWrapped = 1_000_000;

/** Lines above octets that are taken for a sentence, at most. */
const mostProse = 8;

/**
 * The text without what stands around octets; text of XML is left as it is.
 * @throws {PasteError} where it is ambiguous which octets are meant
 */
export function unwrappedText(text: string): string {
  if (text.length > longestWrapped) return text;
  const data = withoutDataBrackets(withoutTags(text));
  if (isMarkup(data) && !/^\s*<Buffer /.test(data)) return text;
  const plain = plainLines(data);
  const quoted = withoutProse(base64Alone(withPlainQuotes(plain)));
  if (isProtocolText(quoted)) return quoted;
  return withoutMarksOfPrograms(withUserData(quoted));
}

/** @throws {PasteError} */
function withoutMarksOfPrograms(quoted: string): string {
  const unmarked = withoutHexMarks(
    columnOfTable(withoutDataBrackets(listOfYaml(valueOfJson(withoutContinuations(quoted))))),
  );
  const first = unmarked.split('\n').find((line) => line.trim() !== '') ?? '';
  // What stands in a line beside strings with escapes is none of them, though it be hex.
  const isOther = /["'][^"']*\\(?:x[0-9a-f]{2}|[0-7]{3})/i.test(unmarked);
  return isOther || isHexLine(first) || isHexDump(unmarked) ? unmarked : withoutLogText(unmarked);
}

/** The text without what mails, tickets and Markdown put before its lines and around them. */
export function plainLines(text: string): string {
  if (text.length > longestWrapped) return text;
  return withoutTicks(
    withoutMarks(withoutFences(withoutPrompt(withoutTags(text)).replace(otherSpaces, ' '))),
  );
}

/** `payload:` and lines of `- 6`, as a list between brackets. */
function listOfYaml(text: string): string {
  const found =
    /^(\s*[\w.-]+:[ \t]*\r?\n)((?:[ \t]*(?:- [ \t]*)?(?:0x[0-9a-f]{1,2}|-?[0-9]{1,3})[ \t]*(?:\r?\n|$))+)\s*$/i.exec(
      text,
    );
  const [all = '', name = '', items = ''] = found ?? [];
  if (found === null || !/(?:^|\n)[ \t]*- /.test(items)) return text;
  let first = true;
  const list = items.replace(/(^|\n)([ \t]*)-(?= )/g, (_all, start: string, margin: string) => {
    const mark = first ? '[' : ',';
    first = false;
    return `${start}${margin}${mark}`;
  });
  return `${blank(name)}${list.replace(/(\r?\n)?$/, ']$1')}${all.slice(name.length + items.length)}`;
}

/** Whether a text begins like XML: a log of syslog begins with a number between such brackets. */
export function isMarkup(text: string): boolean {
  return /^\s*<[\p{L}_:!?/]/u.test(text);
}

/** SIP messages, HTTP requests and MIME bodies: their text is their octets. */
export function isProtocolText(text: string): boolean {
  return /^\s*(?:[A-Z]+ \S+ (?:SIP|HTTP)\/|SIP\/2\.0 |Content-Type:|--[^\s-]\S*\r?\n[\w-]+:)/i.test(text);
}

/** Without `> ` of quoted mail, and bullets, where the first line has one; lines that were folded have none behind the fold. */
function withoutMarks(text: string): string {
  let plain = text;
  for (const mark of [/^\s*(?:>\s?)+/gm, /^\s*[-+*•] (?=\s*\S)/gm]) {
    if (new RegExp(mark.source).test(plain.trimStart())) plain = plain.replace(mark, blank);
  }
  return plain;
}

/** What stands within fences of Markdown, where there are any. */
function withoutFences(text: string): string {
  const fence = /^[\s>]*(?:```+|~~~+)[\w-]*\s*$/;
  const lines = text.split('\n');
  if (!lines.some((line) => fence.test(line))) return text;
  let inside = false;
  return lines
    .map((line) => {
      if (!fence.test(line)) return inside ? line : blank(line);
      inside = !inside;
      return blank(line);
    })
    .join('\n');
}

/** Base64 without the head of a MIME part, quotes, and what quoted-printable makes of its `=`. */
function base64Alone(text: string): string {
  const head = /^\s*(?:[A-Za-z][\w-]*:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*)+\s*\n/.exec(text)?.[0];
  let plain = text;
  if (
    head !== undefined &&
    /^content-transfer-encoding:\s*base64\s*$/im.test(head) &&
    !/multipart/i.test(head)
  ) {
    plain = blank(head) + text.slice(head.length);
  }
  const whole = plain.replace(/=\r?\n/g, '').trim();
  if (/^[A-Za-z0-9+/_\s-]{16,}(?:=3D){1,2}$/i.test(whole)) {
    plain = plain
      .replace(/=(?=\r?\n)/g, ' ')
      .replace(/(?:=3D)+/gi, (found) => '='.repeat(found.length / 3).padEnd(found.length));
  }
  const quoted = /^(\s*)(["'`])([A-Za-z0-9+/_\s-]{16,}=*\s*)\2([\s;,]*)$/.exec(plain);
  return quoted === null || !isBase64Text(quoted[3] ?? '')
    ? plain
    : `${quoted[1]} ${quoted[3]} ${blank(quoted[4] ?? '')}`;
}

/** Without sentences above the octets: lines of several words, of which one at least is no hex. */
function withoutProse(text: string): string {
  const lines = text.split('\n');
  let count = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    if (!isProse(line) || index >= mostProse) break;
    count = index + 1;
  }
  if (count === 0 || lines.slice(count).every((line) => line.trim() === '')) return text;
  return [...lines.slice(0, count).map(blank), ...lines.slice(count)].join('\n');
}

function isProse(line: string): boolean {
  const words = line.trim().split(/\s+/);
  const letters = words.filter((word) => /^[("']?\p{L}[\p{L}'’-]*[.,:;!?)"']*$/u.test(word));
  const spoken = letters.some((word) => /[g-z]{2}/i.test(word));
  // The head of octets in a log: what it says besides is no hex of several octets.
  if (
    spoken &&
    words.length >= 2 &&
    /:\s*$/.test(line) &&
    !/[0-9a-f]{8}|(?:\b[0-9a-f]{2}[\s:-]+){4}/i.test(line)
  )
    return true;
  return spoken && words.length >= 2 && letters.length * 2 > words.length && !/[{}[\]\\=|]/.test(line);
}

/** Lines of hex that a backslash continues, as one. */
function withoutContinuations(text: string): string {
  const lines = text.trimEnd().split(/\r?\n/);
  const continued = lines.slice(0, -1);
  const hex = /^["']?[0-9a-fA-F\s:]+$/;
  const all =
    continued.length > 0 &&
    continued.every((line) => /\\\s*$/.test(line) && hex.test(line.replace(/\\\s*$/, '')));
  if (all && hex.test((lines.at(-1) ?? '').replace(/[\\"']\s*$/, ''))) {
    return lines.map((line) => line.replace(/\\\s*$/, ' ')).join(' ');
  }
  const [only = ''] = lines;
  return lines.length === 1 && /\\\s*$/.test(only) && hex.test(only.replace(/\\\s*$/, ''))
    ? only.replace(/\\\s*$/, ' ')
    : text;
}
