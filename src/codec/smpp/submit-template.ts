// Many submit_sm that differ in destination and content only: what is the same for all is written once.
import { ValueError } from '../../core/index.ts';
import { smppDocument } from './document.ts';
import { encodePdu, headerLength, type PduInputOf } from './pdu.ts';

/** Fields that are the same for all; without parameters. */
export type SubmitTemplateFields = Omit<
  PduInputOf<'submit_sm'>,
  | 'command'
  | 'status'
  | 'sequence'
  | 'destinationTon'
  | 'destinationNpi'
  | 'destinationAddress'
  | 'shortMessage'
  | 'parameters'
>;

/** Octets of destination_addr and of short_message, at most (SMPP 3.4 §4.4.1). */
const maxAddress = 20;
const maxShortMessage = 254;

/** Writes submit_sm by copying. */
export class SubmitTemplate {
  /** Header and fields before the destination. */
  readonly #before: Uint8Array;
  /** Fields between the destination and sm_length. */
  readonly #between: Uint8Array;

  /** @throws {ValueError} for a field that cannot be written */
  constructor(fields: SubmitTemplateFields) {
    const pdu = encodePdu({ ...fields, command: 'submit_sm' });
    const { serviceType = '', sourceAddress = '' } = fields;
    const destinationAt = headerLength + serviceType.length + 1 + 2 + sourceAddress.length + 1;
    this.#before = pdu.slice(0, destinationAt);
    // Type, plan and the 00 of an empty address; at the end sm_length of an empty message.
    this.#between = pdu.slice(destinationAt + 3, pdu.length - 1);
  }

  /**
   * Octets of a submit_sm with sequence number 0, whose short_message is the parts one after the other.
   * @throws {ValueError} TOO_LONG, or BAD_FORMAT for an address that is not ASCII
   */
  write(ton: number, npi: number, address: string, ...parts: readonly Uint8Array[]): Uint8Array {
    let length = 0;
    for (const part of parts) length += part.length;
    if (length > maxShortMessage || address.length > maxAddress) {
      const path = length > maxShortMessage ? 'shortMessage' : 'destinationAddress';
      const detail = `does not fit: ${maxAddress} characters of address, ${maxShortMessage} octets of content`;
      throw new ValueError('TOO_LONG', detail, path, { doc: smppDocument, section: '4.4.1' });
    }
    const before = this.#before;
    const between = this.#between;
    const pdu = new Uint8Array(before.length + 2 + address.length + 1 + between.length + 1 + length);
    pdu.set(before);
    // command_length is below 65 536.
    pdu[2] = pdu.length >> 8;
    pdu[3] = pdu.length & 0xff;
    let at = before.length;
    pdu[at] = ton;
    pdu[at + 1] = npi;
    at += 2;
    for (let i = 0; i < address.length; i += 1) {
      const code = address.charCodeAt(i);
      if (code === 0 || code > 0x7f) {
        throw new ValueError('BAD_FORMAT', `character ${i + 1} cannot be sent`, 'destinationAddress');
      }
      pdu[at] = code;
      at += 1;
    }
    at += 1;
    pdu.set(between, at);
    at += between.length;
    pdu[at] = length;
    at += 1;
    for (const part of parts) {
      pdu.set(part, at);
      at += part.length;
    }
    return pdu;
  }
}
