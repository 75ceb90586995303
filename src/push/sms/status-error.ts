// What the status of a submit_sm_resp means for its message (SMPP 3.4 §5.1.3).
import { commandStatuses, statusName } from '../../codec/smpp/index.ts';
import { PushError } from '../../core/index.ts';

/** What to do about a status other than 0. */
export type StatusMeaning =
  /** The centre gets too many: slow down, and send the message again. */
  | 'slow-down'
  /** The session is not what we think: bind again, and send the message again. */
  | 'rebind'
  /** The same push may be taken later. */
  | 'passing'
  /** The same push will be refused as often as it is sent. */
  | 'lasting';

const s = commandStatuses;

const meanings: ReadonlyMap<number, StatusMeaning> = new Map<number, StatusMeaning>([
  [s.ESME_RTHROTTLED, 'slow-down'],
  [s.ESME_RMSGQFUL, 'slow-down'],
  [s.ESME_RINVBNDSTS, 'rebind'],
  [s.ESME_RSYSERR, 'passing'],
  [s.ESME_RSUBMITFAIL, 'passing'],
  [s.ESME_RX_T_APPN, 'passing'],
  [s.ESME_RDELIVERYFAILURE, 'passing'],
  [s.ESME_RUNKNOWNERR, 'passing'],
  [s.ESME_RALYBND, 'passing'],
]);

const explanations: ReadonlyMap<number, string> = new Map([
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
  // SMPP 5.0, which some centres send under 3.4 too.
  [0x104, 'it does not take this data coding'],
]);

/** The highest status that SMPP defines; those above belong to centres, and nothing says what they mean. */
const highestDefined = 0xff;

/** What a status other than 0 asks for. A status of the centre's own may pass. */
export function statusMeaning(status: number): StatusMeaning {
  const defined = status <= highestDefined || explanations.has(status);
  return meanings.get(status) ?? (defined ? 'lasting' : 'passing');
}

/** The error of a push that the centre refused. Its code is the name of the status. */
export function statusError(status: number, smsc: string): PushError {
  const name = statusName(status);
  const why = explanations.get(status);
  const text = `${smsc}: refused the message: ${name}${why === undefined ? '' : ` (${why})`}`;
  const code = name.startsWith('0x') ? `SMPP_${name.slice(2)}` : name;
  return new PushError(code, text, statusMeaning(status) !== 'lasting');
}
