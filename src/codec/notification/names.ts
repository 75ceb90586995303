// Enumerations of Package #0: each list is in the order of the numbers on the wire, from 0.

/** How the server recommends to involve the user (DM-NOTI-1.2 §6.2.7, DM-NOTI-1.3-2010 §6.2.7, DM-NOTI-1.3 §6.4.4). */
export const uiModes = ['not-specified', 'background', 'informative', 'user-interaction'] as const;
export type UiMode = (typeof uiModes)[number];

/** Who caused the session (DM-NOTI-1.2 §6.2.8, DM-NOTI-1.3-2010 §6.2.8, DM-NOTI-1.3 §6.4.3). */
export const initiators = ['user', 'server'] as const;
export type Initiator = (typeof initiators)[number];

/** Transport binding asked for in the 2010 form (DM-NOTI-1.3-2010 §6.2.9). */
export const transports2010 = ['not-specified', 'http', 'https'] as const;
export type Transport2010 = (typeof transports2010)[number];

/** Transport binding asked for in dm1.3 (DM-NOTI-1.3 §6.4.5). */
export const transports = ['not-specified', 'http', 'https', 'obex', 'wsp'] as const;
export type Transport = (typeof transports)[number];

/** Which credentials of the account sign the notification (DM-NOTI-1.3-2010 §6.2.10). */
export const authTypes = ['not-specified', 'http-digest', 'digest', 'hmac'] as const;
export type AuthType = (typeof authTypes)[number];

/** Bearers that the device is asked to prefer for the session (DM-NOTI-1.3 §6.5.6). */
export const preferredBearers = [
  'not-specified',
  '3gpp-circuit-switched',
  '3gpp-packet-switched',
  '3gpp-lte',
  '3gpp2-cdma-packet-data',
  'wimax',
  'wlan',
  'dsl',
  'ethernet',
  'bluetooth',
  'irda',
  'local',
] as const;
export type PreferredBearer = (typeof preferredBearers)[number];
