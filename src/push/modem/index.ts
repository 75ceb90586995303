// Push over short messages through a modem: AT commands in PDU mode over a serial port or TCP, and on a device ModemManager too.
export { ModemError } from './line/modem-error.ts';
export { type ModemPlace, parseModemPlace, showModemPlace } from './line/modem-place.ts';
export type { ManagedInfo } from './manager/manager-modem.ts';
export { systemBusAddress } from './manager/system-bus.ts';
export { ManagerReceiver, type ManagerReceiverOptions, managedModemInfo } from './manager-receiver.ts';
export { AtModem } from './modem/at-modem.ts';
export { type ModemOptions, modemDefaults } from './modem/modem-options.ts';
export type { ModemInfo, ModemListener, ModemState, ModemStatus, PinState } from './modem/modem-status.ts';
export {
  type ListedMessage,
  type MemoryState,
  type MessagePlace,
  type Registration,
  readPdu,
} from './modem/read-answers.ts';
export { ModemReceiver, type ModemReceiverOptions, type ModemReceivingOptions } from './modem-receiver.ts';
export { createModemSender, type ModemSender } from './modem-sender.ts';
export { type ModemCounters, type ModemDropReason, modemDropReasons } from './receive/part-desk.ts';
export { type ModemSenderOptions, modemSenderDefaults } from './sender-options.ts';
