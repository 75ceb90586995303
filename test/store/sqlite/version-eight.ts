// A database of version 8 as its release wrote it, and what that release read from it. Neither file is ever edited.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type {
  AwaitedReport,
  DeviceRecord,
  JobRecord,
  PushEvent,
  PushRecord,
} from '../../../src/store/index.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

type WithoutVersion<Push> = Push extends PushRecord ? Omit<Push, 'version'> : never;

/** What that release read from it. */
export interface VersionEight {
  readonly now: number;
  /** Identifiers by what they are an example of. */
  readonly names: Readonly<Record<string, string>>;
  /** Newest first. */
  readonly pushes: readonly {
    readonly record: WithoutVersion<PushRecord>;
    readonly timeline: readonly PushEvent[];
    /** What a session of its device with its Session-ID answers. */
    readonly ofSession?: string;
    readonly job?: string;
  }[];
  readonly jobs: readonly JobRecord[];
  /** Sequence numbers of events. */
  readonly feed: readonly number[];
  readonly awaited: readonly AwaitedReport[];
  readonly nextDueAt: number;
  readonly nextResultDueAt: number;
  readonly devices: readonly DeviceRecord[];
}

const read = JSON.parse(readFileSync(join(fixtures, 'version-8.json'), 'utf8'), (_, value) =>
  isOctets(value) ? new Uint8Array(Buffer.from(value.hex, 'hex')) : value,
) as VersionEight;

/** What it read, as it is read now: events know the account of their push. */
export const versionEight: VersionEight = {
  ...read,
  pushes: read.pushes.map(({ timeline, ...push }) => {
    const { serverId } = push.record;
    return { ...push, timeline: timeline.map((event) => ({ ...event, ...(serverId && { serverId }) })) };
  }),
};

function isOctets(value: unknown): value is { readonly hex: string } {
  return typeof value === 'object' && value !== null && 'hex' in value;
}

/** Makes the database. */
export function makeVersionEight(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(readFileSync(join(fixtures, 'version-8.sql'), 'utf8'));
  database.close();
}
