// Roads through companies that take short messages over HTTP: settings that are unwise.
import { ConfigError, ValueError } from '../../core/index.ts';
import { centreFindings } from '../../push/sms-http/index.ts';
import type { Check, Finding } from '../doctor-base/finding.ts';
import { httpRoadNames, httpRoadOptions } from './http-roads.ts';

const name = 'short messages over HTTP';

/** The check. */
export const httpRoadsCheck: Check = {
  name,
  run({ config }) {
    if (config === undefined) return [];
    const { file, sections } = config;
    return httpRoadNames(sections).flatMap((road): readonly Finding[] => {
      const where = (path: string): string => `${file}: sms.roads.${road}${path === '' ? '' : `.${path}`}`;
      try {
        return centreFindings(httpRoadOptions(sections, road)).map(({ path, what, remedy, isNote }) => ({
          check: name,
          severity: isNote === true ? 'note' : 'warning',
          where: where(path),
          what,
          remedy,
        }));
      } catch (error) {
        if (!(error instanceof ValueError) && !(error instanceof ConfigError)) throw error;
        // That it cannot be is found among the bindings.
        return [];
      }
    });
  },
};
