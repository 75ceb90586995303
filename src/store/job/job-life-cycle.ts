// The life of a job as pure functions: what an answer means, which commands go next, when the job is over. Every back
// end writes what these say (docs/jobs.md).
import type { CommandAnswer, JobCommand, JobReport } from './job.ts';

/** What became of a command that has an answer. `waiting`: a report is awaited. */
export type CommandOutcome = 'succeeded' | 'failed' | 'waiting';

/**
 * True when a status says that the command was carried out or has begun. 214 (cancelled by the user), 215 (not executed)
 * and 216 (rolled back) say the opposite.
 */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299 && !(status >= 214 && status <= 216);
}

/**
 * True when a report tells of success: a result code of 200-299; where it holds no code of three digits, any that is not
 * marked as fatal or critical.
 */
export function isGoodReport({ data, mark }: JobReport): boolean {
  if (/^\s*[0-9]{3}\s*$/.test(data)) return isSuccess(Number(data));
  return mark !== 'fatal' && mark !== 'critical';
}

/** Already exists. */
const alreadyExists = 418;
/** Service unavailable: how a device says that another operation runs. */
const busy = 503;

/**
 * What an answer means for its command. `sends`: how often that was given to a session. More than once, it may have been
 * carried out before under a status that was lost: an Add is then done when its node exists, and an Exec with a
 * correlator that meets a busy device still waits for its report. Commands inside groups have no such rule.
 */
export function outcomeOf(command: JobCommand, answer: CommandAnswer, sends = 1): CommandOutcome {
  const { status, problem, report } = answer;
  if (problem !== undefined) return 'failed';
  if (report !== undefined) return isGoodReport(report) ? 'succeeded' : 'failed';
  if (sends > 1) {
    if (command.command === 'add' && status === alreadyExists) return 'succeeded';
    if (isReported(command) && status === busy) return 'waiting';
  }
  if (status === undefined ? !isAnsweredInside(command, answer) : !isSuccess(status)) return 'failed';
  if ('commands' in command) {
    const inner = command.commands.map((each, index) => outcomeOf(each, answer.commands?.[index] ?? {}));
    if (inner.includes('failed')) return 'failed';
    return inner.includes('waiting') ? 'waiting' : 'succeeded';
  }
  return isReported(command) && status === 202 ? 'waiting' : 'succeeded';
}

/** True for a group without a status of its own whose commands all have one: some devices give it no other. */
function isAnsweredInside(command: JobCommand, answer: CommandAnswer): boolean {
  if (!('commands' in command) || answer.commands === undefined) return false;
  return command.commands.every((inner, index) => {
    const given = answer.commands?.[index];
    return given?.status !== undefined || (given !== undefined && isAnsweredInside(inner, given));
  });
}

/** True for an Exec whose end an Alert 1226 may tell. */
function isReported(command: JobCommand): boolean {
  return command.command === 'exec' && command.correlator !== undefined;
}

/**
 * True when a command whose status was lost is sent again. Not so an Exec without a correlator, alone or in a group:
 * nothing would tell its second run from its first.
 */
export function isRepeatable(command: JobCommand): boolean {
  if ('commands' in command) return command.commands.every(isRepeatable);
  return command.command !== 'exec' || isReported(command);
}

/** The answer to a command that went out, got no status, and is not sent again. */
export const lostAnswer: CommandAnswer = Object.freeze({
  problem: 'may have been carried out: its status was lost',
});

/** The answer to a command that went out `sends` times, the last time in vain because of `why`, and is not sent again. */
export function undeliveredAnswer(sends: number, why?: string): CommandAnswer {
  const often = sends === 1 ? '1 delivery' : `${sends} deliveries`;
  return { problem: `no answer in ${often}: ${why ?? 'each time the session broke off at it'}` };
}

/**
 * Which Exec a report is about: that of a correlator, else one that the source of the report names, which is its own URI
 * (`exact`) or that of a node above or below it.
 */
export type ReportSubject = string | { readonly source: string; readonly exact?: boolean };

/**
 * The answer with the report in it, once for each Exec that awaits one and that it may be about, in order. An Exec that
 * went out and whose status was lost counts too: the report is then its answer. `sends`: as for `outcomeOf`.
 */
