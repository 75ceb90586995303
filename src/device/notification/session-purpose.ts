// What a server wants to do, for the device to judge whether it can (DM-NOTI-1.3 §6.5.2).
import type { MoIndexRegistry, Notification } from '../../codec/notification/index.ts';
import type { VendorInformation } from '../report/events.ts';
import { vendorInformationOf } from './vendor-information.ts';

/** What the notification says of the session that it asks for, vendor specific information included. */
export interface SessionPurpose extends VendorInformation {
  readonly serverId: string;
  readonly initiator: Notification['initiator'];
  /** Targeted-MO, in the notification's order; `name` where the registry knows the index. */
  readonly targetedMo: readonly { readonly index: number; readonly name?: string }[];
  /** MO identifier of a dm1.3-2010 notification. */
  readonly moIdentifier?: string;
  /** Reason for the connection, where the server gives one. Not made safe to print. */
  readonly reason?: string;
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
    ...reasonOf(message),
    ...vendorInformationOf(message),
  };
}

/** Connect-Reason of dm1.3, reason of dm1.3-2010, to be spread. */
export function reasonOf(message: Notification): { readonly reason?: string } {
  const reason = message.format === 'dm1.2' ? undefined : message.reason;
  return reason === undefined ? {} : { reason };
}
