// Bodies and queries as one kind of value, so that the same pointers read JSON, forms, lines of text and XML.
import { isElement, readXml, textOf, type XmlElement } from '../../../codec/xml/index.ts';
import { DecodeError } from '../../../core/index.ts';
import { readText } from './read-text.ts';

/** How an answer is laid out: JSON, `name=value&…`, lines of a name, a separator and a value, or XML. */
export type BodyFormat = 'json' | 'form' | 'lines' | 'xml';

/** All of them. */
export const bodyFormats = ['json', 'form', 'lines', 'xml'] as const satisfies readonly BodyFormat[];

/** Fields of a form, or lines of a text, that are looked at. */
const maxFields = 200;

/**
 * The value of a body: of JSON the value itself, of forms and lines an object of texts by name, the first where a name is there
 * twice, and of XML an object with the root element (`xmlValue`). A line without a separator has the empty name.
 * `undefined` when it cannot be read. `separator` stands between name and value of a line; `contentType` may name a charset.
 */
export function readBody(
  octets: Uint8Array,
  format: BodyFormat,
  separator = ':',
  contentType?: string | undefined,
): unknown {
  const text = readText(octets, contentType);
  switch (format) {
    case 'json':
      try {
        return JSON.parse(text);
      } catch {
        return undefined;
      }
    case 'form':
      return readForm(new URLSearchParams(text));
    case 'lines':
      return readLines(text, separator);
    case 'xml':
      return readDocument(text);
  }
}

/** The fields of a form or a query. */
export function readForm(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const [name, value] of parameters) {
    if (fields.size >= maxFields) break;
    if (!fields.has(name)) fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

/** Whose name is anything before the first separator, such as `ID` of `ID:1001`. */
function readLines(text: string, separator: string): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n', maxFields)) {
    const at = line.indexOf(separator);
    const name = at < 0 ? '' : line.slice(0, at).trim();
    const value = (at < 0 ? line : line.slice(at + separator.length)).trim();
    const says = at < 0 ? value !== '' : name !== '';
    if (says && !fields.has(name)) fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

/** Bounds of an answer in XML: it says a few words. */
const xmlLimits = { maxOctets: 262_144, maxDepth: 32, maxElements: 2000 } as const;

function readDocument(text: string): unknown {
  try {
    const root = readXml(text, {
      limits: xmlLimits,
      doctype: 'ignore',
      whitespace: 'drop',
      surroundings: 'ignore',
    });
    return { [root.name]: xmlValue(root) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The text of an element without others in it; else an object of those by their names, an array where a name is there again. */
function xmlValue(element: XmlElement): unknown {
  const children = element.children.filter(isElement);
  if (children.length === 0) return (textOf(element) ?? '').trim();
  const values = new Map<string, unknown[]>();
  for (const child of children) values.set(child.name, [...(values.get(child.name) ?? []), xmlValue(child)]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
}

/** The format that a media type stands for; `undefined` for another one. */
export function formatOf(contentType: string | undefined): BodyFormat | undefined {
  const mime = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (mime === 'application/json' || /^application\/[a-z0-9.-]+\+json$/.test(mime)) return 'json';
  return mime === 'application/x-www-form-urlencoded' ? 'form' : undefined;
}
