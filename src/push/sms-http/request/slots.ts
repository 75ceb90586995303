// What a template can ask for: the slots, the forms in which each can stand, and what goes into them for one message.
import { bytesToBase64, bytesToHex } from '../../../core/index.ts';

/** What one message puts into the slots. What is `undefined` leaves out the field that asks for it. */
export interface MessageValues {
  /** The device: its digits, and the number as it was given. */
  readonly to: { readonly digits: string; readonly given: string };
  /** Our own address; absent when none is configured. */
  readonly from: string | undefined;
  /** User data header with its length octet. */
  readonly header: Uint8Array;
  /** User data behind the header. */
  readonly payload: Uint8Array;
  readonly dataCoding: number;
  /** How long it is worth trying, and until when in milliseconds since the POSIX epoch. */
  readonly validity: { readonly seconds: number; readonly endsAt: number } | undefined;
  /** Names the message to the company: 24 characters that nobody can guess. */
  readonly reference: string;
  /** Address for receipts of this message; absent when none are asked for. */
  readonly callback: string | undefined;
  /** Place among the messages of the push, from 1, and how many there are. */
  readonly part: number;
  readonly parts: number;
}

type Write = (values: MessageValues, form: string) => string | undefined;

interface Slot {
  /** Forms, the default first; absent where any text may stand. */
  readonly forms?: readonly string[];
  /** True when the value may be absent, and the field with it. */
  readonly optional?: boolean;
  readonly write: Write;
}

const octetForms = ['hex', 'HEX', 'base64'] as const;

/** Every slot but `account.NAME`. */
export const slots: Readonly<Record<string, Slot>> = {
  to: { forms: ['digits', 'plus', 'given'], write: ({ to }, form) => numberAs(to, form) },
  from: {
    forms: ['given', 'digits', 'plus'],
    optional: true,
    write: ({ from }, form) => from && numberAs({ given: from, digits: from.replace(/^\+/, '') }, form),
  },
  udh: { forms: octetForms, write: ({ header }, form) => octetsAs(header, form) },
  /** The header without its length octet. */
  udhElements: { forms: octetForms, write: ({ header }, form) => octetsAs(header.subarray(1), form) },
  ud: { forms: octetForms, write: ({ payload }, form) => octetsAs(payload, form) },
  /** Header and user data in one. */
  userData: {
    forms: octetForms,
    write: ({ header, payload }, form) => octetsAs(Uint8Array.from([...header, ...payload]), form),
  },
  dataCoding: {
    forms: ['decimal', 'hex'],
    write: ({ dataCoding }, form) => octetAs(dataCoding, form),
  },
  validity: {
    forms: ['seconds', 'minutes', 'milliseconds', 'time'],
    optional: true,
    write: ({ validity }, form) => validity && validityAs(validity, form),
  },
  reference: { forms: ['text'], write: ({ reference }) => reference },
  callback: { forms: ['url'], optional: true, write: ({ callback }) => callback },
  /** The text behind the colon where receipts are asked for, else nothing. */
  reports: { optional: true, write: ({ callback }, form) => (callback === undefined ? undefined : form) },
  part: { forms: ['decimal'], write: ({ part }) => String(part) },
  parts: { forms: ['decimal'], write: ({ parts }) => String(parts) },
};

/** What `reports` stands for when its form says nothing. */
export const reportsDefault = '1';

function numberAs({ digits, given }: MessageValues['to'], form: string): string {
  // A name has no plus sign.
  if (form === 'plus') return /^[0-9]+$/.test(digits) ? `+${digits}` : given;
  return form === 'digits' ? digits : given;
}

function octetsAs(octets: Uint8Array, form: string): string {
  if (form === 'base64') return bytesToBase64(octets);
  return form === 'HEX' ? bytesToHex(octets).toUpperCase() : bytesToHex(octets);
}

function octetAs(octet: number, form: string): string {
  return form === 'hex' ? octet.toString(16).toUpperCase().padStart(2, '0') : String(octet);
}

function validityAs({ seconds, endsAt }: NonNullable<MessageValues['validity']>, form: string): string {
  switch (form) {
    case 'minutes':
      return String(Math.max(1, Math.floor(seconds / 60)));
    case 'milliseconds':
      return String(seconds * 1000);
    case 'time':
      return new Date(endsAt).toISOString();
    default:
      return String(seconds);
  }
}
