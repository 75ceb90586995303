// A document type declaration: found, told, and never acted on. Nothing that it names is fetched.
import { marks, type XmlInput } from './input.ts';
import type { ReadXmlOptions } from './options.ts';

/** An internal subset that holds processing instructions and white space only. */
const instructionsOnly = /^\[\s*(?:<\?[^?<>[\]]+\?>\s*)*\]\s*$/;

/** A document type declaration as it stands. */
interface Doctype {
  /** What stands between `<!DOCTYPE` and its `>`. */
  readonly text: string;
  /** The same from its internal subset's bracket on; absent without one. */
  readonly subset?: string;
}

/**
 * Passes over the declaration from behind its `<!DOCTYPE`, and tells it.
 * @throws {DecodeError} UNSUPPORTED when the options do not allow it; BAD_VALUE, TRUNCATED
 */
export function passDoctype(input: XmlInput, options: ReadXmlOptions): void {
  const { text, subset } = readDoctype(input);
  if (options.doctype !== 'ignore') throw input.error('UNSUPPORTED', 'DOCTYPE is not allowed');
  if (subset !== undefined) {
    const isAllowed = options.internalSubset === 'instructions' && instructionsOnly.test(subset);
    if (!isAllowed) {
      throw input.error('UNSUPPORTED', `an internal DTD subset is not allowed${entityIn(subset)}`);
    }
  }
  options.onDoctype?.(text);
}

function readDoctype(input: XmlInput): Doctype {
  const { text, at } = input;
  let subset: number | undefined;
  for (;;) {
    const code = text.charCodeAt(input.at);
    input.at += 1;
    if (code === marks.greater) break;
    if (code === marks.quote) input.through('"');
    else if (code === marks.apostrophe) input.through("'");
    else if (code === marks.bracket) {
      // Brackets in quotes, which are part of an identifier, have been passed over.
      subset ??= input.at - 1;
      skipSubset(input);
    } else if (input.at > text.length) throw input.ended();
  }
  const end = input.at - 1;
  return { text: text.slice(at, end), ...(subset !== undefined && { subset: text.slice(subset, end) }) };
}

/** Moves behind the bracket that ends an internal subset: not one in quotes, comments or processing instructions. */
function skipSubset(input: XmlInput): void {
  const { text } = input;
  for (;;) {
    const code = text.charCodeAt(input.at);
    input.at += 1;
    if (code === marks.closingBracket) return;
    if (code === marks.quote) input.through('"');
    else if (code === marks.apostrophe) input.through("'");
    else if (code === marks.less && text.startsWith('!--', input.at)) {
      input.at += 3;
      input.through('--');
      endComment(input);
    } else if (code === marks.less && text.startsWith('?', input.at)) {
      input.at += 1;
      input.through('?>');
    } else if (input.at > text.length) throw input.ended();
  }
}

/** Moves over what has to follow the two hyphens that end a comment. @throws {DecodeError} BAD_VALUE */
export function endComment(input: XmlInput): void {
  if (input.text.charCodeAt(input.at) !== marks.greater) throw input.unexpected('malformed comment');
  input.at += 1;
}

/** The first entity that an internal subset defines, by its name, to end a sentence with. */
function entityIn(subset: string): string {
  const name = /<!ENTITY\s+(?:%\s+)?([^\s"'<>%]{1,60})/.exec(subset)?.[1];
  return name === undefined ? '' : `: it defines the entity ${JSON.stringify(name)}`;
}
