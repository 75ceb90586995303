// The state that devices of one kind begin with. One of each kind is provisioned as any device is; the others differ by their
// values alone, which are put in where its own stood.
import { type Clock, systemClock } from '../../core/index.ts';
import { memoryState, provisionDevice } from '../../device/index.ts';
import { seededOctets } from '../mix/seeded.ts';
import { type FleetPlan, provisioningOf } from '../plan/fleet-plan.ts';

/** Values that stand in a template once each. */
type Values = Pick<
  FleetPlan,
  'id' | 'user' | 'clientSecret' | 'serverSecret' | 'clientNonce' | 'serverNonce'
>;

// Nothing else in a state looks like these.
const marks: Values = {
  id: 'IMEI:000000000000000',
  user: 'fleet-template-user',
  clientSecret: seededOctets(0, 'template', 'client').toString('hex', 0, 16),
  serverSecret: seededOctets(0, 'template', 'server').toString('hex', 0, 16),
  clientNonce: seededOctets(0, 'template', 'client nonce').toString('base64', 0, 16),
  serverNonce: seededOctets(0, 'template', 'server nonce').toString('base64', 0, 16),
};
const names = Object.keys(marks) as (keyof Values)[];

/** Time stamps of everything that a device begins with: the same in each run. */
const bornMs = Date.UTC(2026, 0, 1);

/** Makes the first states of a fleet's devices. */
export class StateTemplates {
  readonly #serverId: string;
  readonly #dmUrl: string;
  readonly #kinds = new Map<string, Promise<readonly (string | keyof Values)[]>>();

  constructor(serverId: string, dmUrl: string) {
    this.#serverId = serverId;
    this.#dmUrl = dmUrl;
  }

  /** The state document that the device is provisioned with, as JSON. @throws {ValueError} for what cannot be provisioned */
  async textFor(plan: FleetPlan): Promise<string> {
    const parts = await this.#kind(plan);
    let text = '';
    for (const [at, part] of parts.entries()) text += at % 2 === 0 ? part : plan[part as keyof Values];
    return text;
  }

  #kind(plan: FleetPlan): Promise<readonly (string | keyof Values)[]> {
    const key = `${plan.clientScheme} ${plan.serverScheme}`;
    let parts = this.#kinds.get(key);
    if (parts === undefined) {
      parts = provisionedText({ ...plan, ...marks }, this.#serverId, this.#dmUrl).then(splitAtMarks);
      this.#kinds.set(key, parts);
    }
    return parts;
  }
}

/** The state of a device that is provisioned for itself, as JSON. */
export async function provisionedText(plan: FleetPlan, serverId: string, dmUrl: string): Promise<string> {
  const storage = memoryState();
  const clock: Clock = { ...systemClock(), now: () => bornMs };
  await provisionDevice(storage, provisioningOf(plan, serverId, dmUrl), { clock });
  return JSON.stringify(storage.load());
}

/** Texts and names of values in turns, texts first and last. */
function splitAtMarks(text: string): readonly (string | keyof Values)[] {
  const parts: (string | keyof Values)[] = [];
  let rest = text;
  while (rest !== '') {
    const found = names
      .map((name) => ({ name, at: rest.indexOf(marks[name]) }))
      .filter(({ at }) => at >= 0)
      .sort((one, other) => one.at - other.at)[0];
    if (found === undefined) break;
    parts.push(rest.slice(0, found.at), found.name);
    rest = rest.slice(found.at + marks[found.name].length);
  }
  return [...parts, rest];
}
