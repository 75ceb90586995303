// The codecs under one name each: what runs anywhere, a browser included. Bindings, server and device have subpaths of
// their own, such as `reveille/push/wap`, `reveille/server`, `reveille/device`.
export * as notification from './codec/notification/index.ts';
export * as obex from './codec/obex/index.ts';
export * as pap from './codec/pap/index.ts';
export * as provisioning from './codec/provisioning/index.ts';
export * as sip from './codec/sip/index.ts';
export * as smpp from './codec/smpp/index.ts';
export * as sms from './codec/sms/index.ts';
export * as syncml from './codec/syncml/index.ts';
export * as tnds from './codec/tnds/index.ts';
export * as wbxml from './codec/wbxml/index.ts';
export * as wsp from './codec/wsp/index.ts';
export * as wtls from './codec/wtls/index.ts';
export * as xml from './codec/xml/index.ts';
export * as core from './core/index.ts';
