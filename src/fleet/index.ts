// Fleets of simulated devices: thousands in one process, each a whole DM client while it is awake, with faults by rate, a
// journal, and a summary.

export { createFleet, Fleet, type FleetDevice, type FleetStatus, type UnwokenDevice } from './fleet.ts';
export type { FleetSummary, TimeName } from './journal/fleet-summary.ts';
export type { DeviceNews, FleetEvent, MissReason } from './journal/journal.ts';
export { type JournalFile, openJournalFile } from './journal/journal-file.ts';
export type { Percentiles } from './journal/samples.ts';
export {
  checkMix,
  type FaultKind,
  type FleetBinding,
  type FleetMix,
  faultKinds,
  faultRate,
  fleetMixShape,
  mixDefaults,
} from './mix/fleet-mix.ts';
export { type Fault, faultDefaults, faultOf } from './plan/fault-plan.ts';
export { type FleetOptions, fleetDefaults } from './plan/fleet-options.ts';
export { type DeviceRecord, type FleetPlan, idOf, indexOfId, planOf, recordOf } from './plan/fleet-plan.ts';
