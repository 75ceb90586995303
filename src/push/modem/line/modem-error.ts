// What modems refuse, with the meaning of their numbers and whether the same may succeed later (3GPP TS 27.005 §3.2.5, 3GPP
// TS 27.007 §9.2, 3GPP TS 24.011 Annex E, 3GPP TS 23.040 §9.2.3.22).
import { PushError, toLine } from '../../../core/index.ts';

/** A modem refused something, or does not answer. `code` is such as `CMS_331`, `CME_16`, `ERROR`, `TIMEOUT`, `LINK_LOST`. */
export class ModemError extends PushError {
  /** The number of a `+CMS ERROR` or `+CME ERROR`; `undefined` for others. */
  readonly number: number | undefined;
  /** True when a message had been handed over whole: the network may have it, although nothing says so. */
  readonly inDoubt: boolean;

  constructor(
    code: string,
    message: string,
    retryable: boolean,
    more: { readonly number?: number; readonly inDoubt?: boolean; readonly cause?: unknown } = {},
  ) {
    const { inDoubt = false, cause } = more;
    super(code, message, retryable, { notTaken: !inDoubt, ...(cause === undefined ? {} : { cause }) });
    this.number = more.number;
    this.inDoubt = inDoubt;
  }
}

/**
 * What a number means, and whether trying later, or another way, may help. Only what is about this very message or its number is
 * for good: what the modem, its SIM, its subscription, its network or its settings stand in the way of, others may take.
 */
type Row = readonly [meaning: string, retryable: boolean, inDoubt?: true];

const cms: ReadonlyMap<number, Row> = new Map<number, Row>([
  [1, ['the number is not assigned', false]],
  [8, ['barred by the operator', true]],
  [10, ['calls of this SIM are barred', true]],
  [17, ['network failure', true]],
  [21, ['the short message was refused', false]],
  [22, ['the memory is full, or the network is congested', true]],
  [27, ['the destination is out of service', true]],
  [28, ['the subscriber is not identified', true]],
  [29, ['the facility was refused', true]],
  [30, ['the subscriber is not known', false]],
  [38, ['the network is out of order', true]],
  [41, ['temporary failure', true]],
  [42, ['congestion', true]],
  [47, ['no resources are left', true]],
  [50, ['the facility is not subscribed to', true]],
  [69, ['the facility is not implemented', true]],
  [81, ['reference not valid', true]],
  [95, ['the message is wrong', false]],
  [96, ['a field of the message is wrong', false]],
  [97, ['the type of message does not exist', false]],
  [98, ['the message does not fit the state of the protocol', true]],
  [99, ['an element of the message does not exist', false]],
  [111, ['protocol error', true]],
  [127, ['networks do not work together', true]],
  [0x80, ['telematic interworking is not supported', false]],
  [0x81, ['short messages of type 0 are not supported', false]],
  [0x82, ['the message cannot be replaced', false]],
  [0x8f, ['the protocol identifier was refused', false]],
  [0x90, ['the data coding is not supported', true]],
  [0x91, ['the message class is not supported', true]],
  [0x9f, ['the data coding was refused', true]],
  [0xb0, ['the TPDU is not supported', true]],
  [0xc0, ['the service centre is busy', true]],
  [0xc1, ['there is no subscription with the service centre', true]],
  [0xc2, ['the service centre has failed', true]],
  [0xc3, ['the address of the recipient is not valid', false]],
  [0xc4, ['the recipient is barred', false]],
  [0xc5, ['refused as a duplicate: the service centre has it', true, true]],
  [0xc6, ['the format of the validity period is not supported', true]],
  [0xc7, ['the validity period is not supported', true]],
  [0xd0, ['the memory of the SIM is full', true]],
  [0xd3, ['the memory is full', true]],
  [0xff, ['not said why', true]],
  [300, ['the modem has failed', true]],
  [301, ['the short message service of the modem is taken', true]],
  [302, ['not allowed', true]],
  [303, ['not supported', true]],
  [304, ['a parameter of PDU mode is not valid', true]],
  [305, ['a parameter of text mode is not valid', true]],
  [310, ['there is no SIM', true]],
  [311, ['the PIN of the SIM is needed', true]],
  [312, ['the code of the telephone is needed', true]],
  [313, ['the SIM has failed', true]],
  [314, ['the SIM is busy', true]],
  [315, ['the SIM is the wrong one', true]],
  [316, ['the PUK of the SIM is needed', true]],
  [317, ['PIN2 of the SIM is needed', true]],
  [318, ['PUK2 of the SIM is needed', true]],
  [320, ['the memory has failed', true]],
  [321, ['there is no such place in the memory', false]],
  [322, ['the memory is full', true]],
  [330, ['the number of the service centre is not known: set `serviceCentre`', true]],
  [331, ['no network', true]],
  [332, ['the network did not answer in time', true, true]],
  [340, ['no acknowledgement is expected', true]],
  [500, ['not said why', true]],
]);

