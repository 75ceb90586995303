// The DM client: receives notifications, verifies and decides, opens sessions, keeps its state.
export { accountAddresses, type DeviceAccount } from './account/account.ts';
export {
  type DecryptionKeyInput,
  type MessageKeysInput,
  type VerificationKeyInput,
  writeMessageKeys,
} from './account/message-keys.ts';
export { bootstrapByPolicy } from './bootstrap/bootstrap-by-policy.ts';
export type { BootstrapGate, BootstrapHost, BootstrapVerdict } from './bootstrap/bootstrap-gate.ts';
export {
  type BootstrapPolicy,
  bootstrapPolicyDefaults,
  type PinQuestion,
} from './bootstrap/bootstrap-policy.ts';
export { Device } from './device.ts';
export {
  type DeviceOptions,
  deviceDefaults,
  type FirmwareOptions,
  firmwareDefaults,
} from './device-options.ts';
export {
  type FirmwareInstaller,
  type FirmwarePackage,
  type InstallResult,
  simulatedInstaller,
} from './firmware/firmware-installer.ts';
export { firmwareResults, firmwareStates } from './firmware/firmware-object.ts';
export { mayUpdateFirmware, namedFirmwareServers, nameFirmwareServers } from './firmware/firmware-rights.ts';
export type { DigestCompatibility } from './notification/authenticate.ts';
export type { SessionPurpose } from './notification/session-purpose.ts';
export { vendorText } from './notification/vendor-information.ts';
export { newAccount, type ProvisionOptions, provisionDevice } from './provision/provision.ts';
export {
  type AccountInput,
  type CredentialInput,
  type ProvisioningInput,
  parseAccount,
  parseProvisioning,
} from './provision/provisioning-input.ts';
export { type EventLines, EventSummary } from './report/event-summary.ts';
export type {
  DeviceCounters,
  DeviceEvent,
  FirmwareOperation,
  NonceVerdict,
  SessionOutcome,
  VendorInformation,
} from './report/events.ts';
export type { MessageCounts } from './report/message-counts.ts';
export type { ConnectOutcome, PushOutcome } from './report/push-outcome.ts';
export { type IgnoreReason, ignoreReasons } from './report/verdict.ts';
export { type OpenedTree, openDeviceTree } from './state/open-tree.ts';
export { type ReplayOptions, replayDefaults } from './state/replay-memory.ts';
export { openStateFile } from './state/state-file.ts';
export { lockState, type StateLock } from './state/state-lock.ts';
export { memoryState, type StateStorage } from './state/state-storage.ts';
export { type BackOffOptions, backOffDefaults } from './transport/back-off.ts';
export { type Bearer, type BearerName, parseBearers } from './transport/bearers.ts';
export {
  type DmHttpClient,
  type DmHttpOptions,
  type DmRequest,
  type DmResponse,
  type DmTlsOptions,
  dmHttpClient,
} from './transport/dm-http-client.ts';
export type { AcceptPolicy, Consent, UserInterface } from './user/user-interface.ts';
