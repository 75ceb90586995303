// The devices of a run, all in one process. Each line of the journal is with the system before anything follows from what it
// says, so a process that is killed has told all that it did.
import { openSync, writeSync } from 'node:fs';
import { createFleet, type FleetMix } from '../../../src/fleet/index.ts';
import { endOnFailure, readSettings, takeCommands, tell, tellReady } from './child.ts';

/** What it is started with. */
export interface FleetSettings {
  readonly devices: number;
  readonly seed: number;
  readonly firstPort: number;
  readonly mix: FleetMix;
  readonly dmUrl: string;
  readonly serverId: string;
  readonly stateFile: string;
  readonly journal: string;
}

endOnFailure(run(readSettings<FleetSettings>()));

async function run({ journal, ...options }: FleetSettings): Promise<void> {
  const file = openSync(journal, 'a', 0o600);
  const fleet = createFleet({
    ...options,
    backOff: { attempts: 4, firstMs: 300, longestMs: 2000 },
    // An hour's faults happen in a minute, and each nonce that gets out of step takes one.
    replay: { maxResynchronisations: 1000 },
    http: { responseTimeoutMs: 20_000 },
    onEvent: (event) => writeSync(file, `${JSON.stringify(event)}\n`),
    onError: (error) => process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`),
  });
  takeCommands(({ kill, revive }) => {
    if (typeof kill === 'number') fleet.kill(kill);
    if (typeof revive === 'number') fleet.revive(revive);
  });
  await fleet.start();
  const devices = [...fleet.records()].map((record) => {
    const { index, id, binding, number, port } = fleet.device(record.id);
    return { index, id, binding, number, port, record };
  });
  tellReady({ devices });
  void fleet.ready().then(() => tell({ known: true }));
}
