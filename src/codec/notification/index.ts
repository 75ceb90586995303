// Package #0, the notification that makes a device open a DM session: three formats, digests, sniffing decoder, JSON form.
export { unwrapBase64Body } from './base64-body.ts';
export * from './content-type.ts';
export { type DecodeOptions, decodeNotification } from './decode.ts';
export type { DecodedNotification, Explain } from './decoded.ts';
export type { BodyPart, DigestRow, FormatDescription, HeaderRow } from './description.ts';
export { type DigestKey, defaultNonce, digestMd5, digestSha256, md5CredentialHash } from './digest.ts';
export { encodeNotification } from './encode.ts';
export { formatDescriptions } from './formats.ts';
export * from './message.ts';
export * from './mo-index.ts';
export * from './names.ts';
export type { OctetString } from './octet-string.ts';
export type { OptionRow } from './options.ts';
export { parseNotification } from './parse.ts';
export * from './session-id.ts';
export { type NonceUsed, type VerifyKey, verifyNotification } from './verify.ts';
