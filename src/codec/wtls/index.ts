// WTLS in the profile of secure push (docs/secure-push.md): records and messages, and both ends of the protocol as state
// machines without sockets. Cryptographic primitives and the clock are passed in.
export { alertChecksum, checksumOctets, decodeAlert, encodeAlert, type WtlsAlert } from './alert.ts';
export { type CipherSuite, desSuite, tripleDesSuite, type WtlsCipherName } from './cipher-suite.ts';
export { WtlsClient, type WtlsClientOptions } from './client.ts';
export { WtlsClientEndpoint, type WtlsClientEndpointOptions } from './client-endpoint.ts';
export { helloRequestsFor } from './client-hello.ts';
export {
  type AlertDescription,
  alertDescriptions,
  alertLevelName,
  alertLevels,
  alertName,
  bulkCipherName,
  bulkCiphers,
  handshakeName,
  handshakeTypes,
  keyExchangeName,
  keyExchanges,
  macAlgorithmName,
  macAlgorithms,
  nullCompression,
  recordTypeName,
  recordTypes,
  sequenceModeName,
  sequenceModes,
  wtlsVersion,
} from './code-points.ts';
export { WtlsConnection, type WtlsPhase } from './connection.ts';
export { defaultKeyRefresh, type WtlsConnectionOptions } from './connection-options.ts';
export type { WtlsCrypto, WtlsRsaPrivateKey } from './crypto.ts';
export { type DecodedWtlsRecord, decodeWtls, type WtlsContent } from './decode.ts';
export { WtlsEndpoint, type WtlsEndpointOptions } from './endpoint.ts';
export {
  type DecodedHandshake,
  decodeEncryptedSecret,
  decodeHandshake,
  decodeRsaPublicKey,
  encodeEncryptedSecret,
  encodeHandshake,
  encodeRsaPublicKey,
  type HandshakeMessage,
  type RsaPublicKey,
  verifyDataOctets,
} from './handshake.ts';
export { type CipherSuiteNumbers, type ClientHello, randomOctets, type ServerHello } from './hello.ts';
export { type KeyId, type KeyIdentifier, type KeyIdList, maximumKeyIds, noKeyIds } from './key-id.ts';
export {
  type KeyBlock,
  keyBlockOf,
  masterSecretOf,
  prf,
  recordIvOf,
  type SessionSecrets,
  verifyDataOf,
  type WtlsSide,
} from './key-schedule.ts';
export {
  decodeRecords,
  encodeRecord,
  maximumRecords,
  type RecordInput,
  recordHeaderOctets,
  type WtlsDecodeOptions,
  type WtlsRecord,
} from './record.ts';
export { maximumFragment, maximumFragmentIn, RecordProtection } from './record-protection.ts';
export { lastSequenceNumber } from './record-writer.ts';
export { ReplayWindow, replayWindowWidth } from './replay-window.ts';
export { rsaSecretOctets, unpadRsaSecret } from './rsa-padding.ts';
export { type RetransmitOptions, retransmitDefaults } from './schedule.ts';
export { checkSecret, maximumOffers, minimumSecretOctets, type WtlsSecret } from './secret.ts';
export { type WtlsFlow, WtlsServer, type WtlsServerOptions } from './server.ts';
export { WtlsServerEndpoint, type WtlsServerEndpointOptions } from './server-endpoint.ts';
export type { WtlsSession } from './sessions.ts';
export type { WtlsDropReason, WtlsEvent, WtlsFailure, WtlsKeyExchange, WtlsStep } from './step.ts';
