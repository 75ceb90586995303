// Faults of the product that are planted in a copy of its source, to show that the audit of a run finds them.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A change of a file: `find` is in it exactly once. */
interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A fault. */
export interface Plant {
  readonly about: string;
  readonly edits: readonly Edit[];
  /** Rules of the audit of which one finds it at least. */
  readonly foundBy: readonly string[];
}

/** All of them, by name. */
export const plants = {
  'acknowledge-before-write': {
    about: 'writes are acknowledged up to 150 ms before they are on disk',
    edits: [
      {
        file: 'src/store/sqlite/commit/shared-transaction.ts',
        find: '  /** Resolves when it is on disk.',
        replace: `  async flush(): Promise<void> {
    if (this.#begun) await this.#ask([...this.#waiting.splice(0), { steps: [], queries: [] }]);
  }

  /** Resolves when it is on disk.`,
      },
      {
        file: 'src/store/sqlite/commit/group-commit.ts',
        find: '      await transaction.commit();\n',
        replace: `      await transaction.flush();
      group.forEach((work, index) => {
        const ending = endings[index];
        const outcome = typeof ending === 'function' ? ending() : ending;
        if (outcome === undefined || 'error' in outcome) work.reject(outcome?.error);
        else work.resolve(outcome.result);
      });
      await new Promise((written) => setTimeout(written, 150));
      return await transaction.commit();
`,
      },
    ],
    foundBy: ['lost'],
  },
  'settle-without-lease': {
    about: 'what came of a claim counts although another claim has begun',
    edits: [
      {
        file: 'src/store/push/life-cycle.ts',
        find: 'if (!isStale(current, change) && followers.includes(change.event))',
        replace: 'if (followers.includes(change.event))',
      },
    ],
    foundBy: ['older-claim'],
  },
  'session-id-twice': {
    about: 'one in twenty notifications gets the Session-ID of the one before',
    edits: [
      {
        file: 'src/store/sql/push/enqueue-set.ts',
        find: '    const next = nextSessionId(last, (candidate) => taken?.has(candidate) === true);\n',
        replace:
          '    if (last > 0 && Math.random() < 0.05) return last;\n' +
          '    const next = nextSessionId(last, (candidate) => taken?.has(candidate) === true);\n',
      },
      {
        file: 'src/store/sql/migrations/v8-pushes.ts',
        find: "('push_sessions_key', ['device_id', 'session_id'])",
        replace: "('push_sessions_key', ['push_id'])",
      },
    ],
    foundBy: ['session-id-twice'],
  },
} as const satisfies Readonly<Record<string, Plant>>;

/** Name of a fault. */
export type PlantName = keyof typeof plants;

/**
 * Makes a copy of the tree with the fault in it, as far as a server needs it; gives its root.
 * @throws {Error} when what is to be changed does not stand there once
 */
export function plantIn(folder: string, name: PlantName): string {
  const { edits }: Plant = plants[name];
  mkdirSync(folder, { recursive: true });
  for (const part of ['src', 'test/faults/children', 'package.json']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, find, replace } of edits) {
    const text = readFileSync(join(folder, file), 'utf8');
    if (text.split(find).length !== 2)
      throw new Error(`${name}: ${file} no longer has once what is to be changed`);
    writeFileSync(
      join(folder, file),
      text.replace(find, () => replace),
    );
  }
  return folder;
}
