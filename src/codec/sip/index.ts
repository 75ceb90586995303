// SIP (RFC 3261) as far as pager-mode push needs it: messages, header fields, URIs, digest authentication, streams.
export { type DecodeSipOptions, decodeSipHead, decodeSipMessage, type SipHead } from './decode.ts';
export {
  answerDigest,
  chooseChallenge,
  type DigestAlgorithm,
  type DigestIdentity,
  type DigestUse,
  digestAlgorithm,
  digestAlgorithms,
  verifyDigest,
} from './digest.ts';
export {
  type DigestChallenge,
  type DigestCredentials,
  formatChallenge,
  formatCredentials,
  readChallenges,
  readCredentials,
} from './digest-fields.ts';
export { encodeSipMessage, formatSipHead, formatSipHeaders } from './encode.ts';
export {
  type ApplicationFeatureTag,
  applicationFeatureTags,
  applicationIdsOf,
  dmApplicationId,
  featureValues,
  wantedApplicationIds,
} from './feature-tag.ts';
export { type FieldValue, isToken, splitList } from './field-reader.ts';
export {
  type CoreFields,
  type CSeq,
  headersOf,
  headerValue,
  listOf,
  numberField,
  readCoreFields,
  readResponseKey,
  retryAfterSeconds,
  singleField,
} from './fields.ts';
export { headerName, headerSection, sameHeader } from './header-names.ts';
export { type MediaType, readMediaType } from './media-type.ts';
export {
  type SipHeader,
  type SipLimits,
  type SipMessage,
  type SipReading,
  type SipRequest,
  type SipResponse,
  sipLimits,
} from './message.ts';
export { formatNameAddr, type NameAddr, readNameAddr } from './name-addr.ts';
export { noParameters, parameter, quote, type SipParameters, unquote } from './parameters.ts';
export { createResponse, type ResponseParts } from './response.ts';
export { reasonPhrase } from './status.ts';
export { type SipStreamItem, SipStreamReader } from './stream-reader.ts';
export { formatSipUri, isGruu, parseSipUri, plainUser, readSipUri, type SipUri, sameSipUri } from './uri.ts';
export { branchCookie, formatVia, hostPortText, readVia, responseTarget, stampVia, type Via } from './via.ts';
