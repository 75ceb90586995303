// Jobs as the API shows them.
import { utf8ToBytes } from '../../core/index.ts';
import type {
  CommandAnswer,
  JobCommand,
  JobCommandRecord,
  JobRecord,
  JobSummary,
} from '../../store/index.ts';
import { isoTime } from './iso-time.ts';

export function jobSummaryView(job: JobSummary) {
  return {
    id: job.id,
    device: job.deviceId,
    serverId: job.serverId,
    state: job.state,
    onFailure: job.onFailure,
    ...(job.pushId !== undefined && { notification: job.pushId }),
    ...(job.sessionId !== undefined && { sessionId: job.sessionId }),
    commandCount: job.commandCount,
    answeredCount: job.answeredCount,
    ...(job.reason !== undefined && { reason: job.reason }),
    expiresAt: isoTime(job.expiresAt),
    createdAt: isoTime(job.createdAt),
    updatedAt: isoTime(job.updatedAt),
    ...(job.startedAt !== undefined && { startedAt: isoTime(job.startedAt) }),
    ...(job.endedAt !== undefined && { endedAt: isoTime(job.endedAt) }),
    ...(job.heldAt !== undefined && { held: true }),
  };
}

export function jobView(job: JobRecord) {
  return { ...jobSummaryView(job), commands: job.commands.map(recordView) };
}

function recordView({ command, sends, answer, answeredAt }: JobCommandRecord) {
  return {
    ...commandView(command, answer),
    sends,
    ...(answeredAt !== undefined && { answeredAt: isoTime(answeredAt) }),
  };
}

/** A command as it was given, without what it carries, and its answer. */
function commandView(command: JobCommand, answer: CommandAnswer | undefined): Record<string, unknown> {
  const { report, commands: inner = [], ...said } = answer ?? {};
  const about = {
    ...said,
    ...(report !== undefined && { report: { ...report, at: isoTime(report.at) } }),
  };
  if ('commands' in command) {
    const commands = command.commands.map((each, index) => commandView(each, inner[index]));
    return { command: command.command, ...about, commands };
  }
  if (!('data' in command || 'dataBase64' in command)) return { ...command, ...about };
  const { data, dataBase64, ...rest } = command;
  const octets = dataBase64 === undefined ? utf8ToBytes(data ?? '').length : base64Octets(dataBase64);
  return { ...rest, octets, ...about };
}

function base64Octets(text: string): number {
  return Math.floor((text.replace(/=+$/, '').length * 3) / 4);
}
