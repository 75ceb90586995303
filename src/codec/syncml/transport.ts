// DM messages as HTTP, OBEX and push carry them: octets with a media type.
import { DecodeError, utf8ToBytes } from '../../core/index.ts';
import { decodeWbxml, type EncodeWbxmlOptions, encodeWbxml, type WbxmlLimits } from '../wbxml/index.ts';
import { type Preview, type ReadXmlOptions, readXml, writeXml } from '../xml/index.ts';
import { type BuildMessageOptions, buildMessage } from './build.ts';
import { mediaTypes } from './codes.ts';
import type { DmMessage } from './message.ts';
import { parseMessage } from './parse.ts';
import { type MessageForm, messageDoc, type ParseMessageOptions } from './parse-context.ts';

/** How to read a message as a transport delivers it. */
export interface ReadMessageOptions extends Omit<ParseMessageOptions, 'form'> {
  /** Bounds of the document; those that only WBXML has do not matter for XML. */
  readonly limits?: Partial<WbxmlLimits>;
  /** What to do with DOCTYPE and comments in XML. Default: refuse, drop. */
  readonly xml?: Pick<ReadXmlOptions, 'doctype' | 'comments'>;
  /** Reads the beginning only; see `readMessageHead`. */
  readonly preview?: Preview;
}

/** How to write a message for a transport. */
export interface WriteMessageOptions extends Omit<BuildMessageOptions, 'form' | 'wbxmlVersion'> {
  /** Version, public identifier, string table: for WBXML only. The version holds for trees in Data as well. */
  readonly wbxml?: EncodeWbxmlOptions;
}

/** The encoding that a Content-Type names, parameters ignored; `undefined` when it is not a DM message. */
export function messageForm(contentType: string): MessageForm | undefined {
  const semicolon = contentType.indexOf(';');
  const type = (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  if (type === mediaTypes.dmXml) return 'xml';
  return type === mediaTypes.dmWbxml ? 'wbxml' : undefined;
}

/** Content-Type of a message in that encoding. */
export function messageContentType(form: MessageForm): string {
  return form === 'xml' ? `${mediaTypes.dmXml}; charset=utf-8` : mediaTypes.dmWbxml;
}

/**
 * Reads a DM message. `contentType` is the transport's value, such as `application/vnd.syncml.dm+xml; charset=utf-8`,
 * or just the encoding.
 * @throws {DecodeError} UNSUPPORTED for another media type; otherwise what is wrong, and where
 */
export function readMessage(
  bytes: Uint8Array,
  contentType: MessageForm | string,
  options: ReadMessageOptions = {},
): DmMessage {
  const form = contentType === 'xml' || contentType === 'wbxml' ? contentType : messageForm(contentType);
  const { limits = {}, onIgnored, strictCommands = false } = options;
  const charset = charsetParameter(contentType);
  const beginning = options.preview === undefined ? {} : { preview: options.preview };
  const parse: ParseMessageOptions = { strictCommands, ...(onIgnored === undefined ? {} : { onIgnored }) };
  switch (form) {
    case 'xml': {
      const hint = charset === undefined ? {} : { charset };
      const root = readXml(bytes, { limits, ...options.xml, ...hint, ...beginning });
      return parseMessage(root, { ...parse, form });
    }
    case 'wbxml': {
      const hint = charset === undefined ? {} : { charset };
      const { root } = decodeWbxml(bytes, { limits, language: 'syncml', ...hint, ...beginning });
      return parseMessage(root, { ...parse, form });
    }
    default: {
      const shown = JSON.stringify(contentType.slice(0, 80));
      const at = { path: 'Content-Type', offset: 0, bit: 0 };
      throw new DecodeError('UNSUPPORTED', `${shown} is not a DM message`, at, {
        doc: messageDoc,
        section: '',
      });
    }
  }
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

function charsetParameter(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
}