const cme: ReadonlyMap<number, Row> = new Map<number, Row>([
  [0, ['the telephone has failed', true]],
  [1, ['no connection to the telephone', true]],
  [3, ['not allowed', true]],
  [4, ['not supported', true]],
  [5, ['the code of the telephone is needed', true]],
  [10, ['there is no SIM', true]],
  [11, ['the PIN of the SIM is needed', true]],
  [12, ['the PUK of the SIM is needed', true]],
  [13, ['the SIM has failed', true]],
  [14, ['the SIM is busy', true]],
  [15, ['the SIM is the wrong one', true]],
  [16, ['the password is wrong', true]],
  [17, ['PIN2 of the SIM is needed', true]],
  [18, ['PUK2 of the SIM is needed', true]],
  [20, ['the memory is full', true]],
  [21, ['there is no such place', false]],
  [22, ['not found', false]],
  [23, ['the memory has failed', true]],
  [24, ['a text is too long', false]],
  [25, ['a text has characters that are not allowed', false]],
  [26, ['a number is too long', false]],
  [27, ['a number has characters that are not allowed', false]],
  [30, ['no network', true]],
  [31, ['the network did not answer in time', true]],
  [32, ['the network lets only emergency calls through', true]],
  [100, ['not said why', true]],
]);

/**
 * The error that a line is, or `undefined` for a line that is none. `what` names the command, without its arguments.
 * `handedOver`: a message had been handed over whole.
 */
export function errorIn(line: string, what: string, handedOver = false): ModemError | undefined {
  if (/^(?:ERROR|COMMAND NOT SUPPORT|TOO MANY PARAMETERS)$/i.test(line)) {
    return new ModemError('ERROR', `${what}: the modem refused it without a reason`, true);
  }
  const match = /^\+CM([SE]) ERROR:\s*(.*)$/i.exec(line);
  if (match === null) return undefined;
  const kind = match[1]?.toUpperCase() === 'S' ? 'CMS' : 'CME';
  const said = match[2] ?? '';
  const shown = `+${kind} ERROR: ${toLine(said, 80)}`;
  // A text instead of a number: nothing is known of it, so that it may succeed later.
  if (!/^[0-9]{1,5}$/.test(said)) return new ModemError(kind, `${what}: ${shown}`, true);
  const number = Number(said);
  const [meaning, retryable, inDoubt = false] =
    (kind === 'CMS' ? cms : cme).get(number) ?? unknownRow(number);
  const more = { number, inDoubt: inDoubt && handedOver };
  return new ModemError(`${kind}_${number}`, `${what}: ${shown}: ${meaning}`, retryable, more);
}

/** Numbers that no list has: those of makers, from 512 on, and reserved ones. */
function unknownRow(number: number): Row {
  return [number >= 512 ? "a number of the modem's maker" : 'a number that is not known', true];
}
