// The contract of push bindings and receivers, device addresses, and what all bindings share: intake, sending, listening,
// sockets, names of peers, errors. Each binding stands in a folder of its own below.
export * from './abort-watch.ts';
export * from './address.ts';
export * from './binding.ts';
export { type Pace, paceDefaults } from './carrier-places.ts';
export * from './carrier-status.ts';
export * from './content-kind.ts';
export * from './content-type.ts';
export * from './delivery-report.ts';
export * from './inbound.ts';
export * from './intake.ts';
export * from './life.ts';
export * from './listening.ts';
export * from './open-tcp.ts';
export * from './paced.ts';
export * from './peer-name.ts';
export * from './receiver.ts';
export * from './refusal-fields.ts';
export * from './resolve-host.ts';
export * from './sending.ts';
export * from './socket-error.ts';
export * from './udp-socket.ts';
