// Routes of short messages that can be, and leave something out: roads that nothing leads to, and numbers that no road is for.
import type { Check, Finding } from '../doctor-base/finding.ts';

const name = 'routes';

/** The check. */
export const routesCheck: Check = {
  name,
  run({ config }) {
    const sms = config?.sections.sms;
    if (config === undefined || sms === undefined || !('roads' in sms)) return [];
    const { roads, routes, listen } = sms;
    const where = (path: string): string => `${config.file}: sms.${path}`;
    const found: Finding[] = [];
    const used = new Set(routes.flatMap((route) => route.roads));
    for (const road of Object.keys(roads)) {
      if (used.has(road)) continue;
      const what = 'no route leads to it';
      found.push({
        check: name,
        severity: 'warning',
        where: where(`roads.${road}`),
        what,
        remedy: 'add it to a route, or take it out',
      });
    }
    if (!routes.some(({ prefix }) => prefix === '')) {
      const what = 'numbers that begin with none of the prefixes have no road, and their pushes are refused';
      found.push({
        check: name,
        severity: 'warning',
        where: where('routes'),
        what,
        remedy: 'add a route with the prefix "" if there are such numbers',
      });
    }
    if (listen !== undefined && listen.url === undefined && /^(?:0\.0\.0\.0|::)$/.test(listen.address)) {
      const what = 'carriers cannot be told where to report: the address stands for all of this machine';
      found.push({
        check: name,
        severity: 'warning',
        where: where('listen.url'),
        what,
        remedy: 'say how the port is seen from outside',
      });
    }
    return found;
  },
};
