// What somebody gives who asks for another level of the log.
import { type LogLevelName, logLevels, longestLogLevelSeconds, ValueError } from '../../core/index.ts';
import { InputReader } from './input-reader.ts';

/** Another level, for some time or until the process ends. */
export interface LogLevelRequest {
  readonly level: LogLevelName;
  /** 1 to 86400. */
  readonly seconds?: number;
}

/** Reads `{ level, seconds? }`. @throws {ValueError} for the first thing wrong */
export function readLogLevelRequest(value: unknown): LogLevelRequest {
  const input = new InputReader(value, 'a level of the log');
  const level = input.optionalChoice('level', logLevels);
  const seconds = input.optionalInteger('seconds', 1, longestLogLevelSeconds);
  input.end();
  if (level === undefined) {
    throw new ValueError('MISSING', `say which: one of ${logLevels.join(', ')}`, input.pathOf('level'));
  }
  return { level, ...(seconds !== undefined && { seconds }) };
}
