// The door of the inspector for pages that put it into their own.
export { Inspector, type InspectorProps } from './inspector.tsx';
export type { WorkerLike } from './state/controller.ts';
