// Answers to lines.
import type { Example } from './notes.ts';

/** The answer to a line that was taken. */
export function takenLine(id: string): Example {
  return { summary: 'It is on disk', value: { line: 1, status: 202, id, state: 'queued', created: true } };
}

/** The answer to one that was not. */
export const refusedLine: Example = {
  summary: 'It was refused',
  value: {
    line: 2,
    status: 400,
    title: 'Bad Request',
    code: 'OUT_OF_RANGE',
    detail: 'there is no device IMEI:1: create it first',
    path: 'device',
  },
};
