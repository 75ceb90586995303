// Which server, and which of its devices: options that commands share.
import type { Command } from 'commander';
import { UsageError } from '../io/io.ts';
import { readMoment } from '../io/moment.ts';
import type { ApiOptions } from '../remote/api-client.ts';

/** Options that choose devices. */
export interface SelectionOptions {
  readonly filter?: string;
  readonly account?: string;
  readonly label?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Options of a command that talks to a server. */
export interface DevicesOptions extends ApiOptions {
  readonly json?: boolean;
}

/** Adds the options that name a server. */
export function withServer(command: Command, json = 'print what the server says, as JSON'): Command {
  return command
    .option('--server <url>', 'REST API of the server', 'http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    )
    .option('--json', json);
}

/** Adds the options that choose devices. */
export function withSelection(command: Command): Command {
  return command
    .option(
      '--filter <text>',
      'those that a filter means, such as: labels.region = "north" (docs/filters.md)',
    )
    .option('--account <serverId>', 'those of an account')
    .option('--label <name=value>', 'those with this label')
    .option(
      '--since <moment>',
      'created from then on: a moment such as 2026-12-01T06:00:00Z, or an age such as 30m, 12h, 7d',
    )
    .option('--until <moment>', 'created before then');
}

/** What requests about chosen devices choose them by. @throws {UsageError} for a moment that is none */
export function queryOf({ filter, account, label, since, until }: SelectionOptions) {
  const now = Date.now();
  return {
    ...(filter !== undefined && { filter }),
    ...(account !== undefined && { serverId: account }),
    ...(label !== undefined && { label }),
    ...(since !== undefined && { since: readMoment(since, '--since', now) }),
    ...(until !== undefined && { until: readMoment(until, '--until', now) }),
  };
}

/** Devices that are named, or chosen. */
export interface Chosen {
  readonly ids?: string[];
  readonly filter?: string;
  readonly serverId?: string;
  readonly label?: string;
  readonly since?: string;
  readonly until?: string;
}

/** The body of a request about devices that are named, or chosen. @throws {UsageError} for neither, and for both */
export function chosenBy(ids: readonly string[], options: SelectionOptions): Chosen {
  const query = queryOf(options);
  const chosen = Object.keys(query).length > 0;
  const by = '--filter, --account, --label, --since or --until';
  if (ids.length > 0 && chosen) {
    throw new UsageError(`devices are named, and chosen by ${by}`, 'Give one of the two');
  }
  if (ids.length > 0) return { ids: [...ids] };
  if (!chosen) throw new UsageError('no device is meant', `Name devices, or give ${by}`);
  return query;
}
