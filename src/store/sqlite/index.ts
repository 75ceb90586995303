// The store on SQLite: one file, nothing to install.

export * from './copy/write-copy.ts';
export * from './examine-database.ts';
export type { StoreCopy } from './file/copy-database.ts';
export { holderOf } from './file/file-holder.ts';
export { type LookedAtDatabase, lookAtDatabase } from './file/look-at-database.ts';
export { lookAtPlace } from './file/sqlite-place.ts';
export * from './open-sqlite-store.ts';
export * from './reseal-store.ts';
export * from './restore-database.ts';
