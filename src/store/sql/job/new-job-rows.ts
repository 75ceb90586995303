// Rows of jobs as they are taken in, and their columns.
import type { JobRequest } from '../../index.ts';
import type { JobCommandTable, JobTable } from '../engine/schema.ts';
import type { SetColumn } from '../engine/set-statement.ts';
import type { SqlValue } from '../engine/statement.ts';
import type { ValueType } from '../engine/unfold.ts';
import { commandPlace, type Seals } from '../seal/seals.ts';

/** What the store adds to a request. */
export interface NewJob {
  readonly id: string;
  readonly serverId: string;
  readonly pushId: string | undefined;
  readonly now: number;
}

const jobTypes: Readonly<Record<keyof JobTable, ValueType>> = {
  id: 'text',
  device_id: 'text',
  server_id: 'text',
  push_id: 'text',
  state: 'text',
  open: 'number',
  on_failure: 'text',
  holder: 'text',
  session_id: 'number',
  command_count: 'number',
  answered_count: 'number',
  waiting_count: 'number',
  failed_count: 'number',
  answer_octets: 'number',
  reason: 'text',
  idempotency_key: 'text',
  idempotency_fingerprint: 'text',
  expires_at: 'number',
  end_counted: 'number',
  created_at: 'number',
  updated_at: 'number',
  started_at: 'number',
  ended_at: 'number',
  held_at: 'number',
};

const commandTypes: Readonly<Record<keyof JobCommandTable, ValueType>> = {
  job_id: 'text',
  position: 'number',
  kind: 'text',
  command: 'text',
  sends: 'number',
  answered: 'number',
  waiting: 'number',
  answer: 'text',
  answered_at: 'number',
};

/** The row of a new job. */
export function newJobRow(request: JobRequest, { id, serverId, pushId, now }: NewJob): JobTable {
  const { deviceId, commands, idempotency } = request;
  return {
    id,
    device_id: deviceId,
    server_id: serverId,
    push_id: pushId ?? null,
    state: 'pending',
    open: 1,
    on_failure: request.onFailure,
    holder: null,
    session_id: null,
    command_count: commands.length,
    answered_count: 0,
    waiting_count: 0,
    failed_count: 0,
    answer_octets: 0,
    reason: null,
    idempotency_key: idempotency?.key ?? null,
    idempotency_fingerprint: idempotency?.fingerprint ?? null,
    expires_at: request.expiresAt,
    end_counted: request.endCounted === true ? 1 : 0,
    created_at: now,
    updated_at: now,
    started_at: null,
    ended_at: null,
    held_at: null,
  };
}

/** Columns of new jobs. */
export function jobColumns(rows: readonly JobTable[]): readonly SetColumn[] {
  return columnsOf(rows, jobTypes);
}

/** Columns of the commands of new jobs. */
export function commandColumns(
  jobs: readonly { readonly row: JobTable; readonly request: JobRequest }[],
  seals: Seals,
): readonly SetColumn[] {
  const rows = jobs.flatMap(({ row, request }) =>
    request.commands.map((command, position) => ({
      job_id: row.id,
      position,
      kind: command.command,
      command: seals.seal(
        'job_commands',
        'command',
        commandPlace({ job_id: row.id, position }),
        JSON.stringify(command),
      ),
      sends: 0,
      answered: 0,
      waiting: 0,
      answer: null,
      answered_at: null,
    })),
  );
  return columnsOf(rows, commandTypes);
}

function columnsOf<Row extends object>(
  rows: readonly Row[],
  types: Readonly<Record<keyof Row & string, ValueType>>,
): readonly SetColumn[] {
  const columns = Object.entries(types) as [keyof Row & string, ValueType][];
  return columns.map(([name, type]) => ({ name, type, values: rows.map((row) => row[name] as SqlValue) }));
}
