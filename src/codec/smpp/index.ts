// SMPP 3.4, and what SMPP 5.0 adds to be read: PDUs, framing, status codes, delivery receipts.
export {
  type AncillaryCommand,
  type AncillaryPdu,
  decodeAncillaryPdu,
  isAncillaryCommand,
} from './ancillary-pdu.ts';
export type { BodyOfCommand, KnownCommand } from './bodies.ts';
export type { ReadObserver } from './body-table.ts';
export {
  type BindCommand,
  commandIds,
  commandName,
  isResponseId,
  mayBeCommand,
  responseBit,
  type SmppCommand,
} from './commands.ts';
export { smppDocument } from './document.ts';
export {
  esmClass,
  type MessageState,
  messageStateName,
  messageStates,
  numberingPlan,
  registeredDelivery,
  typeOfNumber,
} from './flags.ts';
export {
  decodeMultiPdu,
  isMultiCommand,
  type MultiDestination,
  type SubmitMulti,
  type SubmitMultiResponse,
} from './multi-pdu.ts';
export type { RawParameter, SmppParameters } from './parameters.ts';
export {
  type DecodePduOptions,
  decodePdu,
  type EncodePduOptions,
  encodePdu,
  headerLength,
  maxPduLength,
  maxSequence,
  type OpaquePdu,
  type PduHeader,
  type PduInputOf,
  type PduOf,
  readHeader,
  type SmppPdu,
  type SmppPduInput,
  setSequence,
} from './pdu.ts';
export { PduReader } from './pdu-reader.ts';
export { type DeliveryReceipt, readReceipt } from './receipt.ts';
export { receiptStates } from './receipt-states.ts';
export { type ReceiptText, writeReceiptText } from './receipt-text.ts';
export { absoluteTime, longestRelativeSeconds, relativeTime, secondsUntil } from './relative-time.ts';
export { setRegisteredDelivery } from './request-receipt.ts';
export { commandStatuses, statusName } from './statuses.ts';
export { SubmitTemplate, type SubmitTemplateFields } from './submit-template.ts';
export { setValidityPeriod } from './validity-period.ts';
