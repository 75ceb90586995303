import type { XmlElement } from '../xml/index.ts';
import type { DmMessage } from './message.ts';

/** How to turn a document into a message. */
export interface ParseMessageOptions {
  /**
   * What the document was read from. In XML, text of Format `bin` or of WBXML TNDS is Base64 and becomes octets; in
   * WBXML such content is octets already. Default `xml`.
   */
  readonly form?: MessageForm;
  /** Told about each element that is not part of a DM message, with its path; it is otherwise ignored. */
  readonly onIgnored?: (path: string, element: XmlElement) => void;
}

/** The two encodings of a DM message. */
export type MessageForm = 'xml' | 'wbxml';

/**
 * A DM message from its document. Children may stand in any order; required ones must be there, single ones once.
 * A command that DM does not know comes as `Unknown`, for the session to refuse.
 * @throws {DecodeError} BAD_VALUE with a path such as `SyncBody.Replace[2].Item[0].Meta.Size`
 */
export function parseMessage(_root: XmlElement, _options: ParseMessageOptions = {}): DmMessage {
  throw new Error('not written yet');
}
