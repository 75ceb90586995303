// Secrets in WBXML documents, wherever a message has one: credentials of DM messages, of accounts that are written to the
// tree, and of Client Provisioning.
import { decodeWbxml } from '../../codec/wbxml/index.ts';
import { type Annotation, DecodeError } from '../../core/index.ts';
import { isSecretName, isSecretNode } from '../../inspect/index.ts';
import { Mask } from './mask.ts';
import { maskText } from './mask-text.ts';

/** Elements that documents with secrets begin with. */
const roots: ReadonlySet<string> = new Set(['SyncML', 'wap-provisioningdoc', 'MgmtTree']);

/** Tokens that hold texts or octets. */
const contentFields: ReadonlySet<string> = new Set(['STR_I', 'STR_T', 'OPAQUE', 'ENTITY']);

/** Octets between the table of strings and the root that are looked at first. */
const mostBeforeRoot = 64;

/** Documents of one message at most that are looked through. */
const mostDocuments = 64;

/** Covers secrets of the documents that a message has, found by how they begin, so that what is around them does not matter. */
export function maskDocuments(mask: Mask): void {
  const { plain } = mask;
  let documents = 0;
  // Peers choose the octets: beginnings that are none may each have a table of strings that is read before that shows.
  let left = 65_536 + 4 * plain.length;
  for (let at = 0; at + 4 < plain.length; at += 1) {
    const version = plain[at] ?? 0;
    const table = version === 0 || version > 3 ? undefined : tableOf(plain, at);
    if (table === undefined) continue;
    const beginning = beginningOf(mask, at, table + mostBeforeRoot);
    // A document that has not come to its root there is read as far as it goes.
    left -= beginning === 'unknown' ? plain.length - at : table + mostBeforeRoot;
    if (documents === mostDocuments || left < 0) {
      mask.cover(at, plain.length - at, 'more documents than are looked through');
      return;
    }
    if (beginning === 'other') continue;
    const last = maskDocument(mask, at);
    if (last > at) documents += 1;
    at = last;
  }
}

/**
 * Octets of the table of strings; `undefined` where a charset behind the public identifier is none of UTF-8, US-ASCII, ISO 8859-1
 * and unknown, or the table is longer than what there is.
 */
function tableOf(octets: Uint8Array, at: number): number | undefined {
  let next = at + 1;
  if (octets[next] === 0) next += 1;
  for (let read = 0; read < 4 && (octets[next] ?? 0) >= 0x80; read += 1) next += 1;
  const charset = octets[next + 1] ?? 0xff;
  if (charset !== 0x6a && charset !== 0x03 && charset !== 0x04 && charset !== 0x00) return undefined;
  let table = 0;
  for (let read = 0; read < 5; read += 1) {
    const octet = octets[next + 2 + read] ?? 0;
    table = table * 128 + (octet & 0x7f);
    if (octet < 0x80) break;
  }
  return table > octets.length - next ? undefined : table;
}

/** Whether a document with secrets begins there, by its first octets. */
function beginningOf(mask: Mask, at: number, length: number): 'document' | 'other' | 'unknown' {
  const walk = new DocumentWalk(mask, at, true);
  const octets = mask.plain.subarray(at, at + length);
  try {
    decodeWbxml(octets, { ...reading, annotate: (line) => walk.take(line) });
  } catch (error) {
    if (!(error instanceof DecodeError || error === rootSeen || error === otherRoot)) throw error;
    if (error === otherRoot) return 'other';
    if (error instanceof DecodeError && error.code !== 'TRUNCATED')
      return walk.isDocument ? 'document' : 'other';
  }
  return walk.isDocument ? 'document' : 'unknown';
}

/** Of no length are documents refused that a message has room for. */
const reading = { meaningless: 'skip', limits: { maxOctets: Number.POSITIVE_INFINITY } } as const;

/** The last octet of the document, or `at` where there is none. */
function maskDocument(mask: Mask, at: number): number {
  const walk = new DocumentWalk(mask, at);
  try {
    decodeWbxml(mask.plain.subarray(at), { ...reading, annotate: (line) => walk.take(line) });
    return mask.octets.length - 1;
  } catch (error) {
    if (!(error instanceof DecodeError || error === otherRoot)) throw error;
    if (!walk.isDocument) return at;
    if (!walk.isOver) mask.cover(walk.end, mask.octets.length - walk.end, 'a document that cannot be read');
    return walk.isOver ? walk.end - 1 : mask.octets.length - 1;
  }
}

