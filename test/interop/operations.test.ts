// docs/operations.md is this test: its blocks of shell run in their order, in one session of bash, with 10,000 simulated
// devices. What is looked at between them stands below, by the heading that a block is under.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { freePort } from './child-process.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'reveille-operations-'));
const at = (name: string): string => join(folder, 'operations', name);
const text = (name: string): string => readFileSync(at(name), 'utf8');
const lines = (name: string): readonly Wake[] =>
  text(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const count = (name: string): number => text(name).split('\n').length - 1;

/** A line about a wake, of the server or of the devices. */
interface Wake {
  readonly device: string;
  readonly sessionId: number;
  readonly event?: string;
  readonly outcome?: string;
}

/** How many devices the page has. */
const devices = Number(/--devices (\d+)/.exec(page)?.[1]);

/** A block of the page, with the heading above it. */
interface Block {
  readonly heading: string;
  readonly script: string;
}

function blocksOf(markdown: string): readonly Block[] {
  let heading = '';
  const found: Block[] = [];
  for (const [, title, script] of markdown.matchAll(/^## (.+)$|^```sh\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    if (script !== undefined) found.push({ heading, script });
  }
  return found;
}

/** One session of bash, that is given a block at a time. */
class Session {
  readonly #child: ChildProcess;
  #said = '';
  #look: () => void = () => undefined;
  #ended = false;

  constructor(path: string) {
    // A group of its own: whatever a block leaves in the background ends with it.
    this.#child = spawn('bash', ['-s'], {
      cwd: folder,
      detached: true,
      env: { ...process.env, PATH: `${path}${delimiter}${process.env.PATH ?? ''}` },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (piece: string) => {
        this.#said += piece;
        this.#look();
      });
    }
    this.#child.once('exit', () => {
      this.#ended = true;
      this.#look();
    });
    this.#child.stdin?.on('error', () => undefined);
  }

  /** Runs a block to its end, and gives what it printed. @throws when it fails, with that */
  async run({ heading, script }: Block): Promise<string> {
    const mark = `over: ${heading} ${Math.random()}`;
    const file = join(folder, 'block.sh');
    writeFileSync(file, script);
    this.#said = '';
    this.#child.stdin?.write(`source '${file}' < /dev/null; echo '${mark}'\n`);
    await new Promise<void>((resolveRun, reject) => {
      this.#look = () => {
        if (this.#said.includes(mark)) resolveRun();
        else if (this.#ended)
          reject(new Error(`the block under "${heading}" failed:\n${script}\n${this.#said}`));
      };
      this.#look();
    });
    return this.#said.replace(mark, '').trim();
  }

  /** Ends bash and whatever a block has left in the background. */
  async end(): Promise<void> {
    const { pid } = this.#child;
    const ended = this.#ended ? undefined : once(this.#child, 'exit');
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // Nobody is left of them.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
    await ended;
  }
}

const installed = join(folder, 'bin');
mkdirSync(installed);
writeFileSync(
  join(installed, 'reveille'),
  `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'bin/reveille.js')}' "$@"\n`,
);
chmodSync(join(installed, 'reveille'), 0o755);
const session = new Session(installed);
after(async () => {
  await session.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Wakes of which the copy knew no end, and whose devices had completed their session before it was put back. */
function wokenAfterTheCopy(): readonly Wake[] {
  const completed = new Set<string>();
  for (const { device, sessionId, event, outcome } of lines('fleet.ndjson')) {
    if (event === 'end' && outcome === 'completed') completed.add(`${device} ${sessionId}`);
  }
  return lines('held.ndjson').filter(({ device, sessionId }) => completed.has(`${device} ${sessionId}`));
}

/** What has to be so after a block, by its heading; `said` is what it printed. */
const looks: Readonly<Record<string, (said: string) => void>> = {
  'Wake all of them': (said) =>
    assert.match(said, new RegExp(`^${devices} taken \\(0 of them before\\), 0 refused$`, 'm')),
  Look: (said) => assert.match(said, /^reveille_queue_due\{/m),
  'A copy while it runs': () => {
    assert.equal(statSync(at('monday.sqlite')).mode & 0o777, 0o600);
  },
  Elsewhere: () => {
    assert.ok(count('held.ndjson') > devices / 4, 'the copy had a queue, and the queue is held');
  },
  'Does it agree?': (said) => {
    assert.match(said, /^0 differences$/m);
    assert.equal(count('of-the-server.tsv'), devices, 'each device has its one wake');
    assert.equal(count('of-the-devices.tsv'), devices);
    const own = text('of-the-server.tsv');
    const completed = own.match(/\ttrue$/gm)?.length ?? 0;
    assert.ok(completed > devices * 0.98, `${completed} sessions were completed`);
    const again = wokenAfterTheCopy();
    assert.ok(again.length > 0, 'some had been woken after the copy');
    for (const { device, sessionId } of again) {
      assert.ok(!own.includes(`${device}\t${sessionId}\t`), `${device} was woken under another Session-ID`);
    }
  },
};

// It took six minutes on two processors that were busy with other work.
const timeout = 1_200_000;

test('the walk of docs/operations.md holds, and in the end server and devices agree', {
  timeout,
}, async (t) => {
  const ports = [await freePort(), await freePort()];
  const blocks = blocksOf(page);
  assert.ok(blocks.length >= 12, `${blocks.length} blocks are found`);
  const unused = new Set(Object.keys(looks));
  for (const [index, { heading, script }] of blocks.entries()) {
    const own =
      index === 0 ? script.replace('8080', String(ports[0])).replace('8081', String(ports[1])) : script;
    const began = performance.now();
    const said = await session.run({ heading, script: own });
    t.diagnostic(`${heading}: ${Math.round((performance.now() - began) / 100) / 10} s`);
    if (blocks[index + 1]?.heading === heading) continue;
    looks[heading]?.(said);
    unused.delete(heading);
  }
  assert.deepEqual([...unused], [], 'headings that the page no longer has');
  assert.ok(existsSync(at('tuesday/reveille.sqlite')));
});
