// The mandatory fields of the commands that a push needs (SMPP 3.4 §4), one row per field.
import { countedOctets, credential, cString, octet, responseText, time } from './body-field.ts';
import { type BodyOf, bodyTable } from './body-table.ts';

const nothing = bodyTable({});

/** bind_transmitter, bind_receiver, bind_transceiver (§4.1). */
const bind = bodyTable({
  systemId: credential('5.2.1', 16),
  password: credential('5.2.2', 9, true),
  systemType: credential('5.2.3', 13),
  interfaceVersion: octet('5.2.4', 0x34),
  addressTon: octet('5.2.5'),
  addressNpi: octet('5.2.6'),
  addressRange: cString('5.2.7', 41),
});

/** Their responses. */
const bindResponse = bodyTable({ systemId: responseText('5.2.1', 16) });

const addresses = {
  serviceType: cString('5.2.11', 6),
  sourceTon: octet('5.2.5'),
  sourceNpi: octet('5.2.6'),
  sourceAddress: cString('5.2.8', 21),
  destinationTon: octet('5.2.5'),
  destinationNpi: octet('5.2.6'),
  destinationAddress: cString('5.2.9', 21),
  esmClass: octet('5.2.12'),
} as const;

/** submit_sm (§4.4.1) and deliver_sm (§4.6.1). */
const message = bodyTable({
  ...addresses,
  protocolId: octet('5.2.13'),
  priorityFlag: octet('5.2.14'),
  scheduleDeliveryTime: time('5.2.15'),
  validityPeriod: time('5.2.16'),
  registeredDelivery: octet('5.2.17'),
  replaceIfPresentFlag: octet('5.2.18'),
  dataCoding: octet('5.2.19'),
  smDefaultMessageId: octet('5.2.20'),
  shortMessage: countedOctets('5.2.22'),
});

/** data_sm (§4.7.1); its addresses may be longer. */
const data = bodyTable({
  ...addresses,
  sourceAddress: cString('5.2.8', 65),
  destinationAddress: cString('5.2.9', 65),
  registeredDelivery: octet('5.2.17'),
  dataCoding: octet('5.2.19'),
});

/** Responses that name a message: empty in deliver_sm_resp (§4.4.2, §4.6.2, §4.7.2). */
const messageResponse = bodyTable({ messageId: responseText('5.2.23', 65) });

/** Body of each command that has one here; others are kept as octets. */
export const bodies = {
  bind_receiver: bind,
  bind_transmitter: bind,
  bind_transceiver: bind,
  bind_receiver_resp: bindResponse,
  bind_transmitter_resp: bindResponse,
  bind_transceiver_resp: bindResponse,
  unbind: nothing,
  unbind_resp: nothing,
  enquire_link: nothing,
  enquire_link_resp: nothing,
  generic_nack: nothing,
  submit_sm: message,
  submit_sm_resp: messageResponse,
  deliver_sm: message,
  deliver_sm_resp: messageResponse,
  data_sm: data,
  data_sm_resp: messageResponse,
} as const;

/** Commands whose body is taken apart. */
export type KnownCommand = keyof typeof bodies;

/** Mandatory fields of a command. */
export type BodyOfCommand<C extends KnownCommand> = BodyOf<(typeof bodies)[C]['fields']>;
