// What is said of a `format` that is none of ours.
import { ValueError } from '../../core/index.ts';
import { notificationFormats } from './message.ts';

/** The error for a `format` that is missing, no text, or not a name of a format. */
export function unknownFormat(format: unknown): ValueError {
  const code = format === undefined ? 'MISSING' : typeof format === 'string' ? 'OUT_OF_RANGE' : 'WRONG_TYPE';
  return new ValueError(code, `must be one of ${notificationFormats.join(', ')}`, 'format');
}
