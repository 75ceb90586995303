// The Content-Type of a WSP push: constrained media (one octet or a text), or the general form with parameters
// (WSP §8.4.2.24).
import { type Annotate, type ByteReader, ByteWriter, ValueError } from '../../core/index.ts';
import {
  charsetNames,
  contentTypeNames,
  numberOf,
  type ParameterKind,
  parameterNames,
  secNames,
} from './assigned-numbers.ts';
import {
  integerOf,
  readValue,
  showValue,
  type WspValue,
  writeInteger,
  writeText,
  writeValue,
  writeValueLength,
} from './value.ts';

/** A content type as read. */
export interface WspContentType {
  /** Assigned number; absent when the type was sent as text. */
  readonly code?: number;
  /** MIME type in lower case, as sent or as assigned to the number; absent for a number without a known name. */
  readonly mime?: string;
  /**
   * Parameters by name, in text: `charset` and `SEC` with their names where known, other numbers in decimal, octets in
   * hex. Well-known names are spelt as in `parameterNames`, others in lower case.
   */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A content type to write. With a `code` the number is written, else the text of `mime`. */
export interface ContentTypeInput {
  /** Assigned number, 0–4294967295. */
  readonly code?: number;
  /** MIME type without parameters; needed without a `code`. */
  readonly mime?: string;
  /** Parameters, in this order. Text for `charset` and `SEC` is looked up; a number is written as it is. */
  readonly parameters?: Readonly<Record<string, string | number>>;
}

const section = '8.4.2.24';
const parameterSection = '8.4.2.4';
// As annotations name them, put together once.
const rule = `WSP §${section}`;
const parameterRule = `WSP §${parameterSection}`;

/** Reads a Content-Type value. @throws {DecodeError} */
export function readContentType(reader: ByteReader, annotate?: Annotate): WspContentType {
  const offset = reader.offset;
  const first = reader.peek() ?? 0x80;
  if (first >= 0x20) {
    const read = mediaOf(reader, readValue(reader, 'contentType'), offset);
    annotateMedia(read, offset, reader.offset - offset, annotate);
    return read;
  }
  const length = reader.u8('contentType', section);
  const general = reader.sub(
    length === 0x1f ? reader.uintvar('contentType', '8.1.2') : length,
    'contentType',
    section,
  );
  annotate?.({
    offset,
    length: general.offset - offset,
    field: 'contentType.length',
    value: String(general.left),
    meaning: 'general form: media type and parameters',
    section: rule,
  });
  const mediaOffset = general.offset;
  const media = mediaOf(general, readValue(general, 'contentType'), mediaOffset);
  annotateMedia(media, mediaOffset, general.offset - mediaOffset, annotate);
  const parameters = new Map(Object.entries(media.parameters));
  while (general.left > 0) {
    const { name, value } = readParameter(general, annotate);
    parameters.set(name, value);
  }
  // fromEntries defines properties, so that a parameter named __proto__ is only that.
  return { ...media, parameters: Object.fromEntries(parameters) };
}

/** Writes a Content-Type value in the shortest form that holds it. @throws {ValueError} */
export function writeContentType(writer: ByteWriter, type: ContentTypeInput): void {
  const parameters = Object.entries(type.parameters ?? {});
  const simple = parameters.length === 0;
  if (type.code !== undefined) {
    if (!Number.isInteger(type.code) || type.code < 0 || type.code > 0xffffffff) {
      throw new ValueError('OUT_OF_RANGE', 'must be an integer from 0 to 4294967295', 'contentType.code');
    }
    if (simple && type.code < 0x80) {
      writer.u8(type.code | 0x80);
      return;
    }
  } else if (type.mime === undefined) {
    throw new ValueError('MISSING', 'needs a code or a MIME type', 'contentType');
  } else if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(type.mime)) {
    const detail = `${JSON.stringify(type.mime)} is not a MIME type without parameters`;
    throw new ValueError('BAD_FORMAT', detail, 'contentType.mime');
  } else if (simple) {
    writeText(writer, type.mime, 'contentType.mime');
    return;
  }
  const general = new ByteWriter();
  if (type.code !== undefined) writeInteger(general, type.code, 'contentType.code');
  else writeText(general, type.mime ?? '', 'contentType.mime');
  for (const [name, value] of parameters) writeParameter(general, name, value);
  writeValueLength(writer, general.length);
  writer.bytes(general.view());
}

