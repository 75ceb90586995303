// The thread that copies a database: it reads one moment of it on a connection of its own, beside the one that writes.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { CopyAnswer, CopyStart } from './copy-database.ts';

const { from, to, busyTimeoutMs } = workerData as CopyStart;

function answer(): CopyAnswer {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(from, { readOnly: true, timeout: busyTimeoutMs });
    // One transaction that reads: with a journal in WAL mode nobody who writes waits for it.
    database.prepare('VACUUM INTO ?').run(to);
    return {};
  } catch (error) {
    const errcode = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
    return { failure: error instanceof Error ? error.message : String(error), errcode };
  } finally {
    database?.close();
  }
}

parentPort?.postMessage(answer());
