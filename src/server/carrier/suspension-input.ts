// What somebody gives who suspends a carrier.
import { InputReader } from '../input/input-reader.ts';

/** Longest reason, in characters. */
export const longestReason = 512;

/** Reads `{ reason? }`; nothing at all gives no reason. @throws {ValueError} for the first thing wrong */
export function readSuspension(value: unknown): { readonly reason?: string } {
  const input = new InputReader(value ?? {}, 'a suspension');
  const reason = input.optionalText('reason', { max: longestReason });
  input.end();
  return reason === undefined ? {} : { reason };
}
