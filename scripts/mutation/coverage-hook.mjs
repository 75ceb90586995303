// Loaded into each process of a test file: writes down which mutants the process came by.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';

const folder = process.env.REVEILLE_MUTATION_COVERAGE;
if (folder !== undefined) {
  process.on('exit', () => {
    const ids = Object.keys(globalThis.__stryker__?.mutantCoverage?.static ?? {});
    if (ids.length === 0) return;
    const name = isMainThread ? `${process.pid}` : `${process.pid}-${threadId}`;
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(ids));
  });
}
