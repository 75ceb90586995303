// Log lines for people at a terminal: time of day, level, what happened, and its fields.
import { printable } from '../../core/index.ts';

const levels: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/** A line of JSON as one of text; what is no line of the logger stays as it is. */
export function logText(line: string): string {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = Object(JSON.parse(line));
  } catch {
    return line;
  }
  const { level, time, msg, ...rest } = fields;
  if (typeof level !== 'number' || typeof time !== 'string') return line;
  const about = Object.entries(rest).map(([name, value]) => `${name}=${shown(value)}`);
  const parts = [time.slice(11, 23), levels[level] ?? String(level), String(msg), ...about];
  return `${printable(parts.join(' '))}\n`;
}

/** Text without blanks as it is, everything else as JSON. */
function shown(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
