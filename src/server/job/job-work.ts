// What is done in sessions: the device's jobs. Answers are on disk before the next commands go out.
import { type Alert, alertCodes, type Data, type ManagementCommand } from '../../codec/syncml/index.ts';
import { writeXml } from '../../codec/xml/index.ts';
import { bytesToDisplayText, type Logger, wholeNumber } from '../../core/index.ts';
import type { ClientReport, CommandProvider, SessionEnd } from '../../session/index.ts';
import {
  type CommandAnswer,
  type CommandPlace,
  type CorrelatedReport,
  type DeviceRecord,
  type JobProgress,
  type JobStore,
  jobLimits,
  type PlacedAnswer,
} from '../../store/index.ts';
import { type Answered, answerOf, jobItem, type Secrets, sessionCommand } from '../command/job-commands.ts';
import type { SessionSubject, SessionWork } from '../work/session-work.ts';

/** Characters of a report that are kept. */
const longestReport = 4096;

/** Settings of jobs. */
export interface JobSettings {
  /**
   * Sessions that a command is given to without an answer before it has failed, so that what a device cannot answer does
   * not hold up its other jobs. 1 or more. Default 3.
   */
  readonly maxDeliveries?: number;
}

/** Runs jobs in sessions. */
export class JobWork implements SessionWork {
  readonly #jobs: JobStore;
  readonly #logger: Logger;
  readonly #maxDeliveries: number;
  readonly #places = new WeakMap<ManagementCommand, CommandPlace>();
  /** What the provider has stored already, and the host tells once more. */
  readonly #stored = new WeakSet<ClientReport>();

  /** @throws {ValueError} OUT_OF_RANGE: `maxDeliveries` is not a whole number above 0 */
  constructor(jobs: JobStore, logger: Logger, { maxDeliveries = jobLimits.deliveries }: JobSettings = {}) {
    this.#jobs = jobs;
    this.#logger = logger;
    this.#maxDeliveries = wholeNumber(maxDeliveries, 1, Number.MAX_SAFE_INTEGER, 'maxDeliveries');
  }

  commands(subject: SessionSubject): CommandProvider {
    const { sessionId, holder } = subject;
    const held = new Set<string>();
    return {
      next: async (said) => {
        const take = { holder, ...(sessionId !== undefined && { sessionId }), held: [...held] };
        const taken = await this.#advance(subject, said, { take });
        return taken.map(({ jobId, position, command }) => {
          held.add(jobId);
          const given = sessionCommand(command);
          this.#places.set(given, { jobId, position });
          return given;
        });
      },
    };
  }

  async reported(
    subject: SessionSubject,
    reports: readonly ClientReport[],
    end: SessionEnd | undefined,
  ): Promise<void> {
    await this.#advance(subject, reports, { end });
  }

