// DM messages in XML and WBXML.
export * from './message.ts';
