// What each process of a run shares: settings from a file, one JSON object a line on standard output, and an end of its own
// when the run that started it is gone.
import { readFileSync, writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';

/** Settings, from the file that the first argument names. The run has written them, so their shape is known. */
export function readSettings<Settings>(): Settings {
  return JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Settings;
}

/** Tells the run something, at once. */
export function tell(message: Readonly<Record<string, unknown>>): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

/** Tells the run that all is up. */
export function tellReady(more: Readonly<Record<string, unknown>> = {}): void {
  tell({ ready: true, ...more });
  // A process that is killed would leave nothing for its next start.
  flushCompileCache();
}

/** Takes commands, one JSON object a line, until standard input ends: then nobody is left to work for. */
export function takeCommands(take: (command: Readonly<Record<string, unknown>>) => void): void {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => take(JSON.parse(line) as Readonly<Record<string, unknown>>));
  lines.on('close', () => process.exit(1));
}

/** A process that cannot go on says why, and ends. */
export function endOnFailure(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  });
}
