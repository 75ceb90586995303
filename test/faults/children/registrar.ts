// The SIP registrar and proxy of a run. Killed, it forgets who is registered.
import { SimulatedRegistrar } from '../../../src/testing/index.ts';
import { endOnFailure, readSettings, takeCommands, tellReady } from './child.ts';

/** What it is started with. */
export interface RegistrarSettings {
  readonly port: number;
  readonly domain: string;
}

endOnFailure(run(readSettings<RegistrarSettings>()));

async function run({ port, domain }: RegistrarSettings): Promise<void> {
  takeCommands(() => {});
  // Devices come back soon after it has forgotten them.
  const registrar = await SimulatedRegistrar.start({ port, domain, maxExpires: 6 });
  // It keeps every request for tests; here nobody asks.
  setInterval(() => registrar.requests.splice(0), 1000);
  tellReady();
}
