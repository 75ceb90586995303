// The message centre of a run. What it has taken is in memory, as in `reveille smsc`: killed, it forgets that; its ids go on.
import { openSync, writeSync } from 'node:fs';
import { SmscSimulator } from '../../../src/testing/index.ts';
import { endOnFailure, readSettings, takeCommands, tellReady } from './child.ts';

/** What it is started with. */
export interface CentreSettings {
  readonly port: number;
  readonly ledger: string;
  /** A file that grows with each start, so that no id is given twice. */
  readonly firstMessage: number;
}

endOnFailure(run(readSettings<CentreSettings>()));

async function run({ port, ledger, firstMessage }: CentreSettings): Promise<void> {
  const file = openSync(ledger, 'a', 0o600);
  const centre = new SmscSimulator({
    port,
    firstMessage,
    retryMs: 300,
    validityMs: 30_000,
    onEvent: (event) => writeSync(file, `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`),
  });
  takeCommands(({ answerDelayMs, throttle, duplicate, reorder, dropAnswers, disconnect, fail }) => {
    const { faults } = centre;
    if (typeof answerDelayMs === 'number') faults.answerDelayMs = answerDelayMs;
    if (typeof throttle === 'number') faults.throttle(throttle);
    if (typeof duplicate === 'number') faults.duplicateDeliveries(duplicate);
    if (typeof reorder === 'number') faults.reorderDeliveries(reorder);
    if (typeof dropAnswers === 'number') faults.dropAnswers(dropAnswers);
    if (typeof disconnect === 'number') faults.disconnectOnSubmit(disconnect);
    if (typeof fail === 'number') faults.failDeliveries(fail);
  });
  await centre.start();
  tellReady();
}
