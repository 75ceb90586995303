// A simulated message centre (SMSC) that speaks SMPP 3.4.
export { type DeliveryFault, SmscFaults, type SubmitFault } from './smsc-faults.ts';
export {
  type ReceiptForm,
  type SmscAccount,
  type SmscCounters,
  type SmscEvent,
  type SmscSimulatorOptions,
  smscDefaults,
} from './smsc-options.ts';
export { SmscSimulator } from './smsc-simulator.ts';
