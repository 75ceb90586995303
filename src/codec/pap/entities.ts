// What travels in one PAP request or answer: a control document, alone or with the content that it is about
// (PAP 2.0).
import { base64ToBytes, bytesToUtf8, DecodeError, ValueError } from '../../core/index.ts';
import {
  type PapVersion,
  type ReadPapDocument,
  type ReadPapOptions,
  readPapDocument,
  writePapDocument,
} from './document.ts';
import { papDoc } from './fields.ts';
import type { PapDocument } from './message.ts';
import { type MimeType, mimeHeader, parseMimeType } from './mime-header.ts';
import { chooseBoundary, isBoundary, type MimePart, readMultipart, writeMultipart } from './multipart.ts';

/** Entities as read. */
export interface ReadPapEntities {
  readonly document: ReadPapDocument;
  /** The content to push: its own header fields, and its octets, free of any transfer encoding. */
  readonly content?: MimePart;
  /** Capabilities that the initiator assumes, as RDF. */
  readonly capabilities?: MimePart;
}

/** Entities to write. */
export interface PapEntities {
  readonly document: PapDocument;
  /** Its headers need a Content-Type. */
  readonly content?: MimePart;
  readonly capabilities?: MimePart;
}

/** Entities as octets, with their media type. */
export interface WrittenPapEntities {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Media types of a control document. */
const documentTypes: ReadonlySet<string> = new Set(['application/xml', 'text/xml']);

/**
 * Reads the body of a request or an answer. A body without a media type is taken for a document.
 * @throws {DecodeError} UNSUPPORTED for another media type or transfer encoding, otherwise as the document and MIME say
 */
export function readPapEntities(
  contentType: string | undefined,
  body: Uint8Array,
  options: ReadPapOptions = {},
): ReadPapEntities {
  const type = parseMimeType(contentType ?? 'application/xml');
  if (type === undefined) throw badType('is not a media type', contentType);
  if (documentTypes.has(type.mime)) return { document: readPapDocument(body, withCharset(options, type)) };
  if (type.mime !== 'multipart/related') throw badType('holds no PAP document', contentType);
  const { boundary = '', type: rootType = 'application/xml' } = type.parameters;
  if (!isBoundary(boundary)) throw badType('has no boundary', contentType);
  if (!documentTypes.has(rootType.toLowerCase())) throw badType('holds no PAP document', contentType);
  const [root, content, capabilities] = readMultipart(body, boundary, 3);
  const rootPart = parseMimeType(mimeHeader(root?.headers ?? [], 'content-type') ?? '');
  if (root === undefined || rootPart === undefined || !documentTypes.has(rootPart.mime)) {
    throw badType('does not begin with a PAP document', contentType);
  }
  return {
    document: readPapDocument(decoded(root).body, withCharset(options, rootPart)),
    ...(content === undefined ? {} : { content: decoded(content) }),
    ...(capabilities === undefined ? {} : { capabilities: decoded(capabilities) }),
  };
}

/**
 * Octets of a request or an answer: `multipart/related` when there is content, else the document alone.
 * @throws {ValueError} for a value that cannot be written
 */
export function writePapEntities(entities: PapEntities, version?: PapVersion): WrittenPapEntities {
  const document = writePapDocument(entities.document, version);
  const { content, capabilities } = entities;
  const more = [content, capabilities].filter((part) => part !== undefined);
  if (more.length === 0) return { contentType: 'application/xml', body: document };
  if (content === undefined) throw new ValueError('MISSING', 'capabilities stand after content', 'content');
  for (const { headers } of more) {
    if (mimeHeader(headers, 'content-type') === undefined) {
      throw new ValueError('MISSING', 'needs a Content-Type', 'content.headers');
    }
  }
  const parts: MimePart[] = [{ headers: [['Content-Type', 'application/xml']], body: document }, ...more];
  const boundary = chooseBoundary(parts.map(({ body }) => body));
  return {
    contentType: `multipart/related; boundary=${boundary}; type="application/xml"`,
    body: writeMultipart(parts, boundary),
  };
}

/** The part without its transfer encoding. */
function decoded(part: MimePart): MimePart {
  const encoding = mimeHeader(part.headers, 'content-transfer-encoding')?.toLowerCase();
  if (encoding === undefined || ['binary', '8bit', '7bit'].includes(encoding)) return part;
  const at = { path: 'Content-Transfer-Encoding', offset: 0, bit: 0 };
  const spec = { doc: 'RFC-2045', section: '6' };
  if (encoding !== 'base64') {
    throw new DecodeError(
      'UNSUPPORTED',
      `transfer encoding ${JSON.stringify(encoding.slice(0, 40))}`,
      at,
      spec,
    );
  }
  const headers = part.headers.filter(([name]) => name.toLowerCase() !== 'content-transfer-encoding');
  try {
    return { headers, body: base64ToBytes(bytesToUtf8(part.body) ?? '?') };
  } catch (cause) {
    throw new DecodeError('BAD_VALUE', 'is not Base64', at, spec, { cause });
  }
}

function withCharset(options: ReadPapOptions, { parameters }: MimeType): ReadPapOptions {
  const { charset } = parameters;
  return charset === undefined ? options : { charset, ...options };
}

function badType(detail: string, contentType: string | undefined): DecodeError {
  const shown = JSON.stringify((contentType ?? '').slice(0, 80));
  const at = { path: 'Content-Type', offset: 0, bit: 0 };
  return new DecodeError('UNSUPPORTED', `${shown} ${detail}`, at, { doc: papDoc, section: '' });
}
