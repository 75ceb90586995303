// The answer to what is not understood.
import { isXmlCodePoint } from '../../codec/xml/index.ts';
import { bytesToDisplayText } from '../../core/index.ts';
import { type PapHttpResponse, papResponse } from './http-form.ts';

/** Characters of a request that are told back. */
const maxFragment = 100;

/** Answers with a code, what is wrong, and the beginning of what came. */
export function badMessage(code: number, desc: string, body: Uint8Array): PapHttpResponse {
  const fragment = xmlText(bytesToDisplayText(body.subarray(0, 4 * maxFragment)), maxFragment);
  return papResponse({
    element: 'badmessage-response',
    code,
    desc: xmlText(desc, 300),
    badMessageFragment: fragment,
  });
}

/** Text that XML can carry, cut short. */
function xmlText(text: string, maxLength: number): string {
  let fit = '';
  for (const character of text) {
    if (fit.length >= maxLength) break;
    fit += isXmlCodePoint(character.codePointAt(0) ?? 0) ? character : '?';
  }
  return fit;
}