  async #advance(
    { device, holder, alsoAnswers }: SessionSubject,
    said: readonly ClientReport[],
    { take, end }: { readonly take?: JobProgress['take']; readonly end?: SessionEnd | undefined },
  ) {
    const fresh = said.filter((report) => !this.#stored.has(report));
    const secrets = secretsOf(device);
    const brokeOff = end !== undefined && end.outcome !== 'completed' ? end.reason : undefined;
    const answers = this.#answers(fresh, secrets, brokeOff === undefined);
    const reports = fresh.flatMap((report) => reportOf(report, secrets));
    const lost = brokeOff === undefined ? [] : this.#unanswered(fresh, answers);
    if (answers.length === 0 && reports.length === 0 && lost.length === 0 && take === undefined) return [];
    const { taken, matched, pushIds } = await this.#jobs.advanceJobs({
      deviceId: device.id,
      answers,
      reports,
      ...(brokeOff !== undefined && lost.length > 0 && { lost: { holder, places: lost, why: brokeOff } }),
      maxDeliveries: this.#maxDeliveries,
      ...(take !== undefined && { take }),
    });
    for (const report of fresh) this.#stored.add(report);
    for (const id of pushIds) alsoAnswers.add(id);
    for (const [index, known] of matched.entries()) {
      const { correlator, report } = reports[index] ?? {};
      if (known) {
        if (correlator !== undefined) continue;
        const about = { device: device.id, source: report?.source };
        this.#logger.debug(about, 'tolerated: a report without a correlator, known by its source');
        continue;
      }
      this.#logger.info(
        { device: device.id, correlator, type: report?.type, source: report?.source },
        'a report is for no command that waits for one',
      );
    }
    return taken;
  }

  /** The commands that went out, and of which the client said nothing that counts. */
  #unanswered(said: readonly ClientReport[], answers: readonly PlacedAnswer[]): CommandPlace[] {
    return said.flatMap((report) => {
      const place =
        report.effect === 'answered' && report.sent ? this.#places.get(report.command) : undefined;
      const answered = answers.some(
        ({ jobId, position }) => jobId === place?.jobId && position === place.position,
      );
      return place === undefined || answered ? [] : [place];
    });
  }

  #answers(said: readonly ClientReport[], secrets: Secrets, over: boolean): PlacedAnswer[] {
    const byCommand = new Map<ManagementCommand, Answered>();
    for (const report of said) if (report.effect === 'answered') byCommand.set(report.command, report);
    const answers: PlacedAnswer[] = [];
    for (const [command, answered] of byCommand) {
      // Those inside a group have no place of their own.
      const place = this.#places.get(command);
      const answer = place === undefined ? undefined : wholeAnswer(answered, byCommand, secrets, over);
      if (place === undefined || answer === undefined) continue;
      answers.push({ ...place, answer, ...(answered.again === true && { again: true }) });
    }
    return answers;
  }
}

/** The answer to a command with those to the commands inside it. */
function wholeAnswer(
  answered: Answered,
  byCommand: ReadonlyMap<ManagementCommand, Answered>,
  secrets: Secrets,
  over: boolean,
): CommandAnswer | undefined {
  const { command } = answered;
  const answer = answerOf(answered, secrets, over);
  if (answer === undefined || !('commands' in command)) return answer;
  // Of a group that is answered, or whose answer will not come, nothing more comes for what is inside it.
  const commands = command.commands.map((inner) => {
    const given = byCommand.get(inner);
    return (given === undefined ? undefined : wholeAnswer(given, byCommand, secrets, true)) ?? {};
  });
  // Some devices give a group no Status of its own: what is inside says how it went.
  const { problem, ...rest } = answer;
  const unsaid = answered.sent && answered.statuses.length === 0 && answered.problem === undefined;
  return unsaid && commands.every(isSaid) ? { ...rest, commands } : { ...answer, commands };
}

function isSaid(answer: CommandAnswer): boolean {
  return answer.status !== undefined || (answer.problem === undefined && answer.commands !== undefined);
}

/** An Alert 1226, with a correlator or with a source to know its Exec by. */
function reportOf(report: ClientReport, secrets: Secrets): CorrelatedReport[] {
  if (report.effect !== 'received' || report.command.name !== 'Alert') return [];
  const alert: Alert = report.command;
  // Some clients write the element, and nothing in it.
  const correlator = alert.correlator?.trim() === '' ? undefined : alert.correlator;
  const [item] = alert.items;
  if (Number(alert.data) !== alertCodes.genericAlert || item === undefined) return [];
  const { uri, type, withheld } = jobItem(item, secrets);
  if (correlator === undefined && uri === undefined) return [];
  const mark = item.meta?.mark;
  return [
    {
      ...(correlator !== undefined && { correlator }),
      report: {
        data: withheld === true ? '' : textOf(item.data),
        ...(type !== undefined && { type }),
        ...(uri !== undefined && { source: uri }),
        ...(mark !== undefined && { mark }),
      },
    },
  ];
}

function textOf(data: Data | undefined): string {
  if (data === undefined) return '';
  if (data instanceof Uint8Array) return bytesToDisplayText(data).slice(0, longestReport);
  return (typeof data === 'string' ? data : writeXml(data)).slice(0, longestReport);
}

function secretsOf(device: DeviceRecord): Secrets {
  const { clientCredentials, serverCredentials, notificationSecret, rotations } = device;
  const all = [
    clientCredentials?.secret,
    serverCredentials.secret,
    notificationSecret,
    rotations?.server?.secret,
    rotations?.client?.secret,
  ];
  return all.filter((secret) => secret !== undefined && secret !== '') as string[];
}
