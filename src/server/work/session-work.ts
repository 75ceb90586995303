// What is done in sessions, as the DM endpoint sees it.
import type { ClientReport, CommandProvider, SessionEnd } from '../../session/index.ts';
import type { DeviceRecord, NotificationPush } from '../../store/index.ts';

/** For whom a session runs. */
export interface SessionSubject {
  readonly device: DeviceRecord;
  /** The SessionID as a number, where it can be read as one from 1 to 65535; a client may make up any text. */
  readonly sessionId?: number;
  /** What woke the device; absent when it came by itself. */
  readonly notification?: NotificationPush;
  /** Names the session; no two have the same name. */
  readonly holder: string;
  /**
   * For the work to add to: other notifications, by id, that were to wake the device for what this session does. The
   * endpoint marks them as answered, and as completed when the session is; one that breaks off puts them back.
   */
  readonly alsoAnswers: Set<string>;
}

/** What the server does in its sessions. */
export interface SessionWork {
  /** Where the commands of a session come from. */
  commands(subject: SessionSubject): CommandProvider;
  /**
   * What the client said in a step, to commands and by itself: alerts, DevInfo, requested objects; when a session breaks
   * off, with the commands that it left unanswered. The session's answer waits for it. `end` is set when the session is over; answers that are missing then may be so because it broke off.
   */
  reported(
    subject: SessionSubject,
    reports: readonly ClientReport[],
    end: SessionEnd | undefined,
  ): Promise<void>;
}

/** A session without commands. */
export const noCommands: CommandProvider = { next: async () => [] };

/** Nothing to do in any session. */
export const noWork: SessionWork = { commands: () => noCommands, reported: async () => undefined };
