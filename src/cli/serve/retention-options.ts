// For how long `serve` keeps what is over, as options say it.
import type { Command } from 'commander';
import { type RetentionSettings, retentionDefaults } from '../../server/index.ts';
import { readInteger } from '../io/input.ts';

/** Values of the options that `addRetentionOptions` adds, in seconds; 0: for ever. */
export interface RetentionOptions {
  readonly keepPushes: string;
  readonly keepJobs: string;
  readonly keepEvents: string;
  readonly keepAudit: string;
}

/** Ten years, in seconds. */
const longestAge = 3650 * 86_400;

/** Adds an option for each of what goes by its age. */
export function addRetentionOptions(command: Command): Command {
  return command
    .option(
      '--keep-pushes <seconds>',
      'how long a push stays when it is over, with its timeline; 0: for ever',
      secondsOf(retentionDefaults.pushesMs),
    )
    .option(
      '--keep-jobs <seconds>',
      'how long a job stays when it is over, with its answers; 0: for ever',
      secondsOf(retentionDefaults.jobsMs),
    )
    .option(
      '--keep-events <seconds>',
      'how long the timeline of a push that is over stays, where the push stays longer; 0: for ever',
      secondsOf(retentionDefaults.eventsMs),
    )
    .option(
      '--keep-audit <seconds>',
      'how long entries of the audit log stay; 0: for ever',
      secondsOf(retentionDefaults.auditMs),
    );
}

/** What they say. @throws {UsageError} for a number of seconds that is none */
export function readRetention({
  keepPushes,
  keepJobs,
  keepEvents,
  keepAudit,
}: RetentionOptions): RetentionSettings {
  return {
    pushesMs: readInteger(keepPushes, '--keep-pushes', 0, longestAge) * 1000,
    jobsMs: readInteger(keepJobs, '--keep-jobs', 0, longestAge) * 1000,
    eventsMs: readInteger(keepEvents, '--keep-events', 0, longestAge) * 1000,
    auditMs: readInteger(keepAudit, '--keep-audit', 0, longestAge) * 1000,
  };
}

function secondsOf(ms: number): string {
  return String(ms / 1000);
}
