// Bodies of requests as JSON: UTF-8 (RFC 8259 §8.1), and no text in it that is none.
import { type Buffer, isUtf8 } from 'node:buffer';
import {
  bytesToDisplayText,
  jsonFault,
  requireWellFormed,
  utf8ToBytes,
  ValueError,
} from '../../core/index.ts';
import { ApiError } from './problem.ts';

/**
 * The value of a JSON text; `undefined` for none.
 * @throws {ValueError} BAD_FORMAT with the place of the error, and nothing of the text: it may hold secrets
 */
export function readJson(octets: Buffer): unknown {
  if (!isUtf8(octets)) {
    throw new ValueError('BAD_FORMAT', `the body is not UTF-8 (octet ${firstFault(octets) + 1})`);
  }
  const decoded = octets.toString('utf8');
  // Most say at once that they are not blank.
  if (!decoded.startsWith('{') && plainText(decoded).trim() === '') return undefined;
  return readJsonText(decoded, 'body');
}

/**
 * The value of a JSON text: of a body, or of a line of one.
 * @throws {ValueError} BAD_FORMAT with the place of the error, and nothing of the text: it may hold secrets
 */
export function readJsonText(decoded: string, what: 'body' | 'line'): unknown {
  const text = plainText(decoded);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const fault = jsonFault(text);
    const line = what === 'body' ? `line ${fault?.line}, ` : '';
    const where = fault === undefined ? '' : ` (${line}column ${fault.column}): ${fault.detail}`;
    throw new ValueError('BAD_FORMAT', `the ${what} is not JSON${where}`, '', undefined, { cause });
  }
  // Octets that are UTF-8 hold no half of a pair; only an escape can bring one.
  if (/\\u[dD][89a-fA-F]/.test(text)) requireTexts(value);
  return value;
}

/** A byte order mark may be passed over (RFC 8259 §8.1); tools on Windows write one. */
function plainText(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** JSON has one charset (RFC 8259 §8.1). @throws {ApiError} 415 when the type names another */
export function requireUtf8(contentType: string | undefined): void {
  if (contentType?.includes(';') !== true) return;
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(contentType)?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return;
  throw new ApiError(415, 'UNSUPPORTED', 'send the body in UTF-8: JSON knows no other charset');
}

/** @throws {ApiError} 415 for what is compressed, or in any other coding; `what` names it: `the body` */
export function requireUncoded(coding: string | undefined, what: string): void {
  if (coding === undefined || /^\s*identity\s*$/i.test(coding)) return;
  throw new ApiError(415, 'UNSUPPORTED', `send ${what} without Content-Encoding`);
}

/** Where octets that are no UTF-8 begin to be none: what they are read as is written in another way. */
export function firstFault(octets: Uint8Array): number {
  const again = utf8ToBytes(bytesToDisplayText(octets));
  return octets.findIndex((octet, index) => octet !== again[index]);
}

/** Without recursion: values may stand in one another as deep as the body is long. */
function requireTexts(value: unknown): void {
  const waiting: { readonly path: string; readonly value: unknown }[] = [{ path: '', value }];
  for (;;) {
    const next = waiting.pop();
    if (next === undefined) return;
    if (typeof next.value === 'string') requireWellFormed(next.value, next.path);
    if (typeof next.value !== 'object' || next.value === null) continue;
    const inList = Array.isArray(next.value);
    for (const [name, member] of Object.entries(next.value)) {
      requireWellFormed(name, next.path);
      waiting.push({ path: pathOf(next.path, name, inList), value: member });
    }
  }
}

function pathOf(around: string, name: string, inList: boolean): string {
  if (inList) return `${around}[${name}]`;
  // The name may hold anything; what is deep is cut, for the path would grow with each level.
  const shown = /^[\w.$-]{1,64}$/.test(name) ? name : JSON.stringify(name).slice(0, 64);
  return around === '' ? shown : `${around.slice(-512)}.${shown}`;
}
