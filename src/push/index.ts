// The contract of push bindings and receivers, and device addresses. Each binding stands in a folder of its own below.
export * from './address.ts';
export * from './binding.ts';
export * from './content-type.ts';
export * from './delivery-report.ts';
export * from './receiver.ts';
