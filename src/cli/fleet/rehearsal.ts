// A few devices that are woken before a fleet there is, so that what the process needs once for all is there already when its
// memory is first looked at: code that is loaded and compiled, connections, buffers.
import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../../client/index.ts';
import { createFleet, type FleetMix, type FleetOptions, type UnwokenDevice } from '../../fleet/index.ts';
import { awaitWoken, registerFleet, wakeFleet } from './register-fleet.ts';

/** Devices that are rehearsed with, at most. */
export const mostRehearsed = 1000;

/** Devices that are named when not all were woken. */
const mostNamed = 3;

/** What a rehearsal works with. */
export interface RehearsalOptions {
  /** How many, 1 to `mostRehearsed`. */
  readonly devices: number;
  /** Of the fleet that comes after it: their devices are of its kinds, with the indexes behind its own, and without faults. */
  readonly fleet: FleetOptions;
  readonly api: ApiClient;
  readonly account: { readonly serverId: string; readonly url: string };
}

/**
 * Registers and wakes them, each once, and is done with them; they stay known to the server.
 * Gives the first of those that were not woken when `stop` ended it.
 * @throws {ReveilleError} with what the server said; {ConfigError} {ValueError} as a fleet does
 */
export async function rehearse(
  { devices, fleet: options, api, account }: RehearsalOptions,
  stop: AbortSignal,
): Promise<readonly UnwokenDevice[]> {
  const fleet = createFleet({
    ...options,
    devices,
    first: (options.first ?? 0) + options.devices,
    mix: undisturbed(options.mix ?? {}),
    // Those are the fleet's.
    stateFile: undefined,
    firstPort: undefined,
    onEvent: undefined,
  });
  const end = (): void => void fleet.stop();
  stop.addEventListener('abort', end, { once: true });
  try {
    await fleet.start();
    await registerFleet(api, fleet, account, stop);
    await wakeFleet(api, fleet, { run: randomUUID() }, stop);
    await awaitWoken(fleet, stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    stop.removeEventListener('abort', end);
    await fleet.stop();
  }
  return fleet.unwoken(mostNamed);
}

/** A mix without faults, whose message centre is asked for the numbers that are rehearsed with. */
function undisturbed({ faults: _, carriers, ...kinds }: FleetMix): FleetMix {
  if (carriers?.sms === undefined) return { ...kinds, ...(carriers && { carriers }) };
  const { addressRange: __, ...sms } = carriers.sms;
  return { ...kinds, carriers: { ...carriers, sms } };
}
