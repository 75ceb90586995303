// A journal on disk: one JSON object a line.
import { closeSync, openSync, writeSync } from 'node:fs';
import { ConfigError, codeOf } from '../../core/index.ts';
import type { FleetEvent } from './journal.ts';

/** Characters that are written at once, at most. */
const largestWrite = 65_536;

/** Appends to a file. */
export interface JournalFile {
  /** @throws {ConfigError} when it cannot be written */
  write(event: FleetEvent): void;
  /** Safe to call again. */
  close(): void;
}

/**
 * Opens a journal to append to, readable by its owner only. What happens in one turn of the event loop is handed to the
 * system at its end, in one write: so the journal of a simulator that is killed lacks the last turn at most, and nothing piles
 * up in memory, whatever the disk does.
 * @throws {ConfigError} when it cannot be opened
 */
export function openJournalFile(path: string): JournalFile {
  let file: number | undefined;
  try {
    file = openSync(path, 'a', 0o600);
  } catch (cause) {
    throw new ConfigError(
      `cannot open the journal ${path} (${codeOf(cause)}); give a file in a folder that is there`,
      {
        cause,
      },
    );
  }
  let held = '';
  let trouble: ConfigError | undefined;
  const flush = (): void => {
    const octets = Buffer.from(held);
    held = '';
    if (file === undefined || trouble !== undefined) return;
    try {
      for (let at = 0; at < octets.length; ) at += writeSync(file, octets, at);
    } catch (cause) {
      trouble = new ConfigError(`cannot write the journal ${path} (${codeOf(cause)}); free space`, { cause });
    }
  };
  return {
    write(event) {
      if (trouble !== undefined) throw trouble;
      if (held === '') queueMicrotask(flush);
      held += `${JSON.stringify(event)}\n`;
      if (held.length > largestWrite) flush();
    },
    close() {
      flush();
      if (file !== undefined) closeSync(file);
      file = undefined;
      if (trouble !== undefined) throw trouble;
    },
  };
}
