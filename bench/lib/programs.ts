// The programs that rows run to their end, as functions.
import { join } from 'node:path';
import type { Filled, FillSpec } from '../programs/fill.ts';
import type { Loaded, LoadSpec } from '../programs/load.ts';
import type { SendSpec, Sent } from '../programs/send.ts';
import { Child, lastLineOf } from './children.ts';

const minute = 60_000;

/** Fills a database; half an hour at most. */
export async function fill(spec: FillSpec): Promise<Filled> {
  return (await lastLineOf(program('fill', spec), 30 * minute)) as Filled;
}

/** Sends what is queued in a database; half an hour at most. */
export async function send(spec: SendSpec): Promise<Sent> {
  return (await lastLineOf(program('send', spec), 30 * minute)) as Sent;
}

/** Has a campaign begin all devices of a database; half an hour at most. */
export async function begin(spec: SendSpec): Promise<Sent> {
  return (await lastLineOf(program('begin', spec), 30 * minute)) as Sent;
}

/** Loads an HTTP server; ten minutes at most. */
export async function load(spec: LoadSpec): Promise<Loaded> {
  return (await lastLineOf(program('load', spec), 10 * minute)) as Loaded;
}

/** Begins to load an HTTP server: `SIGTERM` ends it before its count, and it says what it saw. */
export function beginLoad(spec: LoadSpec): { stop(): Promise<Loaded> } {
  const child = program('load', spec);
  return {
    stop: async () => {
      child.process.kill('SIGTERM');
      return (await lastLineOf(child, minute)) as Loaded;
    },
  };
}

function program(name: string, spec: object): Child {
  const file = join(import.meta.dirname, `../programs/${name}.ts`);
  return new Child(name, process.execPath, [file, JSON.stringify(spec)]);
}
