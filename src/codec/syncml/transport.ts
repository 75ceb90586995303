import type { EncodeWbxmlOptions, WbxmlLimits } from '../wbxml/index.ts';
import type { BuildMessageOptions } from './build.ts';
import type { DmMessage } from './message.ts';
import type { MessageForm, ParseMessageOptions } from './parse.ts';

/** How to read a message as a transport delivers it. */
export interface ReadMessageOptions extends Omit<ParseMessageOptions, 'form'> {
  /** Bounds of the document; those that only WBXML has do not matter for XML. */
  readonly limits?: Partial<WbxmlLimits>;
}

/** How to write a message for a transport. */
export interface WriteMessageOptions extends Omit<BuildMessageOptions, 'form'> {
  /** Version, public identifier, string table: for WBXML only. */
  readonly wbxml?: EncodeWbxmlOptions;
}

/** The encoding that a Content-Type names, parameters ignored; `undefined` when it is not a DM message. */
export function messageForm(_contentType: string): MessageForm | undefined {
  throw new Error('not written yet');
}

/** Content-Type of a message in that encoding. */
export function messageContentType(_form: MessageForm): string {
  throw new Error('not written yet');
}

/**
 * Reads a DM message. `contentType` is the transport's value, such as `application/vnd.syncml.dm+xml; charset=utf-8`,
 * or just the encoding.
 * @throws {DecodeError} UNSUPPORTED for another media type; otherwise what is wrong, and where
 */
export function readMessage(
  _bytes: Uint8Array,
  _contentType: MessageForm | string,
  _options: ReadMessageOptions = {},
): DmMessage {
  throw new Error('not written yet');
}

/**
 * Octets of the message in that encoding.
 * @throws {ValueError} when a value cannot be carried
 */
export function writeMessage(
  _message: DmMessage,
  _form: MessageForm,
  _options: WriteMessageOptions = {},
): Uint8Array {
  throw new Error('not written yet');
}