/** Ends the reading of what is no document that has secrets. */
const otherRoot = new Error('another root element');
/** Ends the reading of a beginning. */
const rootSeen = new Error('a root element');

/** Goes through a document token by token. */
class DocumentWalk {
  readonly #toRoot: boolean;
  readonly #mask: Mask;
  readonly #start: number;
  readonly #open: string[] = [];
  #root: string | undefined;
  /** The node whose value comes next. */
  #node = '';
  /** The parameter whose value comes next. */
  #parameter = '';
  #inValue = false;
  /** Behind the last token that was read. */
  end: number;

  /** `toRoot` reads no further than the tag of the root. */
  constructor(mask: Mask, start: number, toRoot = false) {
    this.#toRoot = toRoot;
    this.#mask = mask;
    this.#start = start;
    this.end = start;
  }

  get isDocument(): boolean {
    return this.#root !== undefined && roots.has(this.#root);
  }

  get isOver(): boolean {
    return this.#root !== undefined && this.#open.length === 0;
  }

  take(line: Annotation): void {
    const { field, value, meaning } = line;
    this.end = this.#start + line.offset + line.length;
    if (field === 'attribute' || meaning.startsWith('attribute ')) this.#attribute(line);
    else if (field === 'tag' || field.startsWith('LITERAL')) this.#tag(value);
    else if (field === 'END') {
      if (value.startsWith('</')) this.#open.pop();
    } else if (contentFields.has(field) && this.#open.length > 0) this.#content(line);
  }

  #tag(value: string): void {
    const name = value.replace(/^<|\/?>$/g, '');
    this.#root ??= name;
    if (!this.isDocument) throw otherRoot;
    if (this.#toRoot) throw rootSeen;
    this.#parameter = '';
    if (!value.endsWith('/>')) this.#open.push(name);
    if (name === 'Item' || name === 'Node') this.#node = '';
  }

  #content(line: Annotation): void {
    const parent = this.#open.at(-1);
    if (parent === 'LocURI' || parent === 'NodeName') {
      if (this.#open.at(-2) !== 'Source') this.#node = line.value;
      this.#inner(line);
    } else if (parent === 'Data' && this.#open.at(-2) === 'Cred') this.#cover(line, 'Cred of a DM message');
    else if ((parent === 'Data' || parent === 'Value') && isSecretNode(this.#node)) {
      this.#cover(line, 'secret of an account');
    } else this.#inner(line);
  }

  /** `name="AAUTHSECRET"` says what the value that follows is; both may come in pieces. */
  #attribute(line: Annotation): void {
    const { field, value, meaning } = line;
    if (field === 'attribute' || meaning === 'attribute by name') {
      const [name = '', text = ''] = value.split('=', 2);
      this.#inValue = name === 'value';
      if (name === 'name') this.#parameter = text.replace(/^"|"$/g, '');
    } else if (contentFields.has(field)) {
      if (!this.#inValue) this.#parameter += value;
      else if (isSecretName(this.#parameter)) this.#cover(line, 'credential of a provisioning document');
    }
  }

  /** A text that is a document of its own, XML in XML. */
  #inner(line: Annotation): void {
    const [from, to] = [this.#start + line.offset, this.#start + line.offset + line.length];
    const inner = new Mask(this.#mask.plain.subarray(from, to));
    maskText(inner);
    for (const { offset, length, what } of inner.finish().masked)
      this.#mask.cover(from + offset, length, what);
  }

  /** The content of a token: of a string all between the token and its end, of OPAQUE all behind its length. */
  #cover(line: Annotation, what: string): void {
    const from = this.#start + line.offset;
    if (line.field === 'STR_T') {
      // The table is shared by all: it is covered whole where something of it is secret.
      this.#mask.cover(this.#start, line.offset, what);
      return;
    }
    const length = line.field === 'OPAQUE' ? opaqueHeader(this.#mask.plain, from) : 1;
    const tail = line.field === 'STR_I' ? 1 : 0;
    this.#mask.cover(from + length, line.length - length - tail, what);
  }
}

/** Octets of the token OPAQUE and of its length. */
function opaqueHeader(octets: Uint8Array, at: number): number {
  let length = 1;
  while (((octets[at + length] ?? 0) & 0x80) !== 0 && length < 5) length += 1;
  return length + 1;
}
