// Files on disk that hold secrets: whose they are, and who may read them.
export * from './file-guard.ts';
export * from './file-refusal.ts';
export * from './folder-guard.ts';
export { modeText, openToOthers, ownUser, superuser } from './owner.ts';
