// Processing instructions: the XML declaration at the start of a document, and all others, which are refused.
import { isNameStart, nameEnd } from '../document/names.ts';
import type { XmlInput } from './input.ts';
import { readXmlDeclaration, targetEndsAt } from './xml-declaration.ts';

/** Moves over the XML declaration, from behind its `<?`. @throws {DecodeError} UNSUPPORTED for another instruction, BAD_VALUE */
export function skipInstruction(input: XmlInput): void {
  const { text, at } = input;
  const first = text.codePointAt(at);
  if (first === undefined) throw input.ended();
  if (!isNameStart(first)) {
    const isMissing = targetEndsAt(text, at);
    throw input.unexpected(
      isMissing
        ? 'processing instruction without a target'
        : 'disallowed character in processing instruction name',
    );
  }
  const target = text.slice(at, nameEnd(text, at));
  const colon = target.indexOf(':');
  input.at = at + (colon < 0 ? target.length : colon);
  if (!targetEndsAt(text, input.at))
    throw input.unexpected('disallowed character in processing instruction name');
  if (target === 'xml') {
    if (at > 2) throw input.unexpected('an XML declaration must be at the start of the document');
    readXmlDeclaration(input);
    return;
  }
  input.through('?>');
  if (target.toLowerCase() === 'xml')
    throw input.error('BAD_VALUE', 'the XML declaration must appear at the start of the document');
  throw input.error('UNSUPPORTED', 'processing instructions are not allowed');
}
