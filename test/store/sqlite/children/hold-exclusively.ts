// A process that opens a database as the releases up to version 8 of the database do, and says whether it has it. It waits to
// be killed.
import { DatabaseSync } from 'node:sqlite';

try {
  const database = new DatabaseSync(process.argv[2] ?? '', { timeout: 0 });
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('BEGIN IMMEDIATE; COMMIT');
  process.stdout.write('open\n');
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
setInterval(() => undefined, 1000);
