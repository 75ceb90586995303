// Why a file is not used.
import { ReveilleError } from '../core/index.ts';

/**
 * What is wrong with a file: `NOT_OURS` another user owns it or may put another one in its place, `NOT_A_FILE` something
 * else stands under its name, `TOO_OPEN` others may use it and its mode cannot be changed.
 */
export type FileRefusalCode = 'NOT_OURS' | 'NOT_A_FILE' | 'TOO_OPEN';

/** A file that must not be used as it is; the message says what to do. */
export class FileRefusal extends ReveilleError {
  declare readonly code: FileRefusalCode;

  constructor(code: FileRefusalCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
