// What is kept on disk, as small roles with documented guarantees; back ends stand below.
export * from './account.ts';
export * from './awaited-report.ts';
export * from './device.ts';
export * from './event.ts';
export * from './job.ts';
export * from './job-life-cycle.ts';
export * from './job-store.ts';
export * from './life-cycle.ts';
export * from './notification.ts';
export * from './page.ts';
export * from './queue.ts';
export * from './reported.ts';
export * from './resynchronisation.ts';
export * from './session-id.ts';
export * from './session-journal.ts';
export * from './state.ts';
export * from './store.ts';
