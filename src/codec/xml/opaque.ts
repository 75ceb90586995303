/** What the nearest Meta elements say about the octets of a Data element. */
export interface OpaqueContext {
  /** Meta Format in force, such as `bin`. */
  readonly format?: string;
  /** Meta Type in force. */
  readonly type?: string;
}

/**
 * Text that stands for WBXML OPAQUE octets in XML: Base64 when Format is `bin` or Type is the WBXML form of TNDS,
 * otherwise their UTF-8 text (profile RV-SIG-1).
 * @throws {ValueError} BAD_FORMAT when they are neither
 */
export function opaqueToText(_octets: Uint8Array, _context: OpaqueContext): string {
  throw new Error('not written yet');
}
