// What the status of a submit_sm_resp means for its message (SMPP 3.4 §5.1.3).
import { commandStatuses, statusName } from '../../../codec/smpp/index.ts';
import { PushError } from '../../../core/index.ts';

/** What to do about a status other than 0. */
export type StatusMeaning =
  /** The centre gets too many: slow down, and send the message again. */
  | 'slow-down'
  /** The queue of this number is full, which other numbers need not mind: the same push may be taken later. */
  | 'full-queue'
  /** The session is not what we think: bind again, and send the message again. */
  | 'rebind'
  /** The same push may be taken later. */
  | 'passing'
  /** The same push will be refused as often as it is sent. */
  | 'lasting';

const s = commandStatuses;

// 0x100–0x106 are of SMPP 5.0; some centres send them under 3.4 too.
const serviceTypeUnavailable = 0x102;

/** Those that are about this push, and the same for it as often as it is sent, are *lasting* and not listed. */
const meanings: ReadonlyMap<number, StatusMeaning> = new Map<number, StatusMeaning>([
  [s.ESME_RTHROTTLED, 'slow-down'],
  [s.ESME_RMSGQFUL, 'full-queue'],
  [s.ESME_RINVBNDSTS, 'rebind'],
  // Trouble of the centre.
  [s.ESME_RSYSERR, 'passing'],
  [s.ESME_RSUBMITFAIL, 'passing'],
  [s.ESME_RX_T_APPN, 'passing'],
  [s.ESME_RDELIVERYFAILURE, 'passing'],
  [s.ESME_RUNKNOWNERR, 'passing'],
  [serviceTypeUnavailable, 'passing'],
  // About the account or the session, not about the push: whoever runs them mends them.
  [s.ESME_RALYBND, 'passing'],
  [s.ESME_RBINDFAIL, 'passing'],
  [s.ESME_RINVPASWD, 'passing'],
  [s.ESME_RINVSYSID, 'passing'],
  [s.ESME_RINVSYSTYP, 'passing'],
  // What is left of its life gets shorter, and may be short enough then.
  [s.ESME_RINVEXPIRY, 'passing'],
]);

const explanations: ReadonlyMap<number, string> = new Map([
  [s.ESME_RMSGQFUL, 'too many messages wait for this number'],
  [s.ESME_RSYSERR, 'it has trouble of its own'],
  [s.ESME_RBINDFAIL, 'it does not take the account'],
  [s.ESME_RINVPASWD, 'it does not take the account'],
  [s.ESME_RINVSYSID, 'it does not take the account'],
  [s.ESME_RINVSYSTYP, 'it does not take the system_type of the account'],
  [s.ESME_RINVSERTYP, 'it does not take this service_type'],
  [s.ESME_RINVREGDLVFLG, 'it does not give receipts of this kind'],
  [s.ESME_RINVSRCADR, 'it does not take our source address'],
  [s.ESME_RINVDSTADR, 'it does not take the destination address'],
  [s.ESME_RINVDSTTON, 'it does not take the type of the destination address'],
  [s.ESME_RINVDSTNPI, 'it does not take the numbering plan of the destination address'],
  [s.ESME_RINVSRCTON, 'it does not take the type of our source address'],
  [s.ESME_RINVSRCNPI, 'it does not take the numbering plan of our source address'],
  [s.ESME_RINVESMCLASS, 'it does not take this esm_class: perhaps no user data header'],
  [s.ESME_RINVMSGLEN, 'it does not take messages of this length'],
  [s.ESME_RINVEXPIRY, 'it does not take this validity period'],
  [s.ESME_ROPTPARNOTALLWD, 'it does not take these optional parameters'],
  [0x100, 'the account may not use this service_type'],
  [0x101, 'the account may not do this'],
  [serviceTypeUnavailable, 'this service_type is not available now'],
  [0x103, 'it refuses this service_type'],
  [0x104, 'it does not take this data coding'],
  [0x105, 'it does not take this part of the source address'],
  [0x106, 'it does not take this part of the destination address'],
]);

const standard: ReadonlySet<number> = new Set(Object.values(commandStatuses));

/**
 * What a status other than 0 asks for. One that neither SMPP 3.4 nor 5.0 gives a meaning is the centre's own (0x400–0x4FF)
 * or reserved: nothing says what it means, so it may pass.
 */
export function statusMeaning(status: number): StatusMeaning {
  const known = standard.has(status) || explanations.has(status);
  return meanings.get(status) ?? (known ? 'lasting' : 'passing');
}

/** The error of a push that the centre refused. Its code is the name of the status. */
export function statusError(status: number, smsc: string): PushError {
  const name = statusName(status);
  const why = explanations.get(status);
  const text = `${smsc}: refused the message: ${name}${why === undefined ? '' : ` (${why})`}`;
  const code = name.startsWith('0x') ? `SMPP_${name.slice(2)}` : name;
  return new PushError(code, text, statusMeaning(status) !== 'lasting', { notTaken: true });
}
