// What is kept on disk, as small roles with documented guarantees; back ends stand below.

export * from './clock-moves.ts';
export * from './job/job.ts';
export * from './job/job-life-cycle.ts';
export * from './job/job-store.ts';
export * from './push/awaited-report.ts';
export * from './push/event.ts';
export * from './push/life-cycle.ts';
export * from './push/push.ts';
export * from './push/queue.ts';
export * from './push/results.ts';
export * from './push/retention.ts';
export * from './push/session-id.ts';
export * from './push/session-journal.ts';
export * from './push/state.ts';
export * from './record/account.ts';
export * from './record/device.ts';
export * from './record/message-keys.ts';
export * from './record/page.ts';
export * from './record/reported.ts';
export * from './record/resynchronisation.ts';
export * from './record/rotation.ts';
export * from './rotation-store.ts';
export * from './store.ts';
export * from './store-trouble.ts';
