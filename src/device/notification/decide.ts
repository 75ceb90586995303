// From a received push to the decision to open a session, or the reason why not. Changes nothing and waits for nothing:
// what needs time (the user, a bearer, the session) comes after it, in act-on.ts.
import type { Notification } from '../../codec/notification/index.ts';
import { bytesToHex } from '../../core/index.ts';
import type { ReceivedPush } from '../../push/index.ts';
import { accountAddresses, type DeviceAccount } from '../account/account.ts';
import type { NonceVerdict } from '../report/events.ts';
import { type Ignored, ignored } from '../report/verdict.ts';
import {
  checkRepetition,
  checkResynchronisation,
  emptyMemory,
  type NotificationIdentity,
  type ReplayOptions,
  type ServerMemory,
} from '../state/replay-memory.ts';
import { chooseTransport } from '../transport/transport-choice.ts';
import { type AcceptPolicy, chooseInteraction, noticeText } from '../user/user-interface.ts';
import {
  checkAge,
  countsFromArrival,
  type DeviceTime,
  secondsAhead,
  type Validity,
  validUntil,
} from './age.ts';
import { authenticate, type DigestCompatibility } from './authenticate.ts';
import { readPush } from './read-push.ts';
import { reasonOf } from './session-purpose.ts';
import { vendorInformationOf, vendorText } from './vendor-information.ts';

/** What the device knows when a push arrives. */
export interface Circumstances {
  readonly accounts: readonly DeviceAccount[];
  readonly time: DeviceTime;
  readonly accept: AcceptPolicy;
  readonly replay: Required<ReplayOptions>;
  readonly compatibility?: DigestCompatibility | undefined;
  /** Memory of a server, if there is one. */
  memoryOf(serverId: string): ServerMemory | undefined;
  /** Notifications that wait for their session or are in it. */
  readonly pending: number;
  readonly maxPending: number;
  /** Whether Package #0 may come by secure connectionless push. Default false. */
  readonly secureNotifications?: boolean | undefined;
}

/** A notification that the device acts on. */
export interface Decision {
  readonly message: Notification;
  readonly account: DeviceAccount;
  readonly nonce: Exclude<NonceVerdict, 'none'>;
  readonly identity: NotificationIdentity;
  /** When the Session-ID is no longer valid, in milliseconds since the POSIX epoch; absent without a limit. */
  readonly validUntilMs?: number;
  /** True when that was counted from the arrival: setting the clock does not change how long it is. */
  readonly validFromArrival?: true;
  readonly interaction: 'silent' | 'inform' | 'ask';
  /** What the user is shown. */
  readonly notice: string;
  /** URLs to try, in order. */
  readonly addresses: readonly string[];
  /** For the log: what is unusual, but no reason to ignore. */
  readonly notes: readonly string[];
}

/** Why a push is ignored, with what could be read of it. */
export interface IgnoredPush extends Ignored {
  readonly serverId?: string;
  readonly sessionId?: number;
}

/** Decides about a push. */
export function decideNotification(
  push: ReceivedPush,
  circumstances: Circumstances,
): { readonly act: Decision } | IgnoredPush {
  const { time, replay, secureNotifications } = circumstances;
  const readings = readPush(push, secureNotifications === true);
  if (!('act' in readings)) return readings;
  const [likeliest] = readings.act;
  const authenticated = authenticate(readings.act, circumstances.accounts, circumstances.compatibility);
  if (!('act' in authenticated)) {
    const { serverId, sessionId } = likeliest.message;
    return { ...authenticated, serverId, sessionId };
  }
  const { decoded, account, nonce } = authenticated.act;
  const { message } = decoded;
  const refuse = (why: Ignored): IgnoredPush => ({
    ...why,
    serverId: message.serverId,
    sessionId: message.sessionId,
  });

  const memory = circumstances.memoryOf(message.serverId) ?? emptyMemory();
  const identity: NotificationIdentity = {
    sessionId: message.sessionId,
    digest: bytesToHex(decoded.digest),
    ...(message.format === 'dm1.3' ? { timestamp: message.timestamp } : {}),
  };
  const validity: Validity = message.format === 'dm1.2' ? {} : message;
  const why =
    checkRepetition(memory, identity, time.nowMs, replay) ??
    (nonce === 'default' ? checkResynchronisation(memory, time.nowMs, replay) : undefined) ??
    checkAge(validity, time);
  if (why !== undefined) return refuse(why);

  const interaction = chooseInteraction(message.uiMode, circumstances.accept);
  if (!('act' in interaction)) return refuse(interaction);
  const transport = chooseTransport(
    message.format === 'dm1.2' ? 'not-specified' : message.transport,
    accountAddresses(account),
  );
  if (transport === undefined) {
    return refuse(ignored('no-transport', 'the account has no http or https address'));
  }
  if (circumstances.pending >= circumstances.maxPending) {
    return refuse(ignored('too-many', `${circumstances.pending} notifications wait already`));
  }
  const until = validUntil(validity, time);
  return {
    act: {
      message,
      account,
      nonce,
      identity,
      ...(until === undefined ? {} : { validUntilMs: until }),
      ...(until !== undefined && countsFromArrival(validity, time) ? { validFromArrival: true } : {}),
      interaction: interaction.act,
      notice: noticeText({
        uiMode: message.uiMode,
        from: account.name ?? account.serverId,
        initiator: message.initiator,
        ...reasonOf(message),
        vendor: vendorText(vendorInformationOf(message)),
      }),
      addresses: transport.addresses,
      notes: [
        ...decoded.deviations.map((deviation) => deviation.message),
        ...(transport.note === undefined ? [] : [transport.note]),
        ...aheadNote(secondsAhead(validity, time)),
      ],
    },
  };
}

function aheadNote(seconds: number): readonly string[] {
  return seconds === 0 ? [] : [`its time stamp is ${seconds} s ahead of this device's clock`];
}
