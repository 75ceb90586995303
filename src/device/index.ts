// The DM client: receives notifications, verifies and decides, opens sessions, keeps its state.
export { accountAddresses, type DeviceAccount } from './account.ts';
export type { DigestCompatibility } from './authenticate.ts';
export { type BackOffOptions, backOffDefaults } from './back-off.ts';
export { type Bearer, type BearerName, parseBearers } from './bearers.ts';
export { bootstrapByPolicy } from './bootstrap-desk.ts';
export type { BootstrapGate, BootstrapHost, BootstrapVerdict } from './bootstrap-gate.ts';
export { type BootstrapPolicy, bootstrapPolicyDefaults, type PinQuestion } from './bootstrap-policy.ts';
export { Device } from './device.ts';
export {
  type DeviceOptions,
  deviceDefaults,
  type FirmwareOptions,
  firmwareDefaults,
} from './device-options.ts';
export {
  type DmHttpClient,
  type DmHttpOptions,
  type DmRequest,
  type DmResponse,
  type DmTlsOptions,
  dmHttpClient,
} from './dm-http-client.ts';
export { type EventLines, EventSummary } from './event-summary.ts';
export type {
  DeviceCounters,
  DeviceEvent,
  FirmwareOperation,
  NonceVerdict,
  SessionOutcome,
  VendorInformation,
} from './events.ts';
export {
  type FirmwareInstaller,
  type FirmwarePackage,
  type InstallResult,
  simulatedInstaller,
} from './firmware-installer.ts';
export { firmwareResults, firmwareStates } from './firmware-object.ts';
export { mayUpdateFirmware, namedFirmwareServers, nameFirmwareServers } from './firmware-rights.ts';
export type { MessageCounts } from './message-counts.ts';
export {
  type DecryptionKeyInput,
  type MessageKeysInput,
  type VerificationKeyInput,
  writeMessageKeys,
} from './message-keys.ts';
export { type OpenedTree, openDeviceTree } from './open-tree.ts';
export { newAccount, type ProvisionOptions, provisionDevice } from './provision.ts';
export {
  type AccountInput,
  type CredentialInput,
  type ProvisioningInput,
  parseAccount,
  parseProvisioning,
} from './provisioning-input.ts';
export type { ConnectOutcome, PushOutcome } from './push-outcome.ts';
export { type ReplayOptions, replayDefaults } from './replay-memory.ts';
export type { SessionPurpose } from './session-purpose.ts';
export { openStateFile } from './state-file.ts';
export { lockState, type StateLock } from './state-lock.ts';
export { memoryState, type StateStorage } from './state-storage.ts';
export { type AcceptPolicy, type Consent, printable, type UserInterface } from './user-interface.ts';
export { vendorText } from './vendor-information.ts';
export { type IgnoreReason, ignoreReasons } from './verdict.ts';
