// Which of several Kannels a road leads to, by what their configurations say.
import { ValueError } from '../../core/index.ts';
import type { KannelConfig } from './config-lines.ts';
import { readKannelConfig } from './read-config.ts';
import { type KannelRoadFacts, portOf } from './road-findings.ts';

/** Roads and configurations, put together. */
export interface MatchedRoads {
  /** By road, in their order; `undefined` where none fits. */
  readonly of: ReadonlyMap<KannelRoadFacts, KannelConfig | undefined>;
  /** Configurations that no road fits. */
  readonly idle: readonly KannelConfig[];
  /** Those that cannot be read as one. */
  readonly unreadable: readonly KannelConfig[];
}

/**
 * Puts roads and configurations together: a road fits the one whose smsbox takes requests at its port and has its account; where there
 * is none, one that has the port (several machines may use the same), and then one that has the account (something in between may hand
 * requests on).
 */
export function matchKannelRoads(
  roads: readonly KannelRoadFacts[],
  configs: readonly KannelConfig[],
): MatchedRoads {
  const unreadable: KannelConfig[] = [];
  const known = configs.flatMap((config) => {
    try {
      const { groups } = readKannelConfig(config);
      const named = (name: string) => groups.filter((group) => group.name === name);
      const port = named('smsbox')[0]?.settings.get('sendsms-port');
      const users = new Set(named('sendsms-user').map(({ settings }) => settings.get('username')));
      return [{ config, port, users }];
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      unreadable.push(config);
      return [];
    }
  });
  const of = new Map(
    roads.map((road) => {
      const port = portOf(road.url);
      const rank = (one: (typeof known)[number]): number =>
        (one.port !== undefined && one.port === port ? 2 : 0) + (one.users.has(road.username) ? 1 : 0);
      const best = known.reduce<(typeof known)[number] | undefined>(
        (least, one) => (rank(one) > (least === undefined ? 0 : rank(least)) ? one : least),
        undefined,
      );
      return [road, best?.config] as const;
    }),
  );
  const used = new Set(of.values());
  return { of, idle: known.map(({ config }) => config).filter((config) => !used.has(config)), unreadable };
}
