// Commands that no push of ours needs: outbind, those that ask about, change or cancel a message, alert_notification, and
// broadcasts (SMPP 3.4 §4.1.7, §4.8–§4.12; SMPP 5.0 §4.4, §4.6). Read to be explained, never written.
import { ByteReader } from '../../core/index.ts';
import { bodies } from './bodies.ts';
import { type BodyField, cString, octet, responseText, time } from './body-field.ts';
import { bodyTable } from './body-table.ts';
import { commandName, isResponseId, type SmppCommand } from './commands.ts';
import { smppDocument } from './document.ts';
import { messageStateName } from './flags.ts';
import { readParameters, type SmppParameters } from './parameters.ts';
import { type DecodePduOptions, readHeaderOf } from './pdu.ts';

/** A PDU of one of these commands. */
export interface AncillaryPdu {
  readonly command: AncillaryCommand;
  readonly status: number;
  readonly sequence: number;
  /** Its mandatory fields by name, in order. */
  readonly fields: Readonly<Record<string, string | number | Uint8Array>>;
  readonly parameters: SmppParameters;
}

const { fields: bind } = bodies.bind_transmitter;
const { fields: message } = bodies.submit_sm;

/** message_state, with its name (§5.2.28). */
const state: BodyField<number> = {
  ...octet('5.2.28'),
  show: (value) => [String(value), messageStateName(value) ?? []].flat().join(' '),
};
const messageId = cString('5.2.23', 65);
const nothing = bodyTable({});
const source = {
  sourceTon: message.sourceTon,
  sourceNpi: message.sourceNpi,
  sourceAddress: message.sourceAddress,
} as const;
const accepted = bodyTable({ messageId: responseText('5.2.23', 65) });

const tables = {
  outbind: bodyTable({ systemId: bind.systemId, password: bind.password }),
  query_sm: bodyTable({ messageId, ...source }),
  query_sm_resp: bodyTable({
    messageId,
    finalDate: time('7.1.1'),
    messageState: state,
    errorCode: octet('4.8.2'),
  }),
  replace_sm: bodyTable({
    messageId,
    ...source,
    scheduleDeliveryTime: message.scheduleDeliveryTime,
    validityPeriod: message.validityPeriod,
    registeredDelivery: message.registeredDelivery,
    smDefaultMessageId: message.smDefaultMessageId,
    shortMessage: message.shortMessage,
  }),
  replace_sm_resp: nothing,
  cancel_sm: bodyTable({
    serviceType: message.serviceType,
    messageId,
    ...source,
    destinationTon: message.destinationTon,
    destinationNpi: message.destinationNpi,
    destinationAddress: message.destinationAddress,
  }),
  cancel_sm_resp: nothing,
  alert_notification: bodyTable({
    ...source,
    sourceAddress: cString('5.2.8', 65),
    esmeTon: octet('5.2.5'),
    esmeNpi: octet('5.2.6'),
    esmeAddress: cString('5.2.10', 65),
  }),
  broadcast_sm: bodyTable({
    serviceType: message.serviceType,
    ...source,
    messageId,
    priorityFlag: message.priorityFlag,
    scheduleDeliveryTime: message.scheduleDeliveryTime,
    validityPeriod: message.validityPeriod,
    replaceIfPresentFlag: message.replaceIfPresentFlag,
    dataCoding: message.dataCoding,
    smDefaultMessageId: message.smDefaultMessageId,
  }),
  broadcast_sm_resp: accepted,
  query_broadcast_sm: bodyTable({ messageId, ...source }),
  query_broadcast_sm_resp: accepted,
  cancel_broadcast_sm: bodyTable({ serviceType: message.serviceType, messageId, ...source }),
  cancel_broadcast_sm_resp: nothing,
} as const;

/** Commands that are read here. */
export type AncillaryCommand = keyof typeof tables;

/** Whether a command is one of these. */
export function isAncillaryCommand(commandId: number): boolean {
  return isAncillary(commandName(commandId));
}

function isAncillary(name: SmppCommand | undefined): name is AncillaryCommand {
  return name !== undefined && Object.hasOwn(tables, name);
}

/**
 * Reads a PDU of one of these commands, which fills the input. A response may be without a body, as one that refuses is.
 * @throws {DecodeError} also for any other command
 */
export function decodeAncillaryPdu(bytes: Uint8Array, options: DecodePduOptions = {}): AncillaryPdu {
  const reader = new ByteReader(bytes, smppDocument, options.start ?? 0);
  const { commandId, status, sequence } = readHeaderOf(reader, options);
  const command = commandName(commandId);
  if (!isAncillary(command)) {
    const offset = reader.offset - 12;
    throw reader.error('UNSUPPORTED', 'none of the commands read here', 'command_id', '5.1.2', offset);
  }
  const fields: Record<string, string | number | Uint8Array> = {};
  const isResponse = isResponseId(commandId);
  if (isResponse && reader.left === 0) tables[command].fill(fields);
  else tables[command].read(reader, fields, options);
  const parameters = readParameters(reader, options, isResponse ? 'lenient' : 'strict');
  return { command, status, sequence, fields, parameters };
}
