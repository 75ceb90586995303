import type { XmlElement } from '../xml/index.ts';
import type { DmMessage } from './message.ts';
import type { MessageForm } from './parse.ts';

/** How a tree (`MgmtTree` element) in Data travels. */
export type TndsForm =
  /** A complete WBXML document in octets, Type `…dmtnds+wbxml`. */
  | 'opaque'
  /** Elements inside Data (WBXML: code page 2). */
  | 'inline'
  /** XML as text of Data, Type `…dmtnds+xml`. */
  | 'text';

/** How to turn a message into a document. */
export interface BuildMessageOptions {
  /** Encoding that the document is meant for; absent leaves Data as it is. */
  readonly form?: MessageForm;
  /** How trees in Data travel. Default `opaque` for WBXML, `text` for XML. */
  readonly tnds?: TndsForm;
}

/** The message as a document, children in the order of the DTD. */
export function buildMessage(_message: DmMessage, _options: BuildMessageOptions = {}): XmlElement {
  throw new Error('not written yet');
}
