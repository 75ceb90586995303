// Roads through modems: what becomes of the PIN of the SIM, which nobody can see before the power has failed.
import { Value } from 'typebox/value';
import type { Check, Finding } from '../doctor-base/finding.ts';
import { modemSection } from '../roads/modem-shape.ts';

const name = 'roads through modems';

/** The check. */
export const modemRoadsCheck: Check = {
  name,
  run({ config }) {
    const sms = config?.sections.sms;
    if (config === undefined || sms === undefined || !('roads' in sms)) return [];
    return Object.entries(sms.roads).flatMap(([road, { kind, ...settings }]): readonly Finding[] => {
      // Of settings that are wrong the bindings tell.
      if (kind !== 'modem' || !Value.Check(modemSection, settings) || settings.pin === undefined) return [];
      const { pinWithoutCount = false } = settings;
      const what = pinWithoutCount
        ? 'where the modem does not know +CPINR, each start gives the PIN once more: three starts with a wrong one lock the SIM'
        : 'a modem that does not know +CPINR is not given the PIN, and its SIM stays locked after a loss of power';
      const remedy = pinWithoutCount
        ? 'see that it is the right one, or switch the PIN of that SIM off'
        : 'see what `reveille modem info` and `reveille status` say of the PIN; switch it off, or set pinWithoutCount';
      const where = `${config.file}: sms.roads.${road}.${pinWithoutCount ? 'pinWithoutCount' : 'pin'}`;
      return [{ check: name, severity: 'note', where, what, remedy }];
    });
  },
};
