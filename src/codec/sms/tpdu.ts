// Short messages as a telephone or a modem shows them: SMS-DELIVER, SMS-SUBMIT and SMS-STATUS-REPORT, with or without the address of
// the service centre before them (3GPP TS 23.040 §9.2.2, 3GPP TS 27.005 §3.1 <pdu>). encode-tpdu.ts writes
// them.
import { type Annotate, ByteReader, DecodeError } from '../../core/index.ts';
import { isSmsCommand } from './sms-command.ts';
import { readStatusReport } from './status-report.ts';
import {
  notesOf,
  readAddress,
  readFlag,
  readServiceCentre,
  readTimestamp,
  readValidity,
} from './tpdu-fields.ts';
import { readDataCoding, readUserDataField, type TpduUserData } from './tpdu-user-data.ts';

/** What a TPDU says, as far as tools need it. */
export interface SmsTpdu extends TpduUserData {
  readonly type: 'SMS-DELIVER' | 'SMS-SUBMIT' | 'SMS-STATUS-REPORT';
  /** Who sent it (DELIVER), or whom it goes or went to. */
  readonly address: string;
  readonly dataCoding: number;
  /** The service centre that stood before it; empty for the telephone's own, `undefined` where none was read. */
  readonly serviceCentre?: string | undefined;
  /** TP-MR of an SMS-SUBMIT or a status report, 0–255. */
  readonly reference?: number;
  /** TP-SCTS, in the form of ISO 8601: when the centre took it. `undefined` for what is no time, where that is let pass. */
  readonly time?: string | undefined;
  /** TP-DT of a status report: when it was settled or last tried. */
  readonly settledTime?: string | undefined;
  /** TP-SRR of an SMS-SUBMIT: a status report is wanted. */
  readonly reportWanted?: boolean;
  /** TP-ST of a status report, 0–255. */
  readonly status?: number;
  /** TP-SRQ of a status report: it is about a command. */
  readonly aboutCommand?: boolean;
}

/** How to read a TPDU. */
export interface DecodeTpduOptions {
  readonly annotate?: Annotate | undefined;
  /** Whether the address of the service centre stands before it, as modems print it. */
  readonly serviceCentre: boolean;
  /**
   * True to take times that are none (a month 0) for unknown instead of refusing all of it, as is right for what a network
   * delivered: some centres leave them empty. Default false, so that tools do not take anything for a TPDU.
   */
  readonly anyTime?: boolean | undefined;
}

const doc = '3GPP TS 23.040';

/**
 * Reads an SMS-DELIVER, SMS-SUBMIT or SMS-STATUS-REPORT that fills the input.
 * @throws {DecodeError} UNSUPPORTED for other types of TPDU, BAD_VALUE, TRUNCATED, TRAILING
 */
export function decodeTpdu(bytes: Uint8Array, options: DecodeTpduOptions): SmsTpdu {
  const { annotate, anyTime = false } = options;
  const reader = new ByteReader(bytes, doc, 0);
  const note = notesOf(annotate);
  const before = options.serviceCentre ? { serviceCentre: readServiceCentre(reader, annotate) } : {};
  const start = reader.offset;
  const first = reader.u8('TP-MTI', '9.2.3.1');
  const type = typeNames[first & 3];
  const flag = (...rest: [field: string, mask: number, section: string, meaning: string]): void =>
    readFlag(annotate, start, first, ...rest);
  if (type === undefined) {
    const detail = `type ${first & 3}: neither SMS-DELIVER, SMS-SUBMIT nor SMS-STATUS-REPORT`;
    throw reader.error('UNSUPPORTED', detail, 'TP-MTI', '9.2.3.1', start);
  }
  const bits = { bit: 6, bits: 2, section: `${doc} §9.2.3.1` };
  annotate?.({ offset: start, length: 1, field: 'TP-MTI', value: String(first & 3), meaning: type, ...bits });
  flag('TP-UDHI', 0x40, '9.2.3.23', 'the user data begins with a header');
  if (type === 'SMS-STATUS-REPORT') {
    if (isSmsCommand(new ByteReader(bytes.subarray(start), doc, 0))) {
      const detail = 'SMS-COMMAND, which a telephone sends to its centre: it carries no push';
      throw reader.error('UNSUPPORTED', detail, 'TP-MTI', '9.2.2.4', start);
    }
    return { type, ...before, ...readStatusReport(reader, first, annotate, anyTime) };
  }
  const deliver = type === 'SMS-DELIVER';
  flag('TP-RP', 0x80, '9.2.3.17', 'a reply path is set');
  if (deliver) {
    flag('TP-SRI', 0x20, '9.2.3.4', 'a status report goes back');
    flag('TP-MMS', 0x04, '9.2.3.2', 'no more messages wait');
  } else {
    flag('TP-SRR', 0x20, '9.2.3.5', 'a status report is wanted');
    flag('TP-RD', 0x04, '9.2.3.25', 'duplicates are refused');
  }
  const submitted = deliver
    ? {}
    : { reference: readReference(reader, note), reportWanted: (first & 0x20) !== 0 };
  const address = readAddress(reader, deliver ? 'TP-OA' : 'TP-DA', deliver ? '9.2.3.7' : '9.2.3.8', annotate);
  const protocol = reader.u8('TP-PID', '9.2.3.9');
  const shown = `0x${protocol.toString(16).toUpperCase().padStart(2, '0')}`;
  note(reader.offset - 1, 1, 'TP-PID', shown, '', '9.2.3.9');
  const dataCoding = readDataCoding(reader, annotate);
  const time = deliver ? readTimestamp(reader, 'TP-SCTS', '9.2.3.11', annotate, anyTime) : undefined;
  if (!deliver) readValidity(reader, (first >> 3) & 3, annotate, anyTime);
  return {
    type,
    ...before,
    ...submitted,
    ...(deliver ? { time } : {}),
    address,
    dataCoding,
    ...readUserDataField(reader, dataCoding, (first & 0x40) !== 0, annotate),
  };
}

function readReference(reader: ByteReader, note: ReturnType<typeof notesOf>): number {
  const reference = reader.u8('TP-MR', '9.2.3.6');
  note(reader.offset - 1, 1, 'TP-MR', String(reference), 'message reference', '9.2.3.6');
  return reference;
}

/** Whether octets begin like the address of a service centre: an octet for none, or a length and the type of a number. */
export function firstIsServiceCentre(octets: Uint8Array): boolean {
  const [length = 0, type = 0] = octets;
  const known = [0x81, 0x91, 0xa1].includes(type);
  return length === 0 || (length >= 2 && length <= 11 && known && octets.length > length + 1);
}

/** Whether the octets are a TPDU, and whether the address of a service centre stands before it. */
export function tpduForm(bytes: Uint8Array): { readonly serviceCentre: boolean } | undefined {
  for (const serviceCentre of [true, false]) {
    try {
      decodeTpdu(bytes, { serviceCentre });
      return { serviceCentre };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return undefined;
}

const typeNames: Readonly<Record<number, SmsTpdu['type']>> = {
  0: 'SMS-DELIVER',
  1: 'SMS-SUBMIT',
  2: 'SMS-STATUS-REPORT',
};
