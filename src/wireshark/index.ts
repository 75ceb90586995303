// A Wireshark dissector of Package #0, made from the codec's tables.
export { wiresharkDissector } from './dissector.ts';
