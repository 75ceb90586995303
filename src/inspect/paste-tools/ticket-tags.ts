// What tickets, forums and pages put around octets: {code}, {noformat}, [code], <pre>; and the characters without width that chats
// put into long words.
import { blank } from '../paste-forms/hex-marks.ts';
import { beginsWithRow } from './octets-text.ts';

const invisible = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;
const pairs = [
  /\{(code|noformat|panel)(?::[^{}\n]*)?\}([\s\S]*?)\{\1\}/g,
  /\[(code|pre|quote)(?:=[^[\]\n]*)?\]([\s\S]*?)\[\/\1\]/gi,
  /<(pre|code|tt)(?: [^<>\n]*)?>([\s\S]*?)<\/\1>/g,
  /^[ \t]*#\+BEGIN_(SRC|EXAMPLE|QUOTE)[^\n]*\n([\s\S]*?)^[ \t]*#\+END_\1/gim,
] as const;
const octets = /[0-9a-f]{2}[\s:,-]*(?:0x)?[0-9a-f]{2}|[A-Za-z0-9+/]{16}/i;

/** The text without characters that are not seen. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}

/** What stands within such marks, where there are any around octets; what stands outside of them is not read. */
export function withoutTags(text: string): string {
  if (!/[[{<#]/.test(text) || beginsWithRow(text)) return text;
  for (const pair of pairs) {
    const found = [...text.matchAll(pair)].filter(
      ({ 2: inner = '' }) => octets.test(inner) && !/[<>]/.test(inner),
    );
    if (found.length === 0) continue;
    let plain = '';
    for (const { 0: all, 2: inner = '', index } of found) {
      const from = index + all.lastIndexOf(inner);
      plain += blank(text.slice(plain.length, from)) + inner;
    }
    const outside = found.reduce((rest, { 0: all }) => rest.replace(all, ''), text);
    // A document has other elements beside.
    if (/<[A-Za-z/?!]/.test(outside)) return text;
    // Each of several stands on a line of its own.
    return plain + blank(text.slice(plain.length));
  }
  return text;
}
