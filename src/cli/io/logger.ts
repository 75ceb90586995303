// Diagnostics of long-running commands: pino's JSON lines on standard error, and text at a terminal.
import { type Logger, pino } from 'pino';
import { LogLevel, type LogLevelName, systemClock } from '../../core/index.ts';
import type { Io } from './io.ts';
import { logText } from './log-text.ts';

export { logLevels } from '../../core/index.ts';

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

/** A log whose level may change while the process runs, and what changes it. */
export interface LevelledLog {
  readonly logger: Logger;
  readonly logLevel: LogLevel;
}

/** The same as `createLogger` gives, with what changes its level. */
export function createLevelledLogger(io: Io, configured: LogLevelName): LevelledLog {
  const logger = createLogger(io, configured);
  const logLevel = new LogLevel({
    configured,
    clock: systemClock({ unref: true }),
    logger,
    apply: (level) => {
      logger.level = level;
    },
  });
  return { logger, logLevel };
}

/**
 * Says something to whoever started the server, whatever the level of the log: a line of text for people, and one of JSON like those
 * of the log where standard error is no terminal.
 */
export function announce(io: Io, text: string): void {
  if (io.stderrIsTerminal !== false) io.stderr(`reveille: ${text}\n`);
  else io.stderr(`${JSON.stringify({ level: 30, time: new Date().toISOString(), msg: text })}\n`);
}
