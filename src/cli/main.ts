// The process: builds the world for the commands, runs one, and sets the exit status.
import { isatty } from 'node:tty';
import { askOnTerminal } from './io/ask-hidden.ts';
import type { Io } from './io/io.ts';
import { run } from './program.ts';

const stop = new AbortController();
let firstAsked = 0;
let stoppedBy: 'SIGINT' | 'SIGTERM' | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second one means now. One Ctrl-C can arrive twice: from the terminal and from the process that started this.
    if (stop.signal.aborted && performance.now() - firstAsked > 1000) {
      process.exit(signal === 'SIGINT' ? 130 : 143);
    }
    if (stop.signal.aborted) return;
    firstAsked = performance.now();
    stoppedBy = signal;
    stop.abort();
  });
}
// A reader such as `head` that closes the pipe ends the work without an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// A stream takes longer to make than a short command takes: made when it is asked for.
let stdin: typeof process.stdin | undefined;
const openStdin = (): typeof process.stdin => {
  stdin ??= process.stdin;
  return stdin;
};

const io: Io = {
  get stdin() {
    return openStdin();
  },
  stdinIsTerminal: isatty(0),
  stdout: (text) => void process.stdout.write(text),
  write: (data) =>
    new Promise((resolve, reject) => {
      process.stdout.write(data, (error) => (error == null ? resolve() : reject(error)));
    }),
  ...(isatty(0) && { askHidden: (question: string) => askOnTerminal(question, openStdin()) }),
  stderr: (text) => void process.stderr.write(text),
  stderrIsTerminal: isatty(2),
  columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
  colour: process.stdout.isTTY === true && process.stdout.hasColors() && process.env.NO_COLOR === undefined,
  env: process.env,
  stop: stop.signal,
  stoppedBy: () => stoppedBy,
  onHangUp: (listener) => {
    process.on('SIGHUP', listener);
    return () => void process.off('SIGHUP', listener);
  },
};

process.exitCode = await run(process.argv.slice(2), io);
// What still reads from it would keep the process running.
stdin?.destroy();
