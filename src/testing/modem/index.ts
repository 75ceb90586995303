// A modem for tests.
export type { ModemSimulatorOptions, SubmittedMessage, SubmitVerdict } from './modem-options.ts';
export { ModemSimulator } from './modem-simulator.ts';
