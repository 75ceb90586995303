// Bodies of requests as JSON.
import { ValueError } from '../core/index.ts';

/**
 * The value of a JSON text; `undefined` for none.
 * @throws {ValueError} BAD_FORMAT with the place of the error, and nothing of the text: it may hold secrets
 */
export function readJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const place = error instanceof Error ? /\(line \d+ column \d+\)/.exec(error.message)?.[0] : undefined;
    const where = place === undefined ? '' : ` ${place}`;
    throw new ValueError('BAD_FORMAT', `the body is not JSON${where}`);
  }
}
