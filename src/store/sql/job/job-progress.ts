// What sessions do to jobs, in SQL: answers and reports in, the next commands out.
import { utf8ToBytes } from '../../../core/index.ts';
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
  type LostCommands,
  lostAnswer,
  outcomeOf,
  type PlacedAnswer,
  packageLength,
  type ReportSubject,
  reportedAnswers,
  shownCommand,
  type TakenCommand,
  undeliveredAnswer,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import type { JobCommandTable, JobTable } from '../engine/schema.ts';
import type { noticePrograms } from '../notice/notice-programs.ts';
import { commandPlace, Seals } from '../seal/seals.ts';
import { answerOf, commandOf, jobSummary, judgedRow } from './job-rows.ts';
import { jobStatements } from './job-statements.ts';

/** Commands whose kinds are looked at for the next package. */
const lookAhead = 20;
/** Kinds of commands that `isRepeatable` may refuse; others are not read for it. */
const kindsNotRepeated: ReadonlySet<JobCommand['command']> = new Set(['exec', 'atomic', 'sequence']);

/** A command with the answer that a report makes of it. */
interface Reported {
  readonly job: JobTable;
  readonly row: JobCommandTable;
  readonly changed: CommandAnswer;
}

export function jobProgress(
  engine: SqlEngine,
  { noteJobs }: Pick<ReturnType<typeof noticePrograms>, 'noteJobs'>,
) {
  const statements = jobStatements(engine);
  const seals = new Seals(engine.sealer);

  /** Writes an answer to a command, and gives what it makes of the job's numbers. */
  function* write(job: JobTable, row: JobCommandTable, given: CommandAnswer, now: number): Program<JobTable> {
    const command = commandOf(row, seals);
    const { answer, octets } = bounded(given, jobLimits.answerOctets - job.answer_octets);
    const outcome = outcomeOf(command, answer, row.sends);
    const waiting = outcome === 'waiting' ? 1 : 0;
    yield* all(statements.setAnswer, {
      job_id: row.job_id,
      position: row.position,
      waiting,
      answer: seals.seal('job_commands', 'answer', commandPlace(row), JSON.stringify(answer)),
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

  function* answer(placed: PlacedAnswer, deviceId: string, now: number): Program<JobTable | undefined> {
    const job = yield* first(statements.byId, { id: placed.jobId });
    const row = yield* first(statements.command, { job_id: placed.jobId, position: placed.position });
    if (job?.device_id !== deviceId || row === undefined || row.answered === 1) return undefined;
    const sends = row.sends + (placed.again === true ? 1 : 0);
    if (placed.again === true) {
      yield* all(statements.setSends, { job_id: row.job_id, position: row.position, sends });
    }
    yield* all(statements.update, yield* write(job, { ...row, sends }, placed.answer, now));
    return job;
  }

  /** The commands that a report is the answer of: for a correlator one of each job, else at most one of all. */
  function* reportedOn({ correlator, report: told }: CorrelatedReport, deviceId: string, now: number) {
    const { source } = told;
    if (correlator !== undefined) return yield* awaiting(correlator, told, deviceId, now);
    if (source === undefined) return [];
    // Another Exec may be about a node above or below the one that is meant.
    const exact = yield* awaiting({ source, exact: true }, told, deviceId, now);
    const found = exact.length > 0 ? exact : yield* awaiting({ source }, told, deviceId, now);
    return found.length === 1 ? found : [];
  }

  /** The commands that wait for a report which may be the one about `subject`. */
  function* awaiting(
    subject: ReportSubject,
    told: CorrelatedReport['report'],
    deviceId: string,
    now: number,
  ): Program<Reported[]> {
    const found: Reported[] = [];
    for (const job of yield* all(statements.openOf, { device_id: deviceId })) {
      for (const row of yield* all(statements.awaiting, { job_id: job.id })) {
        const report = { ...told, at: now };
        const answers = reportedAnswers(
          commandOf(row, seals),
          answerOf(row, seals),
          subject,
          report,
          row.sends,
        );
        const here = answers.map((changed) => ({ job, row, changed }));
        if (typeof subject !== 'string') found.push(...here);
        else if (here[0] !== undefined) {
          found.push(here[0]);
          // To a device, the second Exec of a correlator is the first one repeated.
          break;
        }
      }
    }
    return found;
  }

  function* report(told: CorrelatedReport, deviceId: string, now: number): Program<readonly JobTable[]> {
    const found = yield* reportedOn(told, deviceId, now);
    for (const { job, row, changed } of found) {
      yield* all(statements.update, yield* write(job, row, changed, now));
    }
    return found.map(({ job }) => job);
  }

  /** Gives its answer to the next command that went out, got none, and is not sent again; and so on. */
  function* settleLost(
    job: JobTable,
    maxDeliveries: number,
    { now, endedJobs }: Transaction,
  ): Program<JobTable> {
    let settled = job;
    while (isOpen(settled.state)) {
      const [next] = yield* all(statements.nextKinds, { job_id: job.id, limit: 1 });
      if (next === undefined || next.sends === 0) break;
      const tooOften = next.sends >= maxDeliveries;
      if (!tooOften && !kindsNotRepeated.has(next.kind)) break;
      const row = yield* first(statements.command, { job_id: job.id, position: next.position });
      if (row === undefined) break;
      const repeatable = isRepeatable(commandOf(row, seals));
      if (repeatable && !tooOften) break;
      const answer = repeatable ? undeliveredAnswer(row.sends) : lostAnswer;
      settled = judgedRow(yield* write(settled, row, answer, now), now);
      yield* all(statements.update, settled);
      if (!isOpen(settled.state)) endedJobs.push(jobSummary(settled));
    }
    return settled;
  }

  /** Fails those of the commands that went out as often as they may; of the others the next session will have to ask. */
  function* lose({ holder, places, why }: LostCommands, maxDeliveries: number, now: number): Program<void> {
    for (const { jobId, position } of places) {
      const job = yield* first(statements.byId, { id: jobId });
      const row = yield* first(statements.command, { job_id: jobId, position });
      if (job === undefined || row === undefined || !isOpen(job.state) || job.holder !== holder) continue;
      if (row.answered === 1 || row.sends < maxDeliveries || !isRepeatable(commandOf(row, seals))) continue;
      yield* all(statements.update, yield* write(job, row, undeliveredAnswer(row.sends, why), now));
    }
  }

  function* take(
    taker: CommandTaker,
    deviceId: string,
    maxDeliveries: number,
    transaction: Transaction,
  ): Program<readonly [taken: readonly TakenCommand[], of?: JobTable]> {
    const { now } = transaction;
    for (const found of yield* all(statements.openOf, { device_id: deviceId })) {
      const takenOver = found.holder !== taker.holder && taker.held.includes(found.id);
      if (found.held_at !== null || takenOver || found.waiting_count > 0 || found.expires_at <= now) continue;
      const job = yield* settleLost(found, maxDeliveries, transaction);
      if (!isOpen(job.state)) continue;
      const next = yield* all(statements.nextKinds, { job_id: job.id, limit: lookAhead });
      const count = packageLength(
        next.map(({ kind }) => kind),
        next.map(({ sends }) => sends),
      );
      if (count === 0) continue;
      const taken: TakenCommand[] = [];
      for (const { position } of next.slice(0, count)) {
        const row = yield* first(statements.command, { job_id: job.id, position });
        if (row === undefined) continue;
        yield* all(statements.setSends, { job_id: job.id, position, sends: row.sends + 1 });
        taken.push({ jobId: job.id, position, command: commandOf(row, seals) });
      }
      const running: JobTable = {
        ...job,
        state: 'running',
        holder: taker.holder,
        session_id: taker.sessionId ?? null,
        started_at: job.started_at ?? now,
        updated_at: now,
      };
      yield* all(statements.update, running);
      if (job.started_at === null) yield* noteJobs(transaction, [jobSummary(running)], 'started');
      return [taken, job];
    }
    return [[]];
  }

  return {
    /** True when nothing would be written and nothing given out, as in most sessions. */
    *isIdle({ deviceId, answers = [], lost }: JobProgress): Program<boolean> {
      if (answers.length > 0 || lost !== undefined) return false;
      return (yield* all(statements.openCount, { device_id: deviceId })).every(
        ({ count }) => Number(count) === 0,
      );
    },

    *advance(transaction: Transaction, progress: JobProgress): Program<JobAdvance> {
      const { now, endedJobs } = transaction;
      const before = endedJobs.length;
      const { deviceId, answers = [], reports = [], lost, maxDeliveries = jobLimits.deliveries } = progress;
      const matched: boolean[] = [];
      const about: (JobTable | undefined)[] = [];
      for (const placed of answers) about.push(yield* answer(placed, deviceId, now));
      for (const told of reports) {
        const jobs = yield* report(told, deviceId, now);
        matched.push(jobs.length > 0);
        about.push(...jobs);
      }
      if (lost !== undefined) yield* lose(lost, maxDeliveries, now);
      // Only now, so that a failure does not hide what the same package said to the other commands.
      for (const job of yield* all(statements.openOf, { device_id: deviceId })) {
        const judged = judgedRow(job, now);
        if (isOpen(judged.state)) continue;
        yield* all(statements.update, judged);
        endedJobs.push(jobSummary(judged));
      }
      const [taken, of] =
        progress.take === undefined ? [[]] : yield* take(progress.take, deviceId, maxDeliveries, transaction);
      yield* noteJobs(transaction, endedJobs.slice(before));
      const ids = [...about, of].map((job) => job?.push_id ?? undefined);
      const pushIds = [...new Set(ids.filter((id) => id !== undefined))];
      return { taken, matched, pushIds };
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
