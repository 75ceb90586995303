// Whether everything that a server would connect to can be reached; with --deep, whether message centres let the account in.
import { accessSync, constants, statSync } from 'node:fs';
import { codeOf, ValueError } from '../../core/index.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import { type Check, type Finding, tellerOf } from '../doctor-base/finding.ts';
import { peerTimes } from './peer-time.ts';
import { smppLogins } from './smpp-login.ts';
import { ofUrl, type SerialPort, type Target, targetsOf } from './targets.ts';
import { tryTarget } from './try-target.ts';

const name = 'links';
const tell = tellerOf(name);

/** Connections that are tried at the same time. */
const atOnce = 32;

/** Time in milliseconds since the POSIX epoch. @throws {ValueError} for settings that cannot be */
export type UrlOfRoad = (sections: ServeSections, road: string, now: number) => URL | undefined;

/** The check. `urlOfRoad` gives the URL that a road of the kind `http` asks first, where its settings are right. */
export function linksCheck(urlOfRoad: UrlOfRoad): Check {
  return {
    name,
    async run({ config, setUp, means }) {
      if (!means.network) return [];
      const now = means.clock.now();
      const { targets, serial } =
        config === undefined
          ? { targets: [], serial: [] }
          : targetsOf(config, (road) => urlOrNone(() => urlOfRoad(config.sections, road, now)));
      if (setUp?.oidc !== undefined) {
        // Its tokens are held against keys that are fetched without settings of ours.
        const { where, url } = setUp.oidc;
        targets.push(...ofUrl({ where, caAt: 'NODE_EXTRA_CA_CERTS' }, url));
      }
      const unreachable = new Set<string>();
      const found = await inTurn(targets, async (target) => {
        const trouble = await tryTarget(target, means.clock, means.stop);
        if (trouble === undefined) return [];
        unreachable.add(target.where);
        return [tell.error(target.where, trouble.what, trouble.remedy)];
      });
      found.push(...serial.flatMap(serialFindings));
      if (!means.deep) return found;
      const reached = targets.filter(({ where }) => !unreachable.has(where));
      const isReached = (where: string): boolean => !unreachable.has(where);
      return [
        ...found,
        ...(config === undefined ? [] : await smppLogins(config, means, isReached)),
        ...(await peerTimes(reached, means)),
      ];
    },
  };
}

/** Runs `work` for all, some at a time; gives what was found in the order of the targets. */
async function inTurn(
  targets: readonly Target[],
  work: (target: Target) => Promise<readonly Finding[]>,
): Promise<Finding[]> {
  const found: (readonly Finding[])[] = [];
  const waiting = targets.entries();
  const lane = async (): Promise<void> => {
    for (const [index, target] of waiting) found[index] = await work(target);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, targets.length) }, lane));
  return found.flat();
}

function serialFindings({ where, path }: SerialPort): readonly Finding[] {
  try {
    if (!statSync(path).isCharacterDevice()) {
      return [
        tell.error(where, `${path} is no serial port`, 'name the port of the modem, as `dmesg` shows it'),
      ];
    }
    accessSync(path, constants.R_OK | constants.W_OK);
    return [];
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') {
      return [
        tell.error(
          where,
          `there is no ${path}`,
          'plug the modem in, and name its port (/dev/serial/by-id/…)',
        ),
      ];
    }
    const remedy = 'let the user of the server use it: usermod -a -G dialout USER';
    return [tell.error(where, `${path} cannot be opened (${code})`, remedy)];
  }
}

/** What is wrong with a road is found elsewhere. */
function urlOrNone(url: () => URL | undefined): URL | undefined {
  try {
    return url();
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}
