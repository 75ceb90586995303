// Headers of a WSP push after the Content-Type: names by number or text, code pages, values of any kind (WSP §8.4).
import { type Annotate, type ByteReader, type ByteWriter, ValueError } from '../../core/index.ts';
import { applicationIdNames, type HeaderName, headerNames } from './assigned-numbers.ts';
import { integerOf, readText, readValue, showValue, type WspValue, writeText, writeValue } from './value.ts';

/** One header. */
export interface WspHeader {
  /** Assigned name, the text as sent, or hex such as `0x4A` for a number that has no known name. */
  readonly name: string;
  /** Number of the name, 0–127, when it is written as one. */
  readonly code?: number;
  /** Header code page; absent for page 1, the default. Names on other pages have no assigned meaning. */
  readonly page?: number;
  /** Where the header's values are known to be integers, a long-integer is a number too. */
  readonly value: WspValue;
}

const section = '8.4';
/** As annotations name it, put together once. */
const rule = `WSP §${section}`;
const shift = 0x7f;
const defaultPage = 1;
// A push has a handful; a datagram full of two-octet headers must not become tens of thousands of objects.
const maxHeaders = 256;

/** Reads headers up to the reader's end. @throws {DecodeError} */
export function readHeaders(reader: ByteReader, annotate?: Annotate): readonly WspHeader[] {
  const headers: WspHeader[] = [];
  let page = defaultPage;
  while (reader.left > 0) {
    const offset = reader.offset;
    const first = reader.peek() ?? 0;
    if (first === shift || (first >= 0x01 && first <= 0x1f)) {
      reader.u8('headers', section);
      page = first === shift ? reader.u8('headers', section) : first;
      annotate?.({
        offset,
        length: reader.offset - offset,
        field: 'header code page',
        value: String(page),
        meaning: page === defaultPage ? 'default page' : 'names that follow are not assigned',
        section: rule,
      });
      continue;
    }
    if (first === 0) throw reader.error('BAD_VALUE', 'header name is empty', 'headers', section);
    if (headers.length === maxHeaders) {
      throw reader.error('LIMIT', `more than ${maxHeaders} headers`, 'headers', section);
    }
    headers.push(readHeader(reader, page, annotate));
  }
  return headers;
}

/** Writes headers. @throws {ValueError} */
export function writeHeaders(writer: ByteWriter, headers: readonly WspHeader[]): void {
  let page = defaultPage;
  for (const [index, header] of headers.entries()) {
    const path = `headers[${index}]`;
    const wanted = header.page ?? defaultPage;
    if (wanted !== page) {
      if (!isOctet(wanted)) throw new ValueError('OUT_OF_RANGE', 'must be 0 to 255', `${path}.page`);
      writer.u8(shift).u8(wanted);
      page = wanted;
    }
    const code = header.code ?? (page === defaultPage ? headerNamed(header.name)?.code : undefined);
    if (code === undefined) {
      if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(header.name)) {
        throw new ValueError('BAD_FORMAT', 'header names are HTTP tokens', `${path}.name`);
      }
      writeText(writer, header.name, `${path}.name`);
    } else {
      if (!isOctet(code) || code > 0x7f) {
        throw new ValueError('OUT_OF_RANGE', 'must be 0 to 127', `${path}.code`);
      }
      writer.u8(code | 0x80);
    }
    writeValue(writer, header.value, `${path}.value`);
  }
}

function readHeader(reader: ByteReader, page: number, annotate: Annotate | undefined): WspHeader {
  const offset = reader.offset;
  const first = reader.peek() ?? 0;
  if (first < 0x80) {
    const name = readText(reader, 'headers');
    const value = readValue(reader, `headers.${name.slice(0, 40)}`);
    const header = { name, ...(page === defaultPage ? {} : { page }), value };
    annotateHeader(reader, header, offset, page === defaultPage ? headerNamed(name) : undefined, annotate);
    return header;
  }
  const code = reader.u8('headers', section) & 0x7f;
  const known = page === defaultPage ? headerNames.find((row) => row.code === code) : undefined;
  const name = known?.name ?? `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  const raw = readValue(reader, `headers.${name}`);
  const value = known === undefined || known.kind === 'any' ? raw : (integerOf(raw) ?? raw);
  const header = { name, code, ...(page === defaultPage ? {} : { page }), value };
  annotateHeader(reader, header, offset, known, annotate);
  return header;
}

function annotateHeader(
  reader: ByteReader,
  header: WspHeader,
  offset: number,
  known: HeaderName | undefined,
  annotate: Annotate | undefined,
): void {
  annotate?.({
    offset,
    length: reader.offset - offset,
    field: header.name,
    value: showValue(header.value),
    meaning: headerMeaning(header, known),
    section: known?.name === 'X-Wap-Application-Id' ? 'WSP §8.4.2.54' : rule,
  });
}

function headerMeaning(header: WspHeader, known: HeaderName | undefined): string {
  if (header.page !== undefined) return `on code page ${header.page}, skipped`;
  if (known === undefined)
    return header.code === undefined ? 'header with a textual name' : 'unknown header, skipped';
  const { value } = header;
  if (typeof value !== 'number') return '';
  if (known.name === 'X-Wap-Application-Id') {
    const name = applicationIdNames.get(value);
    return name === undefined ? 'unknown application' : `x-wap-application:${name}`;
  }
  if (known.name === 'Push-Flag') return pushFlags(value);
  if (known.kind === 'version') return `${value >> 4}.${value & 15}`;
  // Later than any date that JavaScript knows.
  if (known.kind === 'date') return value > 8.64e12 ? '' : new Date(value * 1000).toISOString();
  return '';
}

function pushFlags(value: number): string {
  const names = ['initiator authenticated', 'content trusted', 'last push'];
  return names.filter((_, bit) => (value & (1 << bit)) !== 0).join(', ');
}

function headerNamed(name: string): HeaderName | undefined {
  const wanted = name.toLowerCase();
  return headerNames.find((row) => row.name.toLowerCase() === wanted);
}

function isOctet(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 255;
}
