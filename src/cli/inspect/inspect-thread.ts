// A thread that explains messages of a capture and gives the text for them; the one that reads the capture writes it.
import { parentPort, workerData } from 'node:worker_threads';
import { families } from '../../families/index.ts';
import { InspectOutput } from './inspect-output.ts';
import type { ThreadAnswer, ThreadRequest, ThreadStart } from './inspect-threads.ts';
import { messagesOf } from './message-batch.ts';

const { view, family, how } = workerData as ThreadStart;
const output = new InspectOutput({ ...view, ...(family === undefined ? {} : { family: families[family] }) });

parentPort?.on('message', async ({ batch, room }: ThreadRequest) => {
  for (const message of messagesOf(batch)) {
    const more = output.captured(message, how);
    if (more !== undefined) await more;
  }
  const text = output.take(room);
  const answer: ThreadAnswer = { text, failed: output.failed };
  parentPort?.postMessage(answer, [text.buffer]);
});
