// A set of lines in, their answers out. Answers are made as texts: there are many, and each has few fields.
import {
  type CreatedMessage,
  type CreatedNotification,
  type EachOutcome,
  type EachRequest,
  loopTurn,
  type WarnedJob,
} from '../../server/index.ts';
import type { Asker } from '../../store/index.ts';
import { endedToken } from '../access/goes-on.ts';
import { readRequest } from '../request/batch-request.ts';
import type { BodyLine } from '../request/body-lines.ts';
import { ApiError, problemOf } from '../request/problem.ts';

/** Who takes lines, and how what came of one is shown. */
export interface LineTaker<Taken> {
  readonly take: (requests: readonly EachRequest[]) => Promise<readonly EachOutcome<Taken>[]>;
  /** Fields of the answer, as in an object but without braces. */
  readonly fields: (taken: Taken) => string;
}

/** Lines of one request. */
export interface LineWork<Taken> extends LineTaker<Taken> {
  /** On whose behalf. */
  readonly by?: Asker;
  /** Throws what refuses a line before it is taken. */
  readonly check?: (value: unknown) => void;
  /** Takes what refused a line that was asked about. */
  readonly note: (error: unknown) => void;
  /** Counts on. */
  readonly counts: { taken: number; refused: number };
}

/** Takes lines in, and gives their answers, each a line. Whatever is wrong with one is its answer. */
export async function answersTo<Taken>(
  lines: readonly BodyLine[],
  { take, fields, by, check, note, counts }: LineWork<Taken>,
): Promise<string> {
  await loopTurn();
  const answers: string[] = new Array(lines.length);
  const asked: { readonly place: number; readonly request: EachRequest }[] = [];
  for (const [place, { number, text, fault }] of lines.entries()) {
    try {
      if (fault !== undefined) throw fault;
      const request = readRequest(text);
      check?.(request.value);
      asked.push({ place, request: by === undefined ? request : { ...request, by } });
    } catch (error) {
      answers[place] = refusedLine(number, error);
    }
  }
  const outcomes = await take(asked.map(({ request }) => request));
  let noted: unknown;
  for (const [index, { place }] of asked.entries()) {
    const number = lines[place]?.number ?? 0;
    const outcome = outcomes[index];
    if (outcome?.outcome === 'taken') {
      answers[place] = takenLine(number, fields(outcome.taken));
      counts.taken += 1;
      continue;
    }
    const error = outcome?.error;
    answers[place] = refusedLine(number, error);
    // What befalls the store is one error for all.
    if (error !== noted) note(error);
    noted = error;
  }
  counts.refused += lines.length - outcomes.filter((each) => each.outcome === 'taken').length;
  return answers.join('');
}

/** The answer to a line that is not taken because the server stops, and to all behind it. */
export function stoppingLine(line: number): string {
  const detail = 'the server stops: neither this line nor any behind it was taken, so send them again';
  return refusedLine(line, new ApiError(503, 'STOPPING', detail));
}

/** The answer to a line that is not taken because the token of the caller opens nothing any more, and to all behind it. */
export function endedLine(line: number): string {
  return refusedLine(line, endedToken());
}

/** Fields of the answer to a line that brought a notification. */
export function notificationFields({ push, job, created, warnings }: CreatedNotification): string {
  const ofJob = job === undefined ? '' : `,"job":"${job.id}"`;
  return `${takenFields(push, created)}${ofJob}${warningsField(warnings)}`;
}

/** The same of a job. */
export function jobFields({ job, created, warnings }: WarnedJob): string {
  const wakes = job.pushId === undefined ? '' : `,"notification":"${job.pushId}"`;
  return `${takenFields(job, created)}${wakes}${warningsField(warnings)}`;
}

/** The same of a message. */
export function messageFields({ message, created, pinForUser, warnings }: CreatedMessage): string {
  const pin = pinForUser === undefined ? '' : `,"pinForUser":${JSON.stringify(pinForUser)}`;
  return `${takenFields(message, created)}${pin}${warningsField(warnings)}`;
}

/** Ids are UUIDs and states are words: none has a character that JSON would escape. */
function takenFields(
  { id, state }: { readonly id: string; readonly state: string },
  created: boolean,
): string {
  return `"id":"${id}","state":"${state}","created":${created}`;
}

function warningsField(warnings: readonly string[]): string {
  return warnings.length === 0 ? '' : `,"warnings":${JSON.stringify(warnings)}`;
}

/** The answer to a line that was taken; `fields` are those of the object, without braces. */
function takenLine(line: number, fields: string): string {
  return `{"line":${line},"status":202,${fields}}\n`;
}

/** The answer to a line that was not. */
export function refusedLine(line: number, error: unknown): string {
  const { type: _, status, ...problem } = problemOf(error);
  return `${JSON.stringify({ line, status, ...problem })}\n`;
}
