// What a server wants to do, for the device to judge whether it can (DM-NOTI-1.3 §6.5.2).
import type { MoIndexRegistry, Notification } from '../codec/notification/index.ts';

/** What the notification says of the session that it asks for. */
export interface SessionPurpose {
  readonly serverId: string;
  readonly initiator: Notification['initiator'];
  /** Targeted-MO, in the notification's order; `name` where the registry knows the index. */
  readonly targetedMo: readonly { readonly index: number; readonly name?: string }[];
  /** MO identifier of a dm1.3-2010 notification. */
  readonly moIdentifier?: string;
}

/** Reads it. An index that the registry does not know is kept: the device may still know it. */
export function purposeOf(message: Notification, registry: MoIndexRegistry): SessionPurpose {
  const targeted = message.format === 'dm1.3' ? (message.targetedMo ?? []) : [];
  const moIdentifier = message.format === 'dm1.3-2010' ? message.moIdentifier : undefined;
  return {
    serverId: message.serverId,
    initiator: message.initiator,
    targetedMo: targeted.map((index) => {
      const name = registry.nameOf(index);
      return name === undefined ? { index } : { index, name };
    }),
    ...(moIdentifier === undefined ? {} : { moIdentifier }),
  };
}
