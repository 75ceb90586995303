// SMS-COMMAND, which a telephone sends to its centre: known, so that it is named (3GPP TS 23.040 §9.2.2.4).
import { type ByteReader, DecodeError } from '../../core/index.ts';
import { readAddress } from './tpdu-fields.ts';

/** Whether a TPDU at the reader is an SMS-COMMAND that fills the rest: its command data has the length that it says. */
export function isSmsCommand(reader: ByteReader): boolean {
  try {
    const first = reader.u8('TP-MTI', '9.2.3.1');
    if ((first & 0x03) !== 2) return false;
    // Reference, protocol, type of command, number of the message.
    reader.take(4, 'TP-CT', '9.2.3.19');
    readAddress(reader, 'TP-DA', '9.2.3.8', undefined);
    const length = reader.u8('TP-CDL', '9.2.3.20');
    return length === reader.left;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}
