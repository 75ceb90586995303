// Push Access Protocol, version 2.0: documents, the MIME around them, addresses, codes (PAP 2.0).
export {
  formatPapAddress,
  type PapAddress,
  type PapAddressType,
  papAddressKey,
  papAddressTypeOf,
  papAddressTypes,
  parsePapAddress,
  plainPapValue,
} from './address.ts';
export {
  isPassingCode,
  type PapCodeClass,
  type PapCodeName,
  papCodeClass,
  papCodeMeaning,
  papCodeName,
  papCodes,
} from './codes.ts';
export {
  type PapVersion,
  papReadDefaults,
  papVersions,
  type ReadPapDocument,
  type ReadPapOptions,
  readPapDocument,
  writePapDocument,
} from './document.ts';
export {
  type PapEntities,
  type ReadPapEntities,
  readPapEntities,
  type WrittenPapEntities,
  writePapEntities,
} from './entities.ts';
export type { UnknownParts } from './fields.ts';
export * from './message.ts';
export {
  type HeaderBlock,
  type MimeHeader,
  type MimeType,
  mimeHeader,
  mimeHeaderLimits,
  parseMimeType,
  readHeaderBlock,
  writeHeaderBlock,
} from './mime-header.ts';
export { chooseBoundary, isBoundary, type MimePart, readMultipart, writeMultipart } from './multipart.ts';
export { formatPapTime, parsePapTime } from './timestamp.ts';
