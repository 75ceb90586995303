// The lines that a server tells of work on many devices: refusals, progress, and a summary at the end.
import { printable, ReveilleError } from '../../core/index.ts';
import { AlreadyReported, type Io } from '../io/io.ts';
import { type JsonObject, refusalText } from '../remote/api-client.ts';
import { Progress, summaryText } from './progress.ts';

/** How they are told on. */
export interface TellOptions {
  readonly json: boolean;
  /** Octets that are sent in all, where that is known. */
  readonly octets?: number | undefined;
}

/**
 * Tells them on. @throws {AlreadyReported} when something was refused
 * @throws {ReveilleError} BROKEN_OFF when there is no summary
 */
export async function tellLines(
  io: Io,
  lines: AsyncGenerator<JsonObject, void, undefined>,
  { json, octets }: TellOptions,
): Promise<void> {
  const progress = new Progress(io, octets);
  let summary: JsonObject | undefined;
  let last: JsonObject | undefined;
  try {
    for await (const line of lines) {
      if (typeof line.progress === 'object' && line.progress !== null) {
        last = line.progress as JsonObject;
        progress.show(last);
        if (!json) continue;
      }
      progress.clear();
      if (json) io.stdout(`${JSON.stringify(line)}\n`);
      if (typeof line.summary === 'object' && line.summary !== null) summary = line.summary as JsonObject;
      else if (line.code !== undefined && !json) io.stderr(`reveille: ${refusedText(line)}\n`);
    }
  } catch (error) {
    if (!(error instanceof ReveilleError)) throw error;
    if (error.code === 'UNANSWERED' && summary === undefined) {
      throw brokenOff('the server broke off before the end', last);
    }
    // Of a server that was not there at all nothing is done.
    if (last === undefined || error.code !== 'UNREACHABLE') throw error;
    throw brokenOff(error.message, last);
  } finally {
    progress.clear();
  }
  // The client has seen to it that there is one.
  if (summary === undefined) return;
  if (!json) io.stdout(`${summaryText(summary)}\n`);
  if (Number(summary.rejected ?? 0) > 0 || summary.complete === false) throw new AlreadyReported();
}

function brokenOff(why: string, last: JsonObject | undefined): ReveilleError {
  const done = last === undefined ? '' : ` (so far ${summaryText(last)})`;
  return new ReveilleError('BROKEN_OFF', `${why}${done}: do it again, it comes to the same`);
}

function refusedText(line: JsonObject): string {
  const where = [
    line.line === undefined ? '' : `line ${String(line.line)}`,
    line.id === undefined ? '' : `device ${String(line.id)}`,
  ].filter((part) => part !== '');
  return printable(`${where.join(', ')}: ${refusalText(line)}`);
}
