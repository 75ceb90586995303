// The thread that looks through much: it reads beside the one that writes and the main one, and holds up neither.
import { parentPort, workerData } from 'node:worker_threads';
import type { Query } from '../../sql/index.ts';
import { ReadConnection } from './read-connection.ts';
import type { ScanAnswer, ScanStart } from './scan-connection.ts';

const { path, busyTimeoutMs } = workerData as ScanStart;
let connection: ReadConnection | undefined;

function answerTo(queries: readonly Query[]): ScanAnswer {
  try {
    connection ??= new ReadConnection(path, busyTimeoutMs);
    return { answers: connection.answers(queries) };
  } catch (error) {
    const errcode = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
    return { failure: error instanceof Error ? error.message : String(error), errcode };
  }
}

parentPort?.on('message', (queries: readonly Query[] | null) => {
  if (queries === null) {
    connection?.close();
    connection = undefined;
    parentPort?.postMessage({ answers: [] } satisfies ScanAnswer);
    parentPort?.close();
  } else parentPort?.postMessage(answerTo(queries));
});
