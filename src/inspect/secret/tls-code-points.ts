// The numbers of TLS 1.2 and 1.3: names where there are any, others print as hex (RFC 8446, RFC 5246, IANA's registry).

/** Content types of records (RFC 8446 §5.1). */
export const tlsTypes = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

/** Types of handshake messages that say something here (RFC 8446 §4). */
export const tlsMessages = { clientHello: 1, serverHello: 2 } as const;

/** Versions as they travel. */
export const tlsVersions = { tls12: 0x0303, tls13: 0x0304 } as const;

const typeNames = new Map([
  [20, 'change_cipher_spec'],
  [21, 'alert'],
  [22, 'handshake'],
  [23, 'application_data'],
  [24, 'heartbeat'],
]);

const messageNames = new Map([
  [0, 'HelloRequest'],
  [1, 'ClientHello'],
  [2, 'ServerHello'],
  [4, 'NewSessionTicket'],
  [5, 'EndOfEarlyData'],
  [8, 'EncryptedExtensions'],
  [11, 'Certificate'],
  [12, 'ServerKeyExchange'],
  [13, 'CertificateRequest'],
  [14, 'ServerHelloDone'],
  [15, 'CertificateVerify'],
  [16, 'ClientKeyExchange'],
  [20, 'Finished'],
  [22, 'CertificateStatus'],
  [24, 'KeyUpdate'],
]);

const versionNames = new Map([
  [0x0300, 'SSL 3.0'],
  [0x0301, 'TLS 1.0'],
  [0x0302, 'TLS 1.1'],
  [0x0303, 'TLS 1.2'],
  [0x0304, 'TLS 1.3'],
]);

const alertNames = new Map([
  [0, 'close_notify'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [22, 'record_overflow'],
  [40, 'handshake_failure'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [44, 'certificate_revoked'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [100, 'no_renegotiation'],
  [109, 'missing_extension'],
  [110, 'unsupported_extension'],
  [112, 'unrecognized_name'],
  [113, 'bad_certificate_status_response'],
  [115, 'unknown_psk_identity'],
  [116, 'certificate_required'],
  [120, 'no_application_protocol'],
]);

/** Name of a record's type, such as `application_data`. */
export const tlsTypeName = (type: number): string => typeNames.get(type) ?? hex(type, 2);

/** Name of a handshake message, such as `ClientHello`. */
export const tlsMessageName = (type: number): string => messageNames.get(type) ?? hex(type, 2);

/** Name of a version, such as `TLS 1.3`. */
export const tlsVersionName = (version: number): string => versionNames.get(version) ?? hex(version, 4);

/** Name of an alert's description, such as `close_notify`. */
export const tlsAlertName = (description: number): string =>
  alertNames.get(description) ?? hex(description, 2);

/** A number in hex, as registries print it. */
export function hex(value: number, digits: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;
}
