// JSON of the files that commands read.
import { parseJson, ValueError } from '../../core/index.ts';

/** What errors call a file that a command was given; `-` is standard input. */
export function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/**
 * The value of a file's text. The error names file, line and column and what was expected there, and quotes nothing: the
 * file may hold secrets.
 * @throws what `errorOf` makes of the message; by default {ValueError} BAD_FORMAT
 */
export function readJsonFile(
  text: string,
  file: string,
  errorOf: (message: string) => Error = (message) => new ValueError('BAD_FORMAT', message),
): unknown {
  try {
    return parseJson(text, nameOf(file));
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw errorOf(error.detail);
  }
}
