// OBEX (IrDA Object Exchange 1.2 and 1.3): packets, headers, authentication, and both ends of a session as state
// machines without a stream.
export {
  type AuthenticationChallenge,
  type AuthenticationResponse,
  answerChallenge,
  authenticationDigest,
  decodeChallenges,
  decodeResponsesTo,
  encodeChallenge,
  encodeResponseTo,
  NonceMemory,
  nonceLength,
  type ObexCredentials,
  verifyResponses,
} from './authentication.ts';
export {
  type ObexClientOptions,
  ObexClientSession,
  type ObexClientStep,
  type ObexPut,
  type ObexRefusal,
} from './client-session.ts';
export {
  finalBit,
  headerIds,
  headerName,
  isSuccess,
  opcodeName,
  opcodes,
  responseCodes,
  responseName,
} from './code-points.ts';
export {
  type HeaderForm,
  headerForm,
  numberHeader,
  type ObexHeader,
  octetsHeader,
  typeOctets,
  typeText,
} from './headers.ts';
export { decodeHttpHeaders, encodeHttpHeaders } from './http-headers.ts';
export {
  type ConnectFields,
  type DecodePacketOptions,
  type DecodeResponseOptions,
  decodePacket,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  maximumPacketLength,
  minimumPacketLength,
  type ObexPacket,
  type ObexRequest,
  type ObexResponse,
  obexVersion,
  type SetPathFields,
} from './packet.ts';
export { PacketReader } from './packet-reader.ts';
export {
  type AssemblyState,
  type ObexObject,
  type ObexObjectHead,
  ObjectAssembler,
  putPackets,
} from './put.ts';
export {
  type ObexAttempts,
  type ObexServerEvent,
  type ObexServerOptions,
  type ObexServerRefusal,
  ObexServerSession,
  type ObexServerStep,
} from './server-session.ts';
export { decodeTagValues, encodeTagValues, type TagValue } from './tag-values.ts';
