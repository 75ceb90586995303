// Runs the command line like a function, with its streams held in memory.
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';

/** What a run of the command line left. */
export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of standard output. */
  readonly lines: readonly string[];
}

/** Runs `reveille ARGS` with `stdin` piped in (nothing piped when it is absent). */
export async function runCli(
  args: readonly string[],
  options: {
    readonly stdin?: string | Uint8Array;
    readonly env?: Record<string, string>;
    readonly stop?: AbortSignal;
  } = {},
): Promise<CliResult> {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    stdin: chunks(options.stdin),
    stdinIsTerminal: options.stdin === undefined,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    columns: undefined,
    colour: false,
    env: options.env ?? {},
    stop: options.stop ?? new AbortController().signal,
  };
  const status = await run(args, io);
  const lines = stdout.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { status, stdout, stderr, lines };
}

async function* chunks(given: string | Uint8Array = ''): AsyncGenerator<Uint8Array> {
  const octets = typeof given === 'string' ? Buffer.from(given, 'utf8') : given;
  // Small pieces, so that lines and characters are cut across chunks.
  for (let at = 0; at < octets.length; at += 7) yield octets.subarray(at, at + 7);
}
