// The push gateway of a run: takes pushes over PAP, and carries them on as WAP push.
import { openSync, writeSync } from 'node:fs';
import { SimulatedPushGateway } from '../../../src/testing/index.ts';
import { endOnFailure, readSettings, takeCommands, tellReady } from './child.ts';

/** What it is started with. */
export interface GatewaySettings {
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly ledger: string;
  /** UDP ports by telephone number. */
  readonly routes: Readonly<Record<string, number>>;
}

endOnFailure(run(readSettings<GatewaySettings>()));

async function run({ port, username, password, ledger, routes }: GatewaySettings): Promise<void> {
  takeCommands(() => {});
  const file = openSync(ledger, 'a', 0o600);
  const gateway = await SimulatedPushGateway.start({ username, password }, port, ({ pushId, recipients }) => {
    const numbers = recipients.map(({ value }) => value);
    writeSync(file, `${JSON.stringify({ time: new Date().toISOString(), pushId, numbers })}\n`);
  });
  for (const [number, device] of Object.entries(routes)) gateway.route(number, device);
  tellReady();
}
