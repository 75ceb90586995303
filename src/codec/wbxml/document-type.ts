// What a WBXML document says that it is, for tools that meet documents of any type.
import { bytesToUtf8, DecodeError } from '../../core/index.ts';
import { codeSpaces } from './code-pages.ts';
import type { WbxmlLanguage } from './header.ts';
import { WbxmlInput } from './input.ts';
import { defaultWbxmlLimits } from './limits.ts';
import { provisioningPublicId, publicIdentifier, publicIdTitle, unknownPublicId } from './public-id.ts';
import { charsetNumbers } from './text.ts';

/** The document type that a header names. */
export interface WbxmlType {
  /** Number, or text from the string table. */
  readonly publicId: number | string;
  /** Such as `DevInf 1.2`; `undefined` for the unknown type and for those that we have no name for. */
  readonly title: string | undefined;
  /** Tables to read it with; `undefined` when we have none, or the header does not say. */
  readonly language: WbxmlLanguage | undefined;
}

/**
 * The type that the header of a WBXML document names; `undefined` when the octets do not begin with such a header: version
 * 1.1 to 1.3, a type that is known or unknown by its number, a charset that we have, a string table that fits.
 */
export function readWbxmlType(octets: Uint8Array): WbxmlType | undefined {
  const found = readHeader(octets, (charset) => charset === 0 || charsetNumbers.has(charset));
  const named = found?.title !== undefined || found?.publicId === unknownPublicId;
  return named ? found : undefined;
}

/**
 * As `readWbxmlType`, of a type that we have no name for too: the charset is UTF-8 then, and a type that is text is a public
 * identifier or a name in letters. For tools that found no other reading: four octets are little to go by.
 */
export function readWbxmlHeader(octets: Uint8Array): WbxmlType | undefined {
  const found = readHeader(octets, (charset) => charset === utf8);
  const isName = typeof found?.publicId === 'number' || /^[ -~]{3,}$/.test(found?.publicId ?? '');
  return isName ? found : readWbxmlType(octets);
}

/** MIBenum of UTF-8. */
const utf8 = 106;

function readHeader(octets: Uint8Array, isCharset: (charset: number) => boolean): WbxmlType | undefined {
  const [version = 0] = octets;
  if (version < 1 || version > 3) return undefined;
  try {
    const input = new WbxmlInput(octets, { ...defaultWbxmlLimits, maxOctets: Number.POSITIVE_INFINITY });
    input.at = 1;
    const number = input.integer();
    const textAt = number === 0 ? input.integer() : undefined;
    if (!isCharset(input.integer())) return undefined;
    const table = input.take(input.integer(), '5.7');
    const publicId = textAt === undefined ? number : textOf(table, textAt);
    if (publicId === undefined) return undefined;
    return { publicId, title: publicIdTitle(publicId), language: languageOf(publicId) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function languageOf(publicId: number | string): WbxmlLanguage | undefined {
  const identifier = publicIdentifier(publicId);
  if (identifier === undefined) return undefined;
  if (identifier.number === provisioningPublicId) return 'provisioning';
  const { space } = identifier;
  return space === codeSpaces.devinf11 || space === codeSpaces.devinf12 ? 'devinf' : 'syncml';
}

function textOf(table: Uint8Array, at: number): string | undefined {
  const end = table.indexOf(0, at);
  return at < table.length ? bytesToUtf8(table.subarray(at, end < 0 ? table.length : end)) : undefined;
}
