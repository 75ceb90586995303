// Shared by the WBXML tests.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DecodeError, type DecodeErrorCode } from '../../../src/core/index.ts';

/** One worked example of `test/vectors/wbxml.json`. */
export interface WbxmlVector {
  readonly name: string;
  readonly source: string;
  readonly hex: string;
  readonly version: '1.1' | '1.2' | '1.3';
  readonly publicId: number | string;
  readonly charset: number;
  readonly xml: string;
  /** Options that make the encoder write the same octets; absent when it writes others. */
  readonly encode?: { readonly publicId?: number; readonly stringTable?: boolean };
}

const file = new URL('../../vectors/wbxml.json', import.meta.url);

/** All worked examples. */
export const vectors: readonly WbxmlVector[] = JSON.parse(readFileSync(file, 'utf8')).documents;

/** The worked example of that name. */
export function vector(name: string): WbxmlVector {
  const found = vectors.find((one) => one.name === name);
  assert.ok(found, `no vector ${name}`);
  return found;
}

/** Asserts that `run` fails with a DecodeError of that code, at that octet if given, and with matching text. */
export function assertDecodeError(
  run: () => unknown,
  code: DecodeErrorCode,
  detail: RegExp,
  offset?: number,
): DecodeError {
  let caught: unknown;
  try {
    run();
  } catch (error) {
    caught = error;
  }
  assert.ok(caught instanceof DecodeError, `no DecodeError but ${String(caught)}`);
  assert.equal(caught.code, code, caught.message);
  assert.match(caught.message, detail);
  if (offset !== undefined) assert.equal(caught.at.offset, offset, caught.message);
  return caught;
}

/** What `run` gives, or `undefined` when it fails with a DecodeError; any other failure is thrown on. */
export function valueOrDecodeError<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
