// Logs in at message centres and out again, with the code of the server: whether they let the account in.
import { Value } from 'typebox/value';
import { type Examined, type Finding, type Means, tellerOf } from '../doctor-base/finding.ts';
import { openSmpp } from '../roads/smpp-road.ts';
import type { SmppSection } from '../roads/smpp-shape.ts';
import { smppSection } from '../roads/smpp-shape.ts';

const tell = tellerOf('links');

/** Longest time for a login, in milliseconds. */
const loginMs = 10_000;

/** One for each centre that `isReached`. No message is sent. */
export async function smppLogins(
  { file, sections: { sms } }: NonNullable<Examined['config']>,
  means: Means,
  isReached: (where: string) => boolean,
): Promise<readonly Finding[]> {
  const accounts: (readonly [path: string, SmppSection])[] = [];
  if (sms !== undefined && !('roads' in sms)) accounts.push(['sms', sms]);
  if (sms !== undefined && 'roads' in sms) {
    for (const [name, { kind, ...settings }] of Object.entries(sms.roads)) {
      if (kind === 'smpp' && fits(settings)) accounts.push([`sms.roads.${name}`, settings]);
    }
  }
  const each = accounts.flatMap(([path, settings]) =>
    settings.smscs.map(async (centre, index) => {
      const where = `${file}: ${path}.smscs[${index}]`;
      if (!isReached(where)) return [];
      const why = await loginTrouble({ ...settings, smscs: [centre], connections: 1 }, means);
      if (why === undefined) return [];
      const remedy =
        'check systemId, password and systemType; ask the carrier how many logins the account may have at once';
      return [tell.error(where, why, remedy)];
    }),
  );
  return (await Promise.all(each)).flat();
}

/** Why a centre does not let us in; `undefined` where it does. */
async function loginTrouble(settings: SmppSection, { clock, stop }: Means): Promise<string | undefined> {
  const heard = Promise.withResolvers<void>();
  const timer = clock.after(loginMs, heard.resolve);
  const look = (): void => {
    const open = sender
      .links()
      .filter(({ state, lastError }) => state !== 'bound' && lastError === undefined);
    if (open.length === 0) heard.resolve();
  };
  const sender = openSmpp(settings, {
    connect: true,
    onReport: undefined,
    // The state of a link is as it says a moment after it has said it.
    onTrouble: () => setImmediate(look),
    onWarning: () => {},
  });
  stop.addEventListener('abort', () => heard.resolve(), { once: true });
  try {
    await heard.promise;
    const down = sender.links().find(({ state }) => state !== 'bound');
    if (down === undefined) return undefined;
    if (down.lastError !== undefined) return down.lastError.message;
    return stop.aborted ? 'nobody waited for its answer' : `no answer within ${loginMs / 1000} s`;
  } finally {
    timer.cancel();
    await sender.close();
  }
}

function fits(settings: unknown): settings is SmppSection {
  return Value.Check(smppSection, settings);
}
