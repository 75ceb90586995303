// Peers, readers and octets that the code under test did not make, and the tests that bring them together with it.
import type { ShownWith } from './row.ts';

export const sipDevice: ShownWith = { what: 'a SIP device in Python', file: 'interop/sip-witness.test.ts' };
export const sipServer: ShownWith = {
  what: 'a SIP server in Python, by way of Kamailio',
  file: 'interop/sip-witness.test.ts',
};
export const packageZero: ShownWith = {
  what: 'Package #0 that Python makes from the document',
  file: 'interop/package-zero-witness.test.ts',
};
export const deviceOfText: ShownWith = {
  what: 'a device whose messages are text, over UDP and HTTP',
  file: 'e2e/foreign-device.test.ts',
};
export const reader: ShownWith = {
  what: 'a reader of UDP written from the document',
  file: 'e2e/every-field.test.ts',
};
export const signedMessages: ShownWith = {
  what: 'messages signed by xmlsec1, in WBXML by Python',
  file: 'interop/message-witness.test.ts',
};
export const httpListener: ShownWith = {
  what: 'an HTTP and TLS listener in Python',
  file: 'interop/http-witness.test.ts',
};
export const httpAndLibwbxml: ShownWith = {
  what: 'an HTTP and TLS listener in Python, libwbxml',
  file: 'interop/http-witness.test.ts',
};
export const httpAndXmlsec: ShownWith = {
  what: 'a TLS listener in Python, xmlsec1',
  file: 'interop/http-witness.test.ts',
};
export const obexServer: ShownWith = {
  what: 'an OBEX server in Python',
  file: 'interop/obex-witness.test.ts',
};
export const obexDevice: ShownWith = {
  what: 'an OBEX device in Python',
  file: 'interop/obex-witness.test.ts',
};
export const obexTcp: ShownWith = { what: 'obex_tcp of OpenOBEX', file: 'interop/obex.test.ts' };
export const kamailio: ShownWith = { what: 'Kamailio', file: 'interop/sip-kamailio.test.ts' };
export const sipp: ShownWith = { what: 'SIPp', file: 'interop/sip-sipp.test.ts' };
export const curl: ShownWith = { what: 'curl', file: 'interop/http-push.test.ts' };
export const tsharkWap: ShownWith = { what: 'tshark', file: 'interop/wap-udp.test.ts' };
export const tsharkSms: ShownWith = { what: 'tshark', file: 'interop/smpp-tshark.test.ts' };
export const kannel: ShownWith = { what: 'Kannel', file: 'interop/smpp-kannel.test.ts' };
export const wtlsWitness: ShownWith = {
  what: 'records that Python and openssl compute',
  file: 'interop/wtls-witness.test.ts',
};
export const tsharkWtls: ShownWith = { what: 'tshark', file: 'interop/wtls-tshark.test.ts' };
export const xmlsec1: ShownWith = { what: 'xmlsec1', file: 'interop/xmlsec.test.ts' };
export const xmlCrypto: ShownWith = { what: 'xml-crypto', file: 'interop/xml-crypto.test.ts' };
export const libwbxml: ShownWith = { what: 'libwbxml', file: 'interop/tnds-libwbxml.test.ts' };
