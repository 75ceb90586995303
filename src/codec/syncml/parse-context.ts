// What all parts of the parser share: how the document came, and whom to tell about what is left out.
import { DecodeError } from '../../core/index.ts';
import type { XmlElement } from '../xml/index.ts';
import type { ElementPath } from './element-path.ts';

/** The two encodings of a DM message. */
export type MessageForm = 'xml' | 'wbxml';

/** How to turn a document into a message. */
export interface ParseMessageOptions {
  /**
   * What the document was read from. In XML, text of Format `bin` or of WBXML TNDS is Base64 and becomes octets; in
   * WBXML such content is octets already. Default `xml`.
   */
  readonly form?: MessageForm;
  /** Told about each element that is not part of a DM message, with its path; it is otherwise ignored. */
  readonly onIgnored?: (path: string, element: XmlElement) => void;
  /**
   * True for a message that gets no answer, such as one outside a session: a command that cannot be read is then an
   * error of the message. Default false: it comes as `Unknown` with its `fault`.
   */
  readonly strictCommands?: boolean;
}

/** A value while it is put together: what is absent is not set, which costs less than to spread it. */
export type Draft<Value> = { -readonly [Name in keyof Value]: Value[Name] };

/** Short name of the document that errors refer to. */
export const messageDoc = 'DM-REPPRO-1.2';

/** An element breaks the representation. Elements carry no offsets, so the path says where. */
export function badElement(path: ElementPath, detail: string): DecodeError {
  const at = { path: path.toString(), offset: 0, bit: 0 };
  return new DecodeError('BAD_VALUE', detail, at, { doc: messageDoc, section: '' });
}
