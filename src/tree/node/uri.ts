// URIs of nodes and of their properties (DM-TND-1.2 §5, §7.3; DM-TND-1.2).
import { nodeAt, type TreeNode } from './node.ts';
import { Refusal } from './outcome.ts';

/** Bounds of a URI. 0 means that there is none, as in `./DevDetail/URI`. */
export interface UriLimits {
  /** Segments. */
  readonly maxDepth: number;
  /** Characters of the whole URI, query included. */
  readonly maxTotLen: number;
  /** Characters of one segment. */
  readonly maxSegLen: number;
}

/** Names of properties that `?prop=` addresses. */
export const propertyNames = ['ACL', 'Format', 'Name', 'Size', 'Title', 'TStamp', 'Type', 'VerNo'] as const;

/** A property of a node. */
export type PropertyName = (typeof propertyNames)[number];

/** What `?list=` asks for. */
export type ListQuery =
  | { readonly list: 'Struct' | 'StructData' }
  /** `include`: only these; `exclude`: all but these; neither: all. */
  | {
      readonly list: 'TNDS';
      readonly include?: readonly TndsPart[];
      readonly exclude?: readonly TndsPart[];
    };

/** What `?list=TNDS+…` or `-…` may name. */
export type TndsPart = PropertyName | 'Value';

/** A URI taken apart. */
export interface TreeUri {
  /** Names from the root down; none for the root itself. */
  readonly segments: readonly string[];
  readonly property?: PropertyName;
  readonly list?: ListQuery;
}

/** Segments of a URI whatever DevDetail says: walks over the tree are recursive. */
export const deepest = 100;
// Characters, likewise.
const longest = 65_535;

/**
 * Takes a URI of a command apart: `.`, `./A/B`, `A/B`, `A/B?prop=ACL`, `A/B?list=TNDS+Value`. Refuses with 400 what is
 * no URI, 414 beyond the limits, 406 an unknown property or list.
 */
export function parseTreeUri(text: string, limits: UriLimits): TreeUri | Refusal {
  const total = limits.maxTotLen === 0 ? longest : Math.min(limits.maxTotLen, longest);
  // A character is at least one code unit, so the slower count is needed near the limit only.
  if (text.length > total && [...text].length > total) {
    return new Refusal(414, `URI is longer than ${total} characters`);
  }
  const question = text.indexOf('?');
  const path = question < 0 ? text : text.slice(0, question);
  const segments = splitPath(path);
  if (segments === undefined) return new Refusal(400, `${JSON.stringify(path)} is not a URI of a node`);
  const tooLong = checkLimits(segments, limits);
  if (tooLong !== undefined) return tooLong;
  if (question < 0) return { segments };
  const query = parseQuery(text.slice(question + 1));
  return query instanceof Refusal ? query : { segments, ...query };
}

/** Names from the root down; `undefined` when the text is not a path such as `.`, `./A/B` or `A/B`. */
export function splitPath(path: string): readonly string[] | undefined {
  if (path === '.') return [];
  const relative = path.startsWith('./') ? path.slice(2) : path;
  const segments = relative.split('/');
  // "./" and "../" may not stand inside, so no segment but the last may end with a full stop.
  for (const [index, segment] of segments.entries()) {
    if (!isNodeName(segment) || (segment.endsWith('.') && index < segments.length - 1)) return undefined;
  }
  return segments;
}

/** True for text of characters that XML 1.0 knows (§2.2): no lone surrogate, no control character but TAB, LF, CR. */
export function isXmlText(text: string): boolean {
  return /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u.test(text);
}

/** True for text that can be the Name of a node: not empty, no `/`, `?` or control character, not `.` or `..`. */
export function isNodeName(text: string): boolean {
  if (!isXmlText(text)) return false;
  return text !== '.' && text !== '..' && /^[^/?\p{Cc}]+$/u.test(text);
}

/** The canonical URI of a path: `.` or `./A/B`. */
export function formatUri(segments: readonly string[]): string {
  return segments.length === 0 ? '.' : `./${segments.join('/')}`;
}

/** Refuses with 414 a path beyond the limits. */
export function checkLimits(segments: readonly string[], limits: UriLimits): Refusal | undefined {
  const depth = limits.maxDepth === 0 ? deepest : Math.min(limits.maxDepth, deepest);
  if (segments.length > depth) return new Refusal(414, `URI has more than ${depth} segments`);
  if (limits.maxSegLen > 0) {
    for (const segment of segments) {
      if (segment.length > limits.maxSegLen && [...segment].length > limits.maxSegLen) {
        return new Refusal(414, `a segment is longer than ${limits.maxSegLen} characters`);
      }
    }
  }
  const total = limits.maxTotLen === 0 ? longest : Math.min(limits.maxTotLen, longest);
  const units = segments.reduce((sum, segment) => sum + segment.length + 1, 1);
  if (units > total && [...formatUri(segments)].length > total) {
    return new Refusal(414, `URI is longer than ${total} characters`);
  }
  return undefined;
}

/** The limits that the tree itself states in `./DevDetail/URI`; 0 for what it does not state. */
export function limitsOf(root: TreeNode): UriLimits {
  const limits = nodeAt(root, ['DevDetail', 'URI'])?.children;
  const read = (name: string): number => {
    const text = limits?.get(name)?.value;
    return typeof text === 'string' && /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  };
  return { maxDepth: read('MaxDepth'), maxTotLen: read('MaxTotLen'), maxSegLen: read('MaxSegLen') };
}

function parseQuery(query: string): Omit<TreeUri, 'segments'> | Refusal {
  if (query.startsWith('prop=')) {
    const name = query.slice(5);
    return isProperty(name)
      ? { property: name }
      : new Refusal(406, `property ${JSON.stringify(name)} is not supported`);
  }
  if (query.startsWith('list=')) return parseList(query.slice(5));
  return new Refusal(400, `${JSON.stringify(query)} is neither prop= nor list=`);
}

function parseList(text: string): Omit<TreeUri, 'segments'> | Refusal {
  if (text === 'Struct' || text === 'StructData') return { list: { list: text } };
  if (!/^TNDS(?:[+-]|$)/.test(text)) return new Refusal(406, `list ${JSON.stringify(text)} is not supported`);
  const include: TndsPart[] = [];
  const exclude: TndsPart[] = [];
  for (const [, sign, name = ''] of text.slice(4).matchAll(/([+-])([^+-]*)/g)) {
    if (!isProperty(name) && name !== 'Value') {
      return new Refusal(406, `TNDS part ${JSON.stringify(name)} is not supported`);
    }
    (sign === '+' ? include : exclude).push(name);
  }
  if (include.length > 0 && exclude.length > 0) return new Refusal(400, '+ and - stand in one TNDS list');
  if (include.length > 0) return { list: { list: 'TNDS', include } };
  return { list: exclude.length > 0 ? { list: 'TNDS', exclude } : { list: 'TNDS' } };
}

function isProperty(text: string): text is PropertyName {
  return (propertyNames as readonly string[]).includes(text);
}
