// Diagnostics of long-running commands: pino's JSON lines on standard error, and text at a terminal.
import { type Logger, pino } from 'pino';
import type { Io } from './io.ts';
import { logText } from './log-text.ts';

/** Levels that `--log-level` takes. */
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** A logger whose level may be changed. */
export type LevelledLogger = Logger;

/** A logger that writes to the command's standard error. Fields that could hold secrets are censored as a last resort. */
export function createLogger(io: Io, level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['secret', '*.secret', 'password', '*.password', 'authorization', '*.authorization'],
        censor: '[hidden]',
      },
    },
    { write: (line: string) => io.stderr(io.stderrIsTerminal === true ? logText(line) : line) },
  );
}

/**
 * Says something to whoever started the server, whatever the level of the log: a line of text for people, and one of JSON like those
 * of the log where standard error is no terminal.
 */
export function announce(io: Io, text: string): void {
  if (io.stderrIsTerminal !== false) io.stderr(`reveille: ${text}\n`);
  else io.stderr(`${JSON.stringify({ level: 30, time: new Date().toISOString(), msg: text })}\n`);
}
