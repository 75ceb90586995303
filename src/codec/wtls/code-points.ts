// The numbers of WTLS (WTLS §9.2, §10.2, §10.5, appendix A): names where there are any, unknown numbers print as hex.

/** Content types of records (WTLS §9.2). */
export const recordTypes = { changeCipherSpec: 1, alert: 2, handshake: 3, applicationData: 4 } as const;

/** Types of handshake messages (WTLS §10.5). */
export const handshakeTypes = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
} as const;

/** Key exchange suites that we speak (WTLS appendix A). */
export const keyExchanges = { sharedSecret: 1, rsaAnonymous: 5 } as const;

/** Bulk ciphers that we speak (WTLS appendix A). */
export const bulkCiphers = { desCbc: 5, tripleDesCbcEde: 6 } as const;

/** MAC algorithms that we speak (WTLS appendix A). */
export const macAlgorithms = { sha: 3 } as const;

/** The one protocol version. */
export const wtlsVersion = 1;

/** Compression that we speak: none. */
export const nullCompression = 0;

/** How records are numbered (WTLS §9.2): over datagrams the number stands in each record. */
export const sequenceModes = { off: 0, implicit: 1, explicit: 2 } as const;

/** Levels of alerts (WTLS §10.2): critical ends the connection, fatal the session too. */
export const alertLevels = { warning: 1, critical: 2, fatal: 3 } as const;

/** Descriptions of alerts (WTLS §10.2). */
export const alertDescriptions = {
  connection_close_notify: 0,
  session_close_notify: 1,
  no_connection: 5,
  unexpected_message: 10,
  time_required: 11,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  unknown_key_id: 52,
  disabled_key_id: 53,
  key_exchange_disabled: 54,
  session_not_ready: 55,
  unknown_parameter_index: 56,
  duplicate_finished_received: 57,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  user_canceled: 90,
  no_renegotiation: 100,
} as const;

/** Name of an alert's description. */
export type AlertDescription = keyof typeof alertDescriptions;

const recordTypeNames = namesOf(recordTypes, {
  changeCipherSpec: 'change_cipher_spec',
  applicationData: 'application_data',
});
const handshakeNames = new Map(
  Object.entries(handshakeTypes).map(([name, number]) => [
    number as number,
    name.charAt(0).toUpperCase() + name.slice(1),
  ]),
);
const keyExchangeNames = numbered([
  ...['NULL', 'SHARED_SECRET', 'DH_anon', 'DH_anon_512', 'DH_anon_768', 'RSA_anon', 'RSA_anon_512'],
  ...['RSA_anon_768', 'RSA', 'RSA_512', 'RSA_768', 'ECDH_anon', 'ECDH_anon_113', 'ECDH_anon_131'],
  ...['ECDH_ECDSA', 'ECDH_anon_uncomp', 'ECDH_anon_uncomp_113', 'ECDH_anon_uncomp_131', 'ECDH_ECDSA_uncomp'],
]);
const bulkNames = numbered([
  ...['NULL', 'RC5_CBC_40', 'RC5_CBC_56', 'RC5_CBC', 'DES_CBC_40', 'DES_CBC', '3DES_CBC_EDE'],
  ...['IDEA_CBC_40', 'IDEA_CBC_56', 'IDEA_CBC'],
]);
const macNames = numbered([...['SHA_0', 'SHA_40', 'SHA_80', 'SHA', 'SHA_XOR_40', 'MD5_40', 'MD5_80', 'MD5']]);
const levelNames = namesOf(alertLevels);
const alertNames = namesOf(alertDescriptions);
const sequenceModeNames = namesOf(sequenceModes);

/** Name of a record's content type as printed, such as `change_cipher_spec`. */
export const recordTypeName = (type: number): string => recordTypeNames.get(type) ?? hexOctet(type);

/** Name of a handshake message as printed, such as `ClientHello`. */
export const handshakeName = (type: number): string => handshakeNames.get(type) ?? hexOctet(type);

/** Name of a key exchange suite, such as `SHARED_SECRET`. */
export const keyExchangeName = (suite: number): string => keyExchangeNames.get(suite) ?? hexOctet(suite);

/** Name of a bulk cipher, such as `3DES_CBC_EDE`. */
export const bulkCipherName = (cipher: number): string => bulkNames.get(cipher) ?? hexOctet(cipher);

/** Name of a MAC algorithm, such as `SHA`. */
export const macAlgorithmName = (algorithm: number): string => macNames.get(algorithm) ?? hexOctet(algorithm);

/** Name of a sequence number mode: `off`, `implicit`, `explicit`. */
export const sequenceModeName = (mode: number): string => sequenceModeNames.get(mode) ?? hexOctet(mode);

/** Name of an alert's level. */
export const alertLevelName = (level: number): string => levelNames.get(level) ?? hexOctet(level);

/** Name of an alert's description, such as `bad_record_mac`. */
export const alertName = (description: number): string =>
  alertNames.get(description) ?? hexOctet(description);

function hexOctet(octet: number): string {
  return `0x${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}

function numbered(names: readonly string[]): ReadonlyMap<number, string> {
  return new Map(names.map((name, number) => [number, name]));
}

function namesOf(
  table: Readonly<Record<string, number>>,
  spelled: Readonly<Record<string, string>> = {},
): ReadonlyMap<number, string> {
  return new Map(Object.entries(table).map(([name, number]) => [number, spelled[name] ?? name]));
}
