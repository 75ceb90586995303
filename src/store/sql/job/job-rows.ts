// Rows of jobs to records, and what an end does to one.
import {
  type CommandAnswer,
  isOpen,
  type JobCommand,
  type JobCommandRecord,
  type JobState,
  type JobSummary,
  judgeJob,
} from '../../index.ts';
import type { JobCommandTable, JobTable } from '../engine/schema.ts';
import { commandPlace, type Seals } from '../seal/seals.ts';

export function jobSummary(row: JobTable): JobSummary {
  return {
    id: row.id,
    deviceId: row.device_id,
    serverId: row.server_id,
    state: row.state,
    onFailure: row.on_failure,
    ...(row.push_id !== null && { pushId: row.push_id }),
    ...(row.session_id !== null && { sessionId: row.session_id }),
    commandCount: row.command_count,
    answeredCount: row.answered_count,
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.idempotency_key !== null && { idempotencyKey: row.idempotency_key }),
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    ...(row.held_at !== null && row.open === 1 && { heldAt: row.held_at }),
  };
}

type Named = Pick<JobCommandTable, 'job_id' | 'position'>;

/** @throws {StoreError} SEAL_BROKEN, as what follows */
export function commandOf(row: Named & Pick<JobCommandTable, 'command'>, seals: Seals): JobCommand {
  return JSON.parse(seals.open('job_commands', 'command', commandPlace(row), row.command)) as JobCommand;
}

export function answerOf(
  row: Named & Pick<JobCommandTable, 'answer'>,
  seals: Seals,
): CommandAnswer | undefined {
  if (row.answer === null) return undefined;
  return JSON.parse(seals.open('job_commands', 'answer', commandPlace(row), row.answer)) as CommandAnswer;
}

export function jobCommandRecord(row: JobCommandTable, seals: Seals): JobCommandRecord {
  const answer = answerOf(row, seals);
  return {
    command: commandOf(row, seals),
    sends: row.sends,
    ...(answer !== undefined && { answer }),
    ...(row.answered_at !== null && { answeredAt: row.answered_at }),
  };
}

/** The row of a job that is over. */
export function endedRow(row: JobTable, state: JobState, now: number, reason?: string): JobTable {
  return {
    ...row,
    state,
    open: isOpen(state) ? 1 : 0,
    reason: row.reason ?? reason ?? null,
    updated_at: now,
    ended_at: now,
  };
}

/** The row after answers: over, if that is what they make of the job. */
export function judgedRow(row: JobTable, now: number): JobTable {
  if (!isOpen(row.state)) return row;
  const end = judgeJob({
    onFailure: row.on_failure,
    total: row.command_count,
    answered: row.answered_count,
    waiting: row.waiting_count,
    failed: row.failed_count,
  });
  return end === undefined ? row : endedRow(row, end, now);
}
