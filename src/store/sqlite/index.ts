// The store on SQLite: one file, nothing to install.
export * from './open-sqlite-store.ts';
