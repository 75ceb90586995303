// Key objects from what a configuration holds, with errors that say nothing of the key.
import { KeyObject } from 'node:crypto';
import { ValueError } from '../core/index.ts';

/** A key as PEM text, or as an object of `node:crypto`. */
export type KeyInput = string | KeyObject;

/** The key object, made of PEM by `read` when it is text. @throws {ValueError} BAD_FORMAT */
export function importKey(
  key: KeyInput,
  read: (pem: string) => KeyObject,
  kind: 'public' | 'private',
): KeyObject {
  if (key instanceof KeyObject) {
    if (key.type === kind) return key;
    throw new ValueError('BAD_FORMAT', `a ${kind} key is needed, this is a ${key.type} one`, 'key');
  }
  try {
    return read(key);
  } catch {
    // The cause is left out: nothing of a key belongs into an error.
    throw new ValueError('BAD_FORMAT', `is not a ${kind} key in PEM`, 'key');
  }
}
