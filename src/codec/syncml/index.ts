// DM messages in XML and WBXML.
export * from './build.ts';
export * from './codes.ts';
export * from './embedded-tree.ts';
export * from './message.ts';
export { messageContentType, messageForm } from './message-type.ts';
export * from './meta.ts';
export * from './outline.ts';
export * from './parse.ts';
export * from './read-head.ts';
export * from './transport.ts';
export type { TndsForm } from './transport-form.ts';
export { versionFailure } from './versions.ts';
