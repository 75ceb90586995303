// A database of version 7 as its release wrote it, and what that release read from it. Neither file is ever edited.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DeviceRecord, JobRecord, PushEventName, PushState } from '../../../src/store/index.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

/** A record of that release: what its kind has besides. */
interface OldRecord {
  readonly id: string;
  readonly state: PushState;
  readonly updatedAt: number;
  readonly dueAt?: number;
  readonly lease: number;
}

/** An event of that release, besides what it said of its subject. */
interface OldEvent {
  readonly sequence: number;
  readonly at: number;
  readonly event: PushEventName;
  readonly state: PushState;
}

/** What that release read from it. */
export interface VersionSeven {
  readonly now: number;
  /** The largest sequence number that an event of a notification had; its device is gone. */
  readonly lastSequence: number;
  /** Identifiers by what they are an example of. */
  readonly names: Readonly<Record<string, string>>;
  readonly notifications: readonly {
    readonly record: OldRecord & {
      readonly deviceId: string;
      readonly serverId: string;
      readonly sessionId: number;
      readonly message: Readonly<Record<string, unknown>>;
      readonly idempotencyKey?: string;
    };
    readonly timeline: readonly (OldEvent & {
      readonly notificationId: string;
      readonly deviceId: string;
      readonly sessionId: number;
    })[];
    readonly job?: string;
    readonly ofSession: string;
  }[];
  readonly messages: readonly {
    readonly record: OldRecord & {
      readonly deviceId?: string;
      readonly serverId?: string;
      readonly idempotencyKey?: string;
      readonly initiator?: {
        readonly initiator: string;
        readonly pushId: string;
        readonly recipient: string;
      };
    };
    readonly timeline: readonly (OldEvent & { readonly messageId: string })[];
    readonly ofPush?: readonly string[];
  }[];
  readonly jobs: readonly (Omit<JobRecord, 'pushId'> & { readonly notificationId?: string })[];
  /** Sequence numbers of the events of notifications. */
  readonly feed: readonly number[];
  readonly awaited: readonly { readonly notificationId: string }[];
  readonly nextDueAt: number;
  readonly nextResultDueAt: number;
  readonly devices: readonly DeviceRecord[];
}

/** What it read. */
export const versionSeven = JSON.parse(readFileSync(join(fixtures, 'version-7.json'), 'utf8'), (_, value) =>
  isOctets(value) ? new Uint8Array(Buffer.from(value.hex, 'hex')) : value,
) as VersionSeven;

function isOctets(value: unknown): value is { readonly hex: string } {
  return typeof value === 'object' && value !== null && 'hex' in value;
}

/** Makes the database. */
export function makeVersionSeven(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(readFileSync(join(fixtures, 'version-7.sql'), 'utf8'));
  database.close();
}