function mediaOf(reader: ByteReader, value: WspValue, offset: number): WspContentType {
  if (typeof value === 'string') {
    // A text may bring its parameters along in the HTTP spelling.
    const [mime = '', ...rest] = value.split(';');
    const parameters = new Map<string, string>();
    for (const part of rest) {
      const equals = part.indexOf('=');
      if (equals < 1) continue;
      const text = part.slice(equals + 1).trim();
      parameters.set(parameterNameOf(part.slice(0, equals)), text.replace(/^"(.*)"$/, '$1'));
    }
    return { mime: mime.trim().toLowerCase(), parameters: Object.fromEntries(parameters) };
  }
  const code = integerOf(value);
  if (code === undefined) {
    throw reader.error(
      'BAD_VALUE',
      'media type is neither a number nor a text',
      'contentType',
      section,
      offset,
    );
  }
  const mime = contentTypeNames.get(code);
  return mime === undefined ? { code, parameters: {} } : { code, mime, parameters: {} };
}

function annotateMedia(type: WspContentType, offset: number, length: number, annotate?: Annotate): void {
  const number = type.code === undefined ? undefined : `0x${hexOf(type.code)}`;
  annotate?.({
    offset,
    length,
    field: 'contentType',
    value: number ?? type.mime ?? '',
    meaning: number === undefined ? 'as text' : (type.mime ?? 'unknown content type'),
    section: rule,
  });
}

function readParameter(
  reader: ByteReader,
  annotate: Annotate | undefined,
): { readonly name: string; readonly value: string } {
  const offset = reader.offset;
  const wireName = readValue(reader, 'contentType.parameters');
  const code = typeof wireName === 'string' ? undefined : integerOf(wireName);
  if (typeof wireName !== 'string' && code === undefined) {
    throw reader.error(
      'BAD_VALUE',
      'parameter name is neither a number nor a text',
      'contentType.parameters',
      parameterSection,
      offset,
    );
  }
  const known = parameterNames.find((row) => row.code === code);
  const name =
    typeof wireName === 'string' ? parameterNameOf(wireName) : (known?.name ?? `0x${hexOf(code ?? 0)}`);
  const path = `contentType.${name.slice(0, 40)}`;
  // A Q-value is the one value that does not follow the rule of the first octet: it is a uintvar.
  const wireValue = code === 0 ? reader.uintvar(path, parameterSection) : readValue(reader, path);
  const value = parameterText(kindOf(name), wireValue);
  annotate?.({
    offset,
    length: reader.offset - offset,
    field: path,
    value,
    meaning: known === undefined ? '' : `parameter 0x${hexOf(known.code)}`,
    section: parameterRule,
  });
  return { name, value };
}

function writeParameter(writer: ByteWriter, name: string, value: string | number): void {
  const path = `contentType.parameters.${name}`;
  const known = parameterNames.find((row) => row.name.toLowerCase() === name.toLowerCase());
  if (known === undefined) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
      throw new ValueError('BAD_FORMAT', 'parameter names are HTTP tokens', path);
    }
    writeText(writer, name, path);
    writeValue(writer, value, path);
    return;
  }
  writer.u8(known.code | 0x80);
  if (known.kind === 'any' || typeof value === 'number') {
    writeValue(writer, value, path);
    return;
  }
  const names = known.kind === 'sec' ? new Map(secNames.entries()) : charsetNames;
  const number = numberOf(names, value);
  if (number === undefined) {
    throw new ValueError(
      'BAD_FORMAT',
      `unknown name; use a number or one of ${[...names.values()].join(', ')}`,
      path,
    );
  }
  writeInteger(writer, number, path);
}

/** The canonical spelling of a parameter's name. */
function parameterNameOf(text: string): string {
  const name = text.trim().toLowerCase();
  return parameterNames.find((row) => row.name.toLowerCase() === name)?.name ?? name;
}

function kindOf(name: string): ParameterKind {
  return parameterNames.find((row) => row.name === name)?.kind ?? 'any';
}

function parameterText(kind: ParameterKind, value: WspValue): string {
  const number = integerOf(value);
  if (number === undefined) return showValue(value);
  if (kind === 'charset') return charsetNames.get(number) ?? String(number);
  if (kind === 'sec') return secNames[number] ?? String(number);
  return String(number);
}

function hexOf(code: number): string {
  return code.toString(16).toUpperCase().padStart(2, '0');
}
