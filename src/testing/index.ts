// For those who write back ends and bindings: contract suites, samples, and a clock for tests.
export * from './binding-contract.ts';
export * from './eventually.ts';
export * from './fake-binding.ts';
export * from './manual-clock.ts';
export * from './pap-gateway.ts';
export type { PeerMode } from './peer-mode.ts';
export * from './sip-registrar.ts';
export * from './smsc/index.ts';
export * from './store-contract.ts';
export { addSamples, rejectsWith } from './store-contract-base.ts';
export * from './store-samples.ts';
export * from './tcp-gate.ts';
export * from './udp-gate.ts';
