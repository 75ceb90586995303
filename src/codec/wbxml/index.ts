// WBXML 1.1, 1.2 and 1.3 with the code pages of SyncML, MetInf, DM DDF and DevInf.
export * from './decode.ts';
export * from './encode.ts';
export * from './limits.ts';
