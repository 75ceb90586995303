// A peer's octets that cannot be read are an expected outcome for a state machine.
import { DecodeError } from '../../core/index.ts';

/** What `decode` gives, or the DecodeError that it throws. Anything else that it throws goes on. */
export function attempt<T>(decode: () => T): T | DecodeError {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}
