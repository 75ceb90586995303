// What tickets, forums and pages put around octets: {code}, {noformat}, [code], <pre>; and the characters without width that chats
// put into long words, and the line of a shell above what it printed.
import { blank } from '../paste-forms/hex-marks.ts';
import { beginsWithRow } from './octets-text.ts';

const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;
/** Opening marks, and what closes them. */
const marks: readonly { readonly opens: RegExp; readonly closes: (name: string) => string }[] = [
  { opens: /\{(code|noformat|panel)(?::[^{}\n]*)?\}/g, closes: (name) => `{${name}}` },
  { opens: /\[(code|pre|quote|CODE|QUOTE)(?:=[^[\]\n]*)?\]/g, closes: (name) => `[/${name}]` },
  { opens: /<(pre|code|tt)(?: [^<>\n]*)?>/g, closes: (name) => `</${name}>` },
  { opens: /^[ \t]*#\+(?:BEGIN|begin)_(\w+)[^\n]*\n/gm, closes: (name) => `#+END_${name}` },
];
const octets = /[0-9a-f]{2}[\s:,-]*(?:0x)?[0-9a-f]{2}|[A-Za-z0-9+/]{16}/i;

interface Marked {
  /** Of the opening mark, and behind the closing one. */
  readonly start: number;
  readonly end: number;
  /** Of what stands between them. */
  readonly from: number;
  readonly to: number;
}

/** The text without characters that are not seen. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}

/** The prompt of a shell, a debugger or an interpreter with what was typed behind it. */
const prompt =
  /^\s*(?:\((?:gdb|lldb)\)|>>>|In \[[0-9]+\]:|PS [A-Z]:[^>\n]*>|[A-Z]:\\[^>\n]*>|(?:[\w.-]+@[\w.:~/ -]*)?[$#%]) *[a-zA-Z_./][^\n]*$/;
const hexRun = /(?:[0-9a-f]{2}[ :,-]){4}|[0-9a-f]{12}/i;

/** The text without the line that was typed above it, where that has no octets itself. */
export function withoutPrompt(text: string): string {
  const start = text.search(/\S/);
  const end = text.indexOf('\n', start);
  if (start < 0 || end < 0 || text.slice(end).trim() === '') return text;
  const first = text.slice(0, end);
  if (first.length > 1000 || !prompt.test(first.slice(start).trimEnd()) || hexRun.test(first)) return text;
  return blank(first) + text.slice(end);
}

/** What stands within such marks, where there are any around octets; what stands outside of them is not read. */
export function withoutTags(text: string): string {
  if (!/[[{<#]/.test(text) || beginsWithRow(text)) return text;
  for (const mark of marks) {
    const found = markedIn(text, mark).filter(({ from, to }) => {
      const inner = text.slice(from, to);
      return octets.test(inner) && !/[<>]/.test(inner);
    });
    if (found.length === 0) continue;
    let plain = '';
    let outside = '';
    let last = 0;
    for (const { start, end, from, to } of found) {
      plain += blank(text.slice(plain.length, from)) + text.slice(from, to);
      outside += text.slice(last, start);
      last = end;
    }
    // A document has other elements beside.
    if (/<[A-Za-z/?!]/.test(outside + text.slice(last))) return text;
    return plain + blank(text.slice(plain.length));
  }
  return text;
}

function markedIn(text: string, { opens, closes }: (typeof marks)[number]): readonly Marked[] {
  const found: Marked[] = [];
  for (const { 0: all, 1: name = '', index } of text.matchAll(opens)) {
    if (index < (found.at(-1)?.end ?? 0)) continue;
    const from = index + all.length;
    const closing = closes(name);
    const to = text.indexOf(closing, from);
    // What is not closed here is closed nowhere behind.
    if (to < 0) break;
    found.push({ start: index, end: to + closing.length, from, to });
  }
  return found;
}
