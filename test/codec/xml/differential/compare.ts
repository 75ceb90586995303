// One document read by both readers, and what differs.
import { isDeepStrictEqual } from 'node:util';
import { type ReadXmlOptions, readXml, type XmlElement } from '../../../../src/codec/xml/index.ts';
import { DecodeError } from '../../../../src/core/index.ts';
import type { FastRandom } from './random.ts';
import { readXmlBySaxes } from './saxes-reader.ts';

/** What came of reading a document. */
export interface Outcome {
  readonly root?: XmlElement;
  readonly error?: DecodeError;
  /** What was told on the way. */
  readonly told: readonly string[];
}

/** How a document is read: what `ReadXmlOptions` has, as data. */
export type Manner = Omit<ReadXmlOptions, 'onDoctype' | 'preview'> & {
  /** Length of a preview, and the name of the element that is enough. */
  readonly preview?: readonly [length: number, enough: string];
};

/** One manner of reading, as a seed has it; the usual ones mostly. */
export function anyManner(random: FastRandom): Manner {
  return {
    ...(random.once(8) ? {} : { doctype: 'ignore' as const }),
    ...(random.once(4) && { internalSubset: 'instructions' as const }),
    ...(random.once(4) && { comments: 'refuse' as const }),
    ...(random.once(4) && { whitespace: 'drop' as const }),
    ...(random.once(4) && { surroundings: 'ignore' as const }),
    ...(random.once(10) && { limits: { maxDepth: 3, maxElements: 6, maxAttributes: 3 } }),
    ...(random.once(10) && { preview: [random.below(200), random.one(['a', 'Item', 'none'])] as const }),
  };
}

/** Reads with one of the readers. */
export function outcomeOf(
  read: typeof readXml,
  input: string | Uint8Array,
  { preview, ...options }: Manner,
): Outcome {
  const told: string[] = [];
  try {
    const root = read(input, {
      ...options,
      onDoctype: (doctype) => told.push(`doctype ${doctype}`),
      ...(preview !== undefined && {
        preview: {
          length: preview[0],
          enough: (element: XmlElement, depth: number) => {
            told.push(`ended ${depth} ${element.name}`);
            return element.name === preview[1];
          },
          onCut: () => told.push('cut'),
        },
      }),
    });
    return { root, told };
  } catch (error) {
    if (error instanceof DecodeError) return { error, told };
    throw error;
  }
}

/** Where both readers stand to one another over one document. */
export interface Comparison {
  readonly ours: Outcome;
  readonly theirs: Outcome;
  /** What must not differ and does: acceptance, the tree, what is told, the code of an error and its place. */
  readonly difference?: string;
}

/** Reads a document with ours and with the one on saxes. */
export function compare(input: string | Uint8Array, manner: Manner): Comparison {
  const ours = outcomeOf(readXml, input, manner);
  const theirs = outcomeOf(readXmlBySaxes, input, manner);
  const difference = isIntended(input, ours, theirs)
    ? undefined
    : (differenceOf(ours, theirs) ?? differenceOfPlaces(input, ours, theirs));
  return { ours, theirs, ...(difference !== undefined && { difference }) };
}

/** Details of a reference that another character than its semicolon ends. */
const openReference = new Set(['disallowed character in entity name', 'malformed character entity']);

/**
 * What differs on purpose. Where a reference has no semicolon, ours says so; the other looks for one, over any markup, to the
 * end of the document, which then is cut short. Where an end tag has the wrong name, the other first tells a preview that the
 * element has ended, which may be enough. And where both refuse a document with an internal subset, they need not find the same
 * end of it, so neither the same fault.
 */
function isIntended(input: string | Uint8Array, { error }: Outcome, theirs: Outcome): boolean {
  if (error === undefined) return false;
  const isCut = theirs.told.includes('cut');
  if (openReference.has(error.detail) && (isCut || theirs.error?.code === 'TRUNCATED')) return true;
  if (error.detail === 'unexpected close tag' && theirs.told.some((one) => one.startsWith('ended')))
    return true;
  return theirs.error !== undefined && internalSubset.test(textOf(input));
}

const internalSubset = /<!DOCTYPE(?:[^[>"']|"[^"]*"|'[^']*')*\[/;

function differenceOf(ours: Outcome, theirs: Outcome): string | undefined {
  if ((ours.root === undefined) !== (theirs.root === undefined)) return 'one accepts what the other refuses';
  if (ours.root !== undefined) {
    if (!isDeepStrictEqual(ours.root, theirs.root)) return 'the elements differ';
    return isDeepStrictEqual(ours.told, theirs.told) ? undefined : 'what was told differs';
  }
  return ours.error?.code === theirs.error?.code ? undefined : 'the codes of the errors differ';
}

/** Errors that ours finds at their first character, and the other when it has read on. */
const foundEarlier = new Set([
  ...openReference,
  'text data outside of root node',
  'document must contain a root element',
  'incorrect syntax',
]);

/**
 * Places are held against each other where both say the same, but for what ours finds earlier. At the end of a document that is
 * cut short the other counts its last part twice, and of a text's byte order mark ours counts the octets.
 */
function differenceOfPlaces(
  input: string | Uint8Array,
  { error }: Outcome,
  theirs: Outcome,
): string | undefined {
  if (error === undefined || error.detail !== theirs.error?.detail) return undefined;
  if (error.code === 'TRUNCATED' || foundEarlier.has(error.detail)) return undefined;
  if (typeof input === 'string' && input.startsWith('\ufeff')) return undefined;
  return isDeepStrictEqual(error.at, theirs.error?.at) ? undefined : 'the places of one error differ';
}

function textOf(input: string | Uint8Array): string {
  return typeof input === 'string' ? input : new TextDecoder().decode(input);
}
