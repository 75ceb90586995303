// TNDS: a part of the management tree as a document, in XML and WBXML.
export * from './build.ts';
export * from './document.ts';
export * from './octets.ts';
export * from './parse.ts';
