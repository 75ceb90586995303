// DM messages in XML and WBXML.
export * from './build.ts';
export * from './codes.ts';
export * from './message.ts';
export * from './parse.ts';
export * from './transport.ts';
