// Who sent the notification: the account of its server identifier, and whether the digest holds (DM-NOTI-1.2 §5.1,
// DM-NOTI-1.3-2010 §5.1 and §6.2.10, DM-NOTI-1.3 §6.6; spec-notes rulings 1, 2 and 12). Fails closed.
import {
  type DecodedNotification,
  type VerifyKey,
  verifyNotification,
} from '../../codec/notification/index.ts';
import { type DeviceAccount, notificationEntry } from '../account/account.ts';
import type { NonceVerdict } from '../report/events.ts';
import { type Ignored, ignored, type Verdict } from '../report/verdict.ts';

/** Spellings of peers that break the rules; each widens what is accepted, so all are off by default. */
export type DigestCompatibility = Pick<
  VerifyKey,
  'acceptNonceText' | 'acceptDefaultNonceText' | 'acceptDefaultNonceHexText'
>;

/** A notification of a server that this device knows. */
export interface Authenticated {
  readonly decoded: DecodedNotification;
  readonly account: DeviceAccount;
  readonly nonce: Exclude<NonceVerdict, 'none'>;
}

/**
 * The first of the readings that its server signed. When none is, the verdict on the reading that got furthest. Exactly
 * one account may have the server identifier: with two, nobody could tell whose secret counts.
 */
export function authenticate(
  readings: readonly DecodedNotification[],
  accounts: readonly DeviceAccount[],
  compatibility: DigestCompatibility = {},
): Verdict<Authenticated> {
  let furthest: Ignored = ignored('undecodable', 'no reading');
  for (const decoded of readings) {
    const verdict = authenticateReading(decoded, accounts, compatibility);
    if ('act' in verdict) return verdict;
    if (furthest.ignore === 'undecodable' || verdict.ignore === 'bad-digest') furthest = verdict;
  }
  return furthest;
}

function authenticateReading(
  decoded: DecodedNotification,
  accounts: readonly DeviceAccount[],
  compatibility: DigestCompatibility,
): Verdict<Authenticated> {
  const { serverId } = decoded.message;
  const [account, ...more] = accounts.filter((each) => each.serverId === serverId);
  if (account === undefined) return ignored('unknown-server', 'no account has this server identifier');
  if (more.length > 0) return ignored('unknown-server', 'more than one account has this server identifier');
  const credential = notificationEntry(decoded.message, account);
  if (credential?.secret === undefined) {
    return ignored('no-credentials', 'the account has no secret to check this notification with');
  }
  const key: VerifyKey = {
    ...compatibility,
    secret: credential.secret,
    // Without one stored, as on first contact, an empty nonce is what both sides hold.
    nonce: credential.data ?? new Uint8Array(0),
    ...(account.digestIdentifier === undefined ? {} : { identifier: account.digestIdentifier }),
  };
  const used = verifyNotification(decoded, key);
  if (used === null) {
    const nonces = decoded.format === 'dm1.3' ? '' : ' with the stored nonce or the default nonce';
    return ignored('bad-digest', `the digest does not hold${nonces}`);
  }
  if (decoded.format === 'dm1.3') return { act: { decoded, account, nonce: 'timestamp' } };
  return { act: { decoded, account, nonce: used === 'default' ? 'default' : 'stored' } };
}
