// A process that opens a store and says whether it has it, or the code of why not. It waits to be killed.
import { ReveilleError } from '../../../../src/core/index.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/index.ts';

try {
  await openSqliteStore({ file: process.argv[2] ?? '', busyTimeoutMs: 0 });
  process.stdout.write('open\n');
} catch (error) {
  process.stdout.write(`${error instanceof ReveilleError ? error.code : String(error)}\n`);
}
setInterval(() => undefined, 1000);
