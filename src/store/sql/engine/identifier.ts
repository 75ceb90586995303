// Identifiers of pushes and jobs: UUIDs of version 7 (RFC 9562 §5.7), so that their order is that of creation.
import { randomUUID } from 'node:crypto';

/** Gives a function that makes identifiers; those of one such function never go backwards. */
export function identifierMaker(): (now: number) => string {
  let last = 0;
  let counter = 0;
  /** `last` as the identifiers of its millisecond begin. */
  let time = timeText(last);
  return (now) => {
    // 12 bits count within a millisecond; when they are used up, the next millisecond is borrowed.
    if (now > last || counter === 0xfff) {
      last = Math.max(now, last + 1);
      counter = 0;
      time = timeText(last);
    } else counter += 1;
    return time + (0x7000 + counter).toString(16) + randomUUID().slice(18);
  };
}

/** The largest time of an identifier: 48 bits. */
const latest = 2 ** 48 - 1;

/** What identifiers of that moment and later do not come before, in the order of their text. */
export function firstIdentifier(ms: number): string {
  return `${timeText(Math.min(Math.max(0, Math.floor(ms)), latest))}0000-0000-000000000000`;
}

/** 48 bits. */
function timeText(ms: number): string {
  const digits = ms.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-`;
}
