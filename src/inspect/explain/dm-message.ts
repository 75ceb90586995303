// The DM message in a document, or why it holds none.
import { type DmMessage, type MessageForm, parseMessage } from '../../codec/syncml/index.ts';
import type { XmlElement } from '../../codec/xml/index.ts';
import { DecodeError } from '../../core/index.ts';

/** A document and the form that it came in. */
export interface MessageDocument {
  readonly root: XmlElement;
  readonly form: MessageForm;
}

/** The message in it, without its Signature. @throws {DecodeError} when it is no DM message */
export function messageIn({ root, form }: MessageDocument): DmMessage {
  const { extensions: _, ...message } = parseMessage(root, { form, strictCommands: true });
  return message;
}

/** As `messageIn`, or why there is none. */
export function messageOrReason(document: MessageDocument): DmMessage | string {
  try {
    return messageIn(document);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}
