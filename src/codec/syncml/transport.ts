// DM messages as HTTP, OBEX and push carry them: octets with a media type.
import { DecodeError, utf8ToBytes } from '../../core/index.ts';
import { decodeWbxml, type EncodeWbxmlOptions, encodeWbxml, type WbxmlLimits } from '../wbxml/index.ts';
import { type Preview, type ReadXmlOptions, readXml, writeXml } from '../xml/index.ts';
import { type BuildMessageOptions, buildMessage } from './build.ts';
import type { DmMessage } from './message.ts';
import { documentStart, isUsualType, messageForm } from './message-type.ts';
import { parseMessage } from './parse.ts';
import { type MessageForm, messageDoc, type ParseMessageOptions } from './parse-context.ts';

/** How to read a message as a transport delivers it. */
export interface ReadMessageOptions extends Omit<ParseMessageOptions, 'form'> {
  /** Bounds of the document; those that only WBXML has do not matter for XML. */
  readonly limits?: Partial<WbxmlLimits>;
  /**
   * What to do with DOCTYPE, comments and what stands around the document in XML. Default: a DOCTYPE without an internal
   * subset is passed over unread, comments are dropped, surroundings ignored.
   */
  readonly xml?: Pick<ReadXmlOptions, 'doctype' | 'comments' | 'surroundings'>;
  /** Told, in words of ours, of each thing that was tolerated: it does no harm, and a strict peer would not write it. */
  readonly onDeviation?: (deviation: string) => void;
  /** Reads the beginning only; see `readMessageHead`. */
  readonly preview?: Preview;
}

/** How to write a message for a transport. */
export interface WriteMessageOptions extends Omit<BuildMessageOptions, 'form' | 'wbxmlVersion'> {
  /** Version, public identifier, string table: for WBXML only. The version holds for trees in Data as well. */
  readonly wbxml?: EncodeWbxmlOptions;
}

/**
 * Reads a DM message. `contentType` is the transport's value, such as `application/vnd.syncml.dm+xml; charset=utf-8`,
 * `undefined` when it gave none, or just the encoding. White space before the document and NUL behind it, as some clients
 * write them, are passed over.
 * @throws {DecodeError} UNSUPPORTED for another media type; otherwise what is wrong, and where
 */
export function readMessage(
  bytes: Uint8Array,
  contentType: MessageForm | string | undefined,
  options: ReadMessageOptions = {},
): DmMessage {
  const isForm = contentType === 'xml' || contentType === 'wbxml';
  const form = isForm ? contentType : messageForm(contentType, bytes);
  const { limits = {}, onIgnored, strictCommands = false } = options;
  const charset = charsetParameter(contentType);
  const hint = charset === undefined ? {} : { charset };
  const beginning = options.preview === undefined ? {} : { preview: options.preview };
  const parse: ParseMessageOptions = { strictCommands, ...(onIgnored === undefined ? {} : { onIgnored }) };
  const { onDeviation } = options;
  if (onDeviation !== undefined) {
    if (!isForm && !isUsualType(contentType, form))
      onDeviation('a Content-Type that is not that of DM messages');
    if (documentStart(bytes) > 0) onDeviation('white space before the document');
    if (bytes.at(-1) === 0) onDeviation('NUL behind the document');
  }
  switch (form) {
    case 'xml': {
      const onDoctype = onDeviation && (() => onDeviation('a DOCTYPE'));
      const tolerant = {
        doctype: 'ignore',
        surroundings: 'ignore',
        ...(onDoctype !== undefined && { onDoctype }),
      } as const;
      const root = readXml(bytes, { limits, ...tolerant, ...options.xml, ...hint, ...beginning });
      return parseMessage(root, { ...parse, form });
    }
    case 'wbxml': {
      const octets = wbxmlDocument(bytes);
      const { root } = decodeWbxml(octets, { limits, language: 'syncml', ...hint, ...beginning });
      return parseMessage(root, { ...parse, form });
    }
    default: {
      const shown = contentType === undefined ? 'what came' : JSON.stringify(contentType.slice(0, 80));
      const at = { path: 'Content-Type', offset: 0, bit: 0 };
      throw new DecodeError('UNSUPPORTED', `${shown} is not a DM message`, at, {
        doc: messageDoc,
        section: '',
      });
    }
  }
}

/** The document without what stands around it, as a view. No document ends with 00: the last octet closes an element. */
function wbxmlDocument(bytes: Uint8Array): Uint8Array {
  const start = documentStart(bytes);
  let end = bytes.length;
  while (end > start && bytes[end - 1] === 0) end -= 1;
  const version = bytes[start];
  return version === undefined || version > 0x03 ? bytes : bytes.subarray(start, end);
}

/**
 * Octets of the message in that encoding; XML starts with its declaration.
 * @throws {ValueError} when a value cannot be carried
 */
export function writeMessage(
  message: DmMessage,
  form: MessageForm,
  options: WriteMessageOptions = {},
): Uint8Array {
  const { wbxml = {}, ...build } = options;
  const version = wbxml.version === undefined ? {} : { wbxmlVersion: wbxml.version };
  const root = buildMessage(message, { ...build, ...version, form });
  return form === 'wbxml' ? encodeWbxml(root, wbxml) : utf8ToBytes(writeXml(root, { declaration: true }));
}

function charsetParameter(contentType = ''): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
}
