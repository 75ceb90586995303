// Roads through Kannel: whether they and Kannel's configuration, where it is given, fit together.
import { Value } from 'typebox/value';
import { ValueError } from '../../core/index.ts';
import {
  type KannelRoadFacts,
  type KannelRoadFinding,
  kannelRoadFindings,
  matchKannelRoads,
} from '../../push/sms-kannel/index.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import type { Check, Finding } from '../doctor-base/finding.ts';
import { kannelSection } from '../roads/kannel-shape.ts';

const name = 'roads through kannel';

/** The check. */
export const kannelRoadsCheck: Check = {
  name,
  run({ config, kannels }) {
    if (config === undefined) return [];
    const roads = roadsOf(config.sections);
    const told = (found: readonly KannelRoadFinding[]): readonly Finding[] =>
      found.map(({ road, path, severity, text: what }) => {
        const where = `${config.file}: sms.roads.${road}${path === '' ? '' : `.${path}`}`;
        return { check: name, severity, where, what };
      });
    try {
      // With one alone, roads to other Kannels are no fault.
      if (kannels.length < 2) return told(kannelRoadFindings(roads, kannels[0]));
      const { of, idle, unreadable } = matchKannelRoads(roads, kannels);
      const found = [...of].flatMap(([road, kannel]): readonly Finding[] => {
        const own = told(kannelRoadFindings([road], kannel));
        if (kannel !== undefined || unreadable.length > 0) return own;
        const what =
          'none of the configurations of Kannel has its port or its account: give that of its Kannel too';
        return [
          ...own,
          { check: name, severity: 'note', where: `${config.file}: sms.roads.${road.name}`, what },
        ];
      });
      for (const { file } of idle) {
        const what =
          'no road leads to it: none has the port of its smsbox or an account of its sendsms-users';
        found.push({ check: name, severity: 'warning', where: file, what });
      }
      return found;
    } catch (error) {
      // A configuration of Kannel that is none is found by itself.
      if (!(error instanceof ValueError)) throw error;
      return [];
    }
  },
};

/** Those whose settings are right; of others the bindings tell. */
function roadsOf({ sms }: ServeSections): readonly KannelRoadFacts[] {
  if (sms === undefined || !('roads' in sms)) return [];
  return Object.entries(sms.roads).flatMap(([road, { kind, ...settings }]) =>
    kind === 'kannel' && Value.Check(kannelSection, settings)
      ? [{ ...settings, name: road, reports: sms.listen !== undefined }]
      : [],
  );
}
