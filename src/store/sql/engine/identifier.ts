// Identifiers of pushes and jobs: UUIDs of version 7 (RFC 9562 §5.7), so that their order is that of creation.
import { randomUUID } from 'node:crypto';

/** Gives a function that makes identifiers; those of one such function never go backwards. */
export function identifierMaker(): (now: number) => string {
  let last = 0;
  let counter = 0;
  return (now) => {
    // 12 bits count within a millisecond; when they are used up, the next millisecond is borrowed.
    if (now > last) {
      last = now;
      counter = 0;
    } else if (counter < 0xfff) {
      counter += 1;
    } else {
      last += 1;
      counter = 0;
    }
    const time = last.toString(16).padStart(12, '0');
    const sub = counter.toString(16).padStart(3, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${sub}${randomUUID().slice(18)}`;
  };
}
