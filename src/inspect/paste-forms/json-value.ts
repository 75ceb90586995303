// JSON that was pasted whole, with octets as one of its values in Base64 or hex, or as a list of numbers: what else stands in it gives way to spaces.
import { isBase64Text } from './base64-text.ts';
import { blank } from './hex-marks.ts';
import { PasteError } from './paste-error.ts';

/** Names that values of octets go by. */
const dataNames =
  /^(?:payload|data|body|message|content|pdu|raw|hex|base64|b64|octets|bytes|udh|ud|userdata|user_data|short_?message|binary|push|trigger|notification|package0|value|text)$/i;
/** Values within one another that are looked at. */
const deepest = 16;

interface Candidate {
  readonly path: string;
  readonly name: string;
  /** A text, or a list. */
  readonly value: string | readonly unknown[];
}

/** Numbers at least that are taken for octets in a list whose name does not say so. */
const leastNumbers = 8;

/**
 * The text with nothing but the value that is octets; the text as it is where it is no JSON, or has no such value.
 * @throws {PasteError} where several values may be meant
 */
export function valueOfJson(text: string): string {
  if (!/^\s*[{[]/.test(text) || !text.includes('"')) return text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  const indexed = indexedOf(text, parsed);
  if (indexed !== text) return indexed;
  const all = candidatesIn(parsed, '', '', 0);
  const named = all.filter(
    ({ name, value }) => dataNames.test(name) || (name === '' && typeof value !== 'string'),
  );
  const [one, ...others] = named.length > 0 ? named : all;
  if (one === undefined) return text;
  if (typeof one.value !== 'string') return listOf(text, one, others);
  const at = placeOf(text, one.value);
  if (others.length > 0) throw several(text, at?.index ?? 0, [one, ...others]);
  if (at === undefined) return text;
  const value = one.value.padEnd(at.length);
  return blank(text.slice(0, at.index)) + value + blank(text.slice(at.index + at.length));
}

function several(text: string, at: number, found: readonly Candidate[]): PasteError {
  const names = found.map(({ path }) => path || 'the list').slice(0, 6);
  return PasteError.at(text, at, `${names.join(', ')} may be octets: paste one of these values`);
}

/** The list alone, its strings without quotes. */
function listOf(text: string, { value }: Candidate, others: readonly Candidate[]): string {
  const shape = JSON.stringify(value);
  for (const { 0: all, index } of text.matchAll(/\[[^[\]{}]*\]/g)) {
    let found: string;
    try {
      found = JSON.stringify(JSON.parse(all));
    } catch {
      continue;
    }
    if (found !== shape) continue;
    if (others.length > 0) throw several(text, index, [{ path: '', name: '', value }, ...others]);
    return blank(text.slice(0, index)) + all.replaceAll('"', ' ') + blank(text.slice(index + all.length));
  }
  return text;
}

/** `{"0":6,"1":5}`, as JSON has an array of octets of JavaScript, as a list; the text as it is where it is none. */
function indexedOf(text: string, parsed: unknown): string {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return text;
  const entries = Object.entries(parsed);
  if (entries.length === 0 || !entries.every(([key, each], index) => key === String(index) && isOctet(each)))
    return text;
  return text
    .replace(/"[0-9]+"\s*:/g, blank)
    .replace('{', '[')
    .replace('}', ']');
}

function isOctet(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= -128 && value <= 255;
}

function isList(value: readonly unknown[], name: string): boolean {
  if (value.length === 0 || (value.length < leastNumbers && !dataNames.test(name))) return false;
  return (
    value.every(isOctet) || value.every((each) => typeof each === 'string' && /^0x[0-9a-f]{1,2}$/i.test(each))
  );
}

function candidatesIn(value: unknown, path: string, name: string, depth: number): readonly Candidate[] {
  if (typeof value === 'string') return isOctets(value) ? [{ path, name, value }] : [];
  if (typeof value !== 'object' || value === null || depth >= deepest) return [];
  if (Array.isArray(value)) {
    if (isList(value, name)) return [{ path, name, value }];
    return value.flatMap((each, index) => candidatesIn(each, `${path}[${index}]`, name, depth + 1));
  }
  return Object.entries(value).flatMap(([key, each]) =>
    candidatesIn(each, path === '' ? key : `${path}.${key}`, key, depth + 1),
  );
}

function isOctets(value: string): boolean {
  if (/[\r\n]/.test(value)) return false;
  return /^(?:0x)?(?:[0-9a-fA-F]{2}[\s:-]?){8,}$/.test(value) || isBase64Text(value);
}

/** Where a value stands between its quotes, however it is escaped. */
function placeOf(
  text: string,
  value: string,
): { readonly index: number; readonly length: number } | undefined {
  for (const { 0: all, index } of text.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
    if (JSON.parse(all) === value) return { index: index + 1, length: all.length - 2 };
  }
  return undefined;
}
