// The commands of SMPP 3.4 (§5.1.2), and those that SMPP 5.0 adds (§4.4, §4.6). Unknown ones survive as numbers and print as hex.

/** Identifiers by the names that the standard prints. A response has bit 31 set. */
export const commandIds = {
  bind_receiver: 0x00000001,
  bind_transmitter: 0x00000002,
  query_sm: 0x00000003,
  submit_sm: 0x00000004,
  deliver_sm: 0x00000005,
  unbind: 0x00000006,
  replace_sm: 0x00000007,
  cancel_sm: 0x00000008,
  bind_transceiver: 0x00000009,
  outbind: 0x0000000b,
  enquire_link: 0x00000015,
  submit_multi: 0x00000021,
  alert_notification: 0x00000102,
  data_sm: 0x00000103,
  broadcast_sm: 0x00000111,
  query_broadcast_sm: 0x00000112,
  cancel_broadcast_sm: 0x00000113,
  generic_nack: 0x80000000,
  bind_receiver_resp: 0x80000001,
  bind_transmitter_resp: 0x80000002,
  query_sm_resp: 0x80000003,
  submit_sm_resp: 0x80000004,
  deliver_sm_resp: 0x80000005,
  unbind_resp: 0x80000006,
  replace_sm_resp: 0x80000007,
  cancel_sm_resp: 0x80000008,
  bind_transceiver_resp: 0x80000009,
  enquire_link_resp: 0x80000015,
  submit_multi_resp: 0x80000021,
  data_sm_resp: 0x80000103,
  broadcast_sm_resp: 0x80000111,
  query_broadcast_sm_resp: 0x80000112,
  cancel_broadcast_sm_resp: 0x80000113,
} as const;

/** Name of a command. */
export type SmppCommand = keyof typeof commandIds;

/** Requests that open a session. */
export type BindCommand = 'bind_receiver' | 'bind_transmitter' | 'bind_transceiver';

const names: ReadonlyMap<number, SmppCommand> = new Map(
  Object.entries(commandIds).map(([name, id]) => [id, name as SmppCommand]),
);

/** Bit 31 of the identifier: the PDU answers another one. */
export const responseBit = 0x80000000;

/** Name of a command, `undefined` for one that neither SMPP 3.4 nor 5.0 has. */
export function commandName(id: number): SmppCommand | undefined {
  return names.get(id);
}

/** True for the identifier of a response, generic_nack included. */
export function isResponseId(id: number): boolean {
  return id >= responseBit;
}

/**
 * True for a number that may be a command: a known one, or one low enough to be a centre's own (SMPP 3.4 table 5-1 has its
 * commands and those for vendors below 00020000, and centres use some from 01000000 on).
 */
export function mayBeCommand(id: number): boolean {
  return commandName(id) !== undefined || id % responseBit < 0x02000000;
}