export function reportedAnswers(
  command: JobCommand,
  answer: CommandAnswer | undefined,
  subject: ReportSubject,
  report: JobReport,
  sends = 1,
): readonly CommandAnswer[] {
  if (command.command === 'exec') {
    if (!isAbout(subject, command)) return [];
    const awaited = answer === undefined || outcomeOf(command, answer, sends) === 'waiting';
    return awaited ? [{ ...answer, report }] : [];
  }
  // Of a group whose status was lost, nobody knows how its other commands went.
  if (!('commands' in command) || answer?.commands === undefined) return [];
  const { commands } = answer;
  return command.commands.flatMap((inner, index) => {
    const given = commands[index];
    if (given === undefined) return [];
    return reportedAnswers(inner, given, subject, report).map((changed) => ({
      ...answer,
      commands: commands.with(index, changed),
    }));
  });
}

function isAbout(subject: ReportSubject, command: Extract<JobCommand, { command: 'exec' }>): boolean {
  if (typeof subject === 'string') return command.correlator === subject;
  if (command.correlator === undefined) return false;
  const source = plainUri(subject.source);
  const uri = plainUri(command.uri);
  if (source === '' || uri === '') return false;
  // The object that was worked on, else a node of it, or what became of it.
  if (uri === source || subject.exact === true) return uri === source;
  return uri.startsWith(`${source}/`) || source.startsWith(`${uri}/`);
}

/** A URI as clients spell it in one way or another: from the root, without what was percent-encoded. */
function plainUri(uri: string): string {
  const path = uri
    .trim()
    .replace(/^\.?\/+/, '')
    .replace(/\/+$/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The status of a failed command, or why there is none, for `reason` of its job. `sends`: as for `outcomeOf`. */
export function failureOf(command: JobCommand, answer: CommandAnswer, sends = 1): string {
  const { problem, report, status } = answer;
  if (problem !== undefined) return problem;
  if (report !== undefined) return `reported ${report.data}`;
  if (status === undefined && !isAnsweredInside(command, answer)) return 'no status';
  if (sends > 1) {
    const often =
      sends === 2 ? 'twice: the first time its status' : `${sends} times: until the last one its status`;
    return `${failureOf(command, answer)}, sent ${often} was lost`;
  }
  if ((status === undefined || isSuccess(status)) && 'commands' in command) {
    for (const [index, inner] of command.commands.entries()) {
      const given = answer.commands?.[index] ?? {};
      if (outcomeOf(inner, given) === 'failed') return `${shownCommand(inner)}: ${failureOf(inner, given)}`;
    }
  }
  return `status ${status}`;
}

/** A command in words: `exec ./FwUpdate/Main/Download`. */
export function shownCommand(command: JobCommand): string {
  if ('uri' in command) return `${command.command} ${command.uri}`;
  return command.command === 'alert' ? `alert ${command.kind}` : command.command;
}

/** Largest number of Gets that go into one package. */
const getsInPackage = 20;

/**
 * How many of a job's next commands go out together. Outside Atomic and Sequence a device may carry commands out in any
 * order (DM-PRO-1.2), so each has a package of its own; only Gets do not mind their neighbours. One that was given to a
 * session before, by `sends`, goes alone: should it be what the device cannot answer, it takes no other with it.
 */
export function packageLength(next: readonly JobCommand['command'][], sends: readonly number[] = []): number {
  const other = next.findIndex((command, index) => command !== 'get' || (sends[index] ?? 0) > 0);
  if (other === 0) return 1;
  return Math.min(other < 0 ? next.length : other, getsInPackage);
}

/** Numbers of a job's commands. */
export interface JobTally {
  readonly onFailure: 'stop' | 'continue';
  readonly total: number;
  /** Those with an answer, the ones that wait for a report included. */
  readonly answered: number;
  readonly waiting: number;
  readonly failed: number;
}

/** How a job ended, or `undefined` while it goes on. */
export function judgeJob({
  onFailure,
  total,
  answered,
  waiting,
  failed,
}: JobTally): 'completed' | 'failed' | undefined {
  if (failed > 0 && onFailure === 'stop') return 'failed';
  if (answered < total || waiting > 0) return undefined;
  return failed > 0 ? 'failed' : 'completed';
}
