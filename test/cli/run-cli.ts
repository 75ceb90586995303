// Runs the command line like a function, with its streams held in memory.
import type { Io } from '../../src/cli/io/io.ts';
import { run } from '../../src/cli/program.ts';

/** What a run of the command line left. */
export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of standard output. */
  readonly lines: readonly string[];
}

interface World {
  readonly stdin?: string | Uint8Array;
  readonly env?: Record<string, string>;
  readonly stop?: AbortSignal;
}

/** What a command sees of the world, and what it wrote; nothing is piped in when `stdin` is absent. */
export function testIo(world: World = {}): {
  readonly io: Io;
  readonly written: { stdout: string; stderr: string };
} {
  const written = { stdout: '', stderr: '' };
  const io: Io = {
    stdin: chunks(world.stdin),
    stdinIsTerminal: world.stdin === undefined,
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
    columns: undefined,
    colour: false,
    env: world.env ?? {},
    stop: world.stop ?? new AbortController().signal,
  };
  return { io, written };
}

/** Runs `reveille ARGS` with `stdin` piped in (nothing piped when it is absent). */
export async function runCli(args: readonly string[], world: World = {}): Promise<CliResult> {
  const { io, written } = testIo(world);
  const status = await run(args, io);
  const lines = written.stdout.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { status, ...written, lines };
}

async function* chunks(given: string | Uint8Array = ''): AsyncGenerator<Uint8Array> {
  const octets = typeof given === 'string' ? Buffer.from(given, 'utf8') : given;
  // Small pieces, so that lines and characters are cut across chunks.
  for (let at = 0; at < octets.length; at += 7) yield octets.subarray(at, at + 7);
}
