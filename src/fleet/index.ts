// Fleets of simulated devices: thousands in one process, each a whole DM client while it is awake, with faults by rate, a
// journal, and a summary.

export { type Fault, faultDefaults, faultOf } from './fault-plan.ts';
export { createFleet, Fleet, type FleetDevice, type FleetStatus, type UnwokenDevice } from './fleet.ts';
export {
  checkMix,
  type FaultKind,
  type FleetBinding,
  type FleetMix,
  faultKinds,
  faultRate,
  fleetMixShape,
  mixDefaults,
} from './fleet-mix.ts';
export { type FleetOptions, fleetDefaults } from './fleet-options.ts';
export { type DeviceRecord, type FleetPlan, idOf, indexOfId, planOf, recordOf } from './fleet-plan.ts';
export type { FleetSummary, TimeName } from './fleet-summary.ts';
export type { DeviceNews, FleetEvent, MissReason } from './journal.ts';
export { type JournalFile, openJournalFile } from './journal-file.ts';
export type { Percentiles } from './samples.ts';
