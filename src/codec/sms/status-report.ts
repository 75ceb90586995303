// SMS-STATUS-REPORT: what a centre tells a telephone about a short message that it sent (3GPP TS 23.040 §9.2.2.3).
import type { Annotate, ByteReader } from '../../core/index.ts';
import { type Note, notesOf, readAddress, readFlag, readTimestamp } from './tpdu-fields.ts';
import { noUserData, readDataCoding, readUserDataField, type TpduUserData } from './tpdu-user-data.ts';

/** What a status report says. */
export interface StatusReport extends TpduUserData {
  /** TP-MR: the reference that the telephone gave the message, 0–255. */
  readonly reference: number;
  /** TP-RA: whom the message went to. */
  readonly address: string;
  /** TP-ST, 0–255: below 32 it is settled, below 64 still tried, above it failed. */
  readonly status: number;
  /** TP-SRQ: it is about a command, not about a message. */
  readonly aboutCommand: boolean;
  /** TP-SCTS and TP-DT in the form of ISO 8601; `undefined` for what is no time, where that is let pass. */
  readonly time: string | undefined;
  readonly settledTime: string | undefined;
  readonly dataCoding: number;
}

/** Reads a report behind its first octet, up to its end. @throws {DecodeError} */
export function readStatusReport(
  reader: ByteReader,
  first: number,
  annotate: Annotate | undefined,
  anyTime = false,
): StatusReport {
  const start = reader.offset - 1;
  const note = notesOf(annotate);
  const flag = (...rest: [field: string, mask: number, section: string, meaning: string]): void =>
    readFlag(annotate, start, first, ...rest);
  flag('TP-SRQ', 0x20, '9.2.3.26', 'about a command, not a message');
  flag('TP-LP', 0x08, '9.2.3.28', 'the report was forwarded');
  flag('TP-MMS', 0x04, '9.2.3.2', 'no more messages wait');
  const reference = reader.u8('TP-MR', '9.2.3.6');
  note(start + 1, 1, 'TP-MR', String(reference), 'reference of the message', '9.2.3.6');
  const address = readAddress(reader, 'TP-RA', '9.2.3.14', annotate);
  const time = readTimestamp(reader, 'TP-SCTS', '9.2.3.11', annotate, anyTime);
  const settledTime = readTimestamp(reader, 'TP-DT', '9.2.3.13', annotate, anyTime);
  const status = reader.u8('TP-ST', '9.2.3.15');
  note(reader.offset - 1, 1, 'TP-ST', hexOctet(status), statusText(status), '9.2.3.15');
  const present = readIndicator(reader, note);
  if ((present & 0x01) !== 0) {
    const protocol = reader.u8('TP-PID', '9.2.3.9');
    note(reader.offset - 1, 1, 'TP-PID', hexOctet(protocol), '', '9.2.3.9');
  }
  const dataCoding = (present & 0x02) === 0 ? 0 : readDataCoding(reader, annotate);
  const userData =
    (present & 0x04) === 0
      ? noUserData(reader, (first & 0x40) !== 0)
      : readUserDataField(reader, dataCoding, (first & 0x40) !== 0, annotate);
  const aboutCommand = (first & 0x20) !== 0;
  return { reference, address, status, aboutCommand, time, settledTime, dataCoding, ...userData };
}

/** Which of the optional fields follow; none does at the end. Further octets of the indicator mean nothing yet. */
function readIndicator(reader: ByteReader, note: Note): number {
  if (reader.left === 0) return 0;
  const start = reader.offset;
  const first = reader.u8('TP-PI', '9.2.3.27');
  for (let last = first; (last & 0x80) !== 0; ) last = reader.u8('TP-PI', '9.2.3.27');
  const fields = ['TP-PID', 'TP-DCS', 'TP-UDL'].filter((_, bit) => ((first >> bit) & 1) === 1);
  const meaning = fields.length === 0 ? 'nothing follows' : `${fields.join(', ')} follow`;
  note(start, reader.offset - start, 'TP-PI', hexOctet(first), meaning, '9.2.3.27');
  return first;
}

const settled = ['delivered', 'forwarded; whether it was delivered is not known', 'replaced by the centre'];
const passing = [
  'congestion',
  'the recipient is busy',
  'the recipient does not answer',
  'service rejected',
  'quality of service not available',
  'an error in the recipient',
];
const lasting = [
  'an error of a remote procedure',
  'the destination cannot take it',
  'the recipient refused the connection',
  'not obtainable',
  'quality of service not available',
  'no way between the networks',
  'its validity period is over',
  'deleted by its sender',
  'deleted by the administration of the centre',
  'the centre does not know the message',
];

/** What a status means, in words. */
export function statusText(status: number): string {
  const low = status & 0x1f;
  const said = (reasons: readonly string[]): string =>
    reasons[low] ?? (low < 16 ? 'reserved' : 'meaning of this centre');
  if (status < 0x20) return said(settled);
  if (status < 0x40) return `still tried: ${said(passing)}`;
  if (status < 0x60) return `failed for good: ${said(lasting)}`;
  if (status < 0x80) return `given up: ${said(passing)}`;
  return 'reserved, to be taken for given up: service rejected';
}

function hexOctet(octet: number): string {
  return `0x${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}
