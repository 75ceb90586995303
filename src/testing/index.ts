// For those who write back ends and bindings: contract suites, samples, and a clock for tests.
export * from './bindings/binding-contract.ts';
export * from './bindings/fake-binding.ts';
export * from './modem/index.ts';
export * from './peers/pap-gateway.ts';
export type { PeerMode } from './peers/peer-mode.ts';
export * from './peers/sip-registrar.ts';
export * from './peers/tcp-gate.ts';
export * from './peers/udp-gate.ts';
export * from './smsc/index.ts';
export { addSamples, rejectsWith } from './store/store-contract-base.ts';
export * from './store/store-samples.ts';
export * from './store-contract.ts';
export * from './time/eventually.ts';
export * from './time/manual-clock.ts';
