// What sessions do to jobs, in SQL: answers and reports in, the next commands out.
import { utf8ToBytes } from '../../core/index.ts';
import {
  type CommandAnswer,
  type CommandTaker,
  type CorrelatedReport,
  failureOf,
  isOpen,
  isRepeatable,
  type JobAdvance,
  type JobCommand,
  type JobProgress,
  jobLimits,
  lostAnswer,
  outcomeOf,
  type PlacedAnswer,
  packageLength,
  reportedAnswer,
  shownCommand,
  type TakenCommand,
} from '../index.ts';
import type { SqlEngine } from './engine.ts';
import { answerOf, commandOf, judgedRow } from './job-rows.ts';
import { jobStatements } from './job-statements.ts';
import { all, first, type Program, type Transaction } from './program.ts';
import type { JobCommandTable, JobTable } from './schema.ts';

/** Commands whose kinds are looked at for the next package. */
const lookAhead = 20;
/** Kinds of commands that `isRepeatable` may refuse; others are not read for it. */
const kindsNotRepeated: ReadonlySet<JobCommand['command']> = new Set(['exec', 'atomic', 'sequence']);

export function jobProgress(engine: SqlEngine) {
  const statements = jobStatements(engine);

  /** Writes an answer to a command, and gives what it makes of the job's numbers. */
  function* write(job: JobTable, row: JobCommandTable, given: CommandAnswer, now: number): Program<JobTable> {
    const command = commandOf(row);
    const { answer, octets } = bounded(given, jobLimits.answerOctets - job.answer_octets);
    const outcome = outcomeOf(command, answer, row.sends);
    const waiting = outcome === 'waiting' ? 1 : 0;
    yield* all(statements.setAnswer, {
      job_id: row.job_id,
      position: row.position,
      waiting,
      answer: JSON.stringify(answer),
      answered_at: row.answered_at ?? now,
    });
    return {
      ...job,
      answered_count: job.answered_count + 1 - row.answered,
      waiting_count: job.waiting_count + waiting - row.waiting,
      failed_count: job.failed_count + (outcome === 'failed' ? 1 : 0),
      answer_octets: job.answer_octets + octets,
      reason: job.reason ?? (outcome === 'failed' ? reasonOf(row, command, answer) : null),
      updated_at: now,
    };
  }

  function* answer(placed: PlacedAnswer, deviceId: string, now: number): Program<void> {
    const job = yield* first(statements.byId, { id: placed.jobId });
    const row = yield* first(statements.command, { job_id: placed.jobId, position: placed.position });
    if (job?.device_id !== deviceId || row === undefined || row.answered === 1) return;
    yield* all(statements.update, yield* write(job, row, placed.answer, now));
  }

  function* report(
    { correlator, report: told }: CorrelatedReport,
    deviceId: string,
    now: number,
  ): Program<boolean> {
    let matched = false;
    // Every job that waits: to a device, the second Exec of a correlator is the first one repeated.
    for (const job of yield* all(statements.openOf, { device_id: deviceId })) {
      for (const row of yield* all(statements.awaiting, { job_id: job.id })) {
        const report = { ...told, at: now };
        const changed = reportedAnswer(commandOf(row), answerOf(row), correlator, report, row.sends);
        if (changed === undefined) continue;
        yield* all(statements.update, yield* write(job, row, changed, now));
        matched = true;
        break;
      }
    }
    return matched;
  }

  /** Gives its answer to the command that went out, got none, and is not sent again. */
  function* settleLost(job: JobTable, now: number): Program<JobTable> {
    let settled = job;
    while (isOpen(settled.state)) {
      const [next] = yield* all(statements.nextKinds, { job_id: job.id, limit: 1 });
      if (next === undefined || next.sends === 0 || !kindsNotRepeated.has(next.kind)) break;
      const row = yield* first(statements.command, { job_id: job.id, position: next.position });
      if (row === undefined || isRepeatable(commandOf(row))) break;
      settled = judgedRow(yield* write(settled, row, lostAnswer, now), now);
      yield* all(statements.update, settled);
    }
    return settled;
  }

  function* take(taker: CommandTaker, deviceId: string, now: number): Program<readonly TakenCommand[]> {
    for (const found of yield* all(statements.openOf, { device_id: deviceId })) {
      const takenOver = found.holder !== taker.holder && taker.held.includes(found.id);
      if (takenOver || found.waiting_count > 0 || found.expires_at <= now) continue;
      const job = yield* settleLost(found, now);
      if (!isOpen(job.state)) continue;
      const next = yield* all(statements.nextKinds, { job_id: job.id, limit: lookAhead });
      const count = packageLength(next.map(({ kind }) => kind));
      if (count === 0) continue;
      const taken: TakenCommand[] = [];
      for (const { position } of next.slice(0, count)) {
        const row = yield* first(statements.command, { job_id: job.id, position });
        if (row === undefined) continue;
        yield* all(statements.setSends, { job_id: job.id, position, sends: row.sends + 1 });
        taken.push({ jobId: job.id, position, command: commandOf(row) });
      }
      yield* all(statements.update, {
        ...job,
        state: 'running',
        holder: taker.holder,
        session_id: taker.sessionId ?? null,
        started_at: job.started_at ?? now,
        updated_at: now,
      });
      return taken;
    }
    return [];
  }

  return {
    /** True when nothing would be written and nothing given out, as in most sessions. */
    *isIdle({ deviceId, answers = [] }: JobProgress): Program<boolean> {
      if (answers.length > 0) return false;
      return (yield* all(statements.openCount, { device_id: deviceId })).every(
        ({ count }) => Number(count) === 0,
      );
    },

    *advance({ now }: Transaction, progress: JobProgress): Program<JobAdvance> {
      const { deviceId, answers = [], reports = [] } = progress;
      const matched: boolean[] = [];
      for (const placed of answers) yield* answer(placed, deviceId, now);
      for (const told of reports) matched.push(yield* report(told, deviceId, now));
      // Only now, so that a failure does not hide what the same package said to the other commands.
      for (const job of yield* all(statements.openOf, { device_id: deviceId })) {
        const judged = judgedRow(job, now);
        if (!isOpen(judged.state)) yield* all(statements.update, judged);
      }
      const taken = progress.take === undefined ? [] : yield* take(progress.take, deviceId, now);
      return { taken, matched };
    },
  };
}

/** The answer as it is kept: without its results when they do not fit any more. */
function bounded(
  answer: CommandAnswer,
  room: number,
): { readonly answer: CommandAnswer; readonly octets: number } {
  const octets = utf8ToBytes(JSON.stringify(answer)).length;
  if (octets <= room) return { answer, octets };
  const { status, report } = answer;
  return {
    answer: {
      ...(status !== undefined && { status }),
      problem: `${octets} octets of answer, more than the job has room for`,
      ...(report !== undefined && { report }),
    },
    octets: 0,
  };
}

function reasonOf(
  { position, sends }: Pick<JobCommandTable, 'position' | 'sends'>,
  command: JobCommand,
  answer: CommandAnswer,
): string {
  return `commands[${position}], ${shownCommand(command)}: ${failureOf(command, answer, sends)}`;
}
