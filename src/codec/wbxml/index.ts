// WBXML 1.1, 1.2 and 1.3 with the code pages of SyncML, MetInf, DM DDF, DevInf and Client Provisioning.
export * from './decode.ts';
export { readWbxmlHeader, readWbxmlType, type WbxmlType } from './document-type.ts';
export * from './encode.ts';
export type { WbxmlLanguage } from './header.ts';
export * from './limits.ts';
export { provisioningPublicId } from './public-id.ts';
export { wbxmlWithin } from './within.ts';
