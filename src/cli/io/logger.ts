// Diagnostics of long-running commands: pino's JSON lines on standard error.
import { type Logger, pino } from 'pino';
import type { Io } from './io.ts';

/** Levels that `--log-level` takes. */
export const logLevels: readonly string[] = ['silent', 'error', 'warn', 'info', 'debug'];

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
    { write: (line: string) => io.stderr(line) },
  );
}
