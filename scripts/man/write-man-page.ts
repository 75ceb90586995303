// Writes reveille(1) into the package.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { wholeTree } from '../../src/cli/command-table.ts';
import type { CommandNode } from '../../src/cli/completion/command-tree.ts';
import { manPage } from './man-page.ts';

const root = resolve(import.meta.dirname, '../..');

/** All commands; nothing of the world is asked. */
export async function allCommands(): Promise<CommandNode> {
  const stopped = new AbortController().signal;
  const io = {
    stdin: nothing(),
    stdinIsTerminal: false,
    stdout: () => {},
    stderr: () => {},
    columns: undefined,
    colour: false,
    env: {},
    stop: stopped,
  };
  return await wholeTree(io, async () => 0);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** The page of this release. The day is that of SOURCE_DATE_EPOCH, so that the same source makes the same page, or today. */
export async function currentManPage(): Promise<string> {
  const { version, homepage } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly homepage: string;
  };
  const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? Number.NaN);
  const day = Number.isFinite(epoch) ? new Date(epoch * 1000) : new Date();
  return manPage(await allCommands(), { version, homepage, date: day.toISOString().slice(0, 10) });
}

/** Writes `reveille.1` into a folder, which is made. */
export async function writeManPage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, 'reveille.1'), await currentManPage());
}
