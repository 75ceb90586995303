// Key identifiers: which key exchange a side can do, and with which key (WTLS §10.5.1).
import { type ByteWriter, bytesToDisplayText, ValueError } from '../../core/index.ts';
import { keyExchangeName } from './code-points.ts';
import { wtlsDocument } from './document.ts';
import type { FieldReader } from './field-reader.ts';

/** What names a key. */
export type KeyIdentifier =
  | { readonly type: 'none' }
  /** `charset` is an IANA MIBenum, 0–65535; `name` up to 255 octets. */
  | { readonly type: 'text'; readonly charset: number; readonly name: Uint8Array }
  /** Up to 255 octets. */
  | { readonly type: 'binary'; readonly octets: Uint8Array }
  /** X.509 distinguished name, up to 255 octets. */
  | { readonly type: 'distinguished-name'; readonly octets: Uint8Array };

/** One key exchange that a side offers. */
export interface KeyId {
  /** Number of the key exchange suite; see `keyExchanges`. */
  readonly keyExchange: number;
  /** Predefined parameters 1–254; 0 where there are none to choose. */
  readonly parameterIndex: number;
  readonly identifier: KeyIdentifier;
}

/** A list of key identifiers. */
export interface KeyIdList {
  readonly keyIds: readonly KeyId[];
  /** What follows the last one that could be read: from here on an entry's length is unknown. Empty as a rule. */
  readonly unread: Uint8Array;
}

/** No key identifiers. */
export const noKeyIds: KeyIdList = { keyIds: [], unread: new Uint8Array(0) };

/** Most key identifiers that are read from a list. */
export const maximumKeyIds = 64;

const identifierTypes = { none: 0, text: 1, binary: 2, 'distinguished-name': 0xff } as const;

/** Parameters that follow in full; implementations disagree on how. */
const explicitParameters = 0xff;

/** Reads a list to its end. @throws {DecodeError} TRUNCATED */
export function readKeyIds(list: FieldReader): KeyIdList {
  const keyIds: KeyId[] = [];
  while (list.left > 0 && keyIds.length < maximumKeyIds && isReadable(list)) keyIds.push(readKeyId(list));
  return { keyIds, unread: list.rest('unread', 'key identifiers of a form that cannot be read') };
}

/** Appends a list without its length. @throws {ValueError} */
export function writeKeyIds(writer: ByteWriter, list: KeyIdList, path: string): void {
  for (const [index, keyId] of list.keyIds.entries()) writeKeyId(writer, keyId, `${path}[${index}]`);
  writer.bytes(list.unread);
}

/** Explicit parameters, and identifiers of other types, have no length that implementations agree on. */
function isReadable(list: FieldReader): boolean {
  const head = list.lookAhead(3);
  if (head.length < 3) return true;
  const known: readonly number[] = Object.values(identifierTypes);
  return head[1] !== explicitParameters && known.includes(head[2] ?? 0);
}

function readKeyId(list: FieldReader): KeyId {
  const keyExchange = list.uint(1, 'keyExchange', keyExchangeName);
  const parameterIndex = list.uint(1, 'parameterIndex', (index) => (index === 0 ? 'none' : ''));
  const type = list.uint(1, 'identifierType', identifierName);
  return { keyExchange, parameterIndex, identifier: readIdentifier(list, type) };
}

function readIdentifier(list: FieldReader, type: number): KeyIdentifier {
  if (type === identifierTypes.text) {
    const charset = list.uint(2, 'charset');
    return { type: 'text', charset, name: shownVector(list) };
  }
  if (type === identifierTypes.binary) return { type: 'binary', octets: shownVector(list) };
  if (type === identifierTypes['distinguished-name']) {
    return { type: 'distinguished-name', octets: list.vector(1, 'identifier') };
  }
  return { type: 'none' };
}

function shownVector(list: FieldReader): Uint8Array {
  const length = list.uint(1, 'identifier length');
  const text = JSON.stringify(bytesToDisplayText(list.lookAhead(length)));
  return list.octets(length, 'identifier', text);
}

function writeKeyId(writer: ByteWriter, keyId: KeyId, path: string): void {
  const { keyExchange, parameterIndex, identifier } = keyId;
  writer.u8(octet(keyExchange, `${path}.keyExchange`, 255));
  // 255 would announce parameters that we do not write.
  writer.u8(octet(parameterIndex, `${path}.parameterIndex`, 254));
  writer.u8(identifierTypes[identifier.type]);
  if (identifier.type === 'none') return;
  if (identifier.type === 'text') {
    if (!Number.isInteger(identifier.charset) || identifier.charset < 0 || identifier.charset > 0xffff) {
      throw valueError('OUT_OF_RANGE', 'must be an integer from 0 to 65535', `${path}.charset`);
    }
    writer.uint(identifier.charset, 2);
  }
  const octets = identifier.type === 'text' ? identifier.name : identifier.octets;
  if (octets.length > 255) {
    throw valueError('TOO_LONG', `${octets.length} octets, at most 255 fit`, `${path}.identifier`);
  }
  writer.u8(octets.length).bytes(octets);
}

function identifierName(type: number): string {
  return Object.entries(identifierTypes).find(([, number]) => number === type)?.[0] ?? '';
}

function octet(value: number, path: string, maximum: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= maximum) return value;
  throw valueError('OUT_OF_RANGE', `must be an integer from 0 to ${maximum}`, path);
}

function valueError(code: 'OUT_OF_RANGE' | 'TOO_LONG', detail: string, path: string): ValueError {
  return new ValueError(code, detail, path, { doc: wtlsDocument, section: '10.5.1' });
}
