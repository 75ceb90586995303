// Roads of the kind `http` out of a configuration, without opening anything.
import { Value } from 'typebox/value';
import { ValueError } from '../../core/index.ts';
import type { HttpCentreOptions } from '../../push/sms-http/index.ts';
import { pushPolicyDefaults, sendTimeoutOf } from '../../server/index.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import { describeFault } from '../config/config-fault.ts';
import { CallbackPort } from '../roads/callback-port.ts';
import { centreOptions } from '../roads/http-road.ts';
import { type HttpSection, httpSection } from '../roads/http-shape.ts';

/** Names of such roads. */
export function httpRoadNames({ sms }: ServeSections): readonly string[] {
  if (sms === undefined || !('roads' in sms)) return [];
  return Object.entries(sms.roads).flatMap(([name, { kind }]) => (kind === 'http' ? [name] : []));
}

/** What a road is made with. @throws {ValueError} for settings that do not fit their shape */
export function httpRoadOptions({ sms }: ServeSections, name: string): HttpCentreOptions {
  if (sms === undefined || !('roads' in sms)) throw new ValueError('MISSING', 'there are no roads');
  const { kind: _, ...settings } = sms.roads[name] ?? { kind: 'http' };
  if (!fits(settings)) throw new ValueError('BAD_FORMAT', describeFault(httpSection, settings));
  const { listen } = sms;
  const attemptMs = sendTimeoutOf(pushPolicyDefaults, 'sms');
  const port = listen === undefined ? undefined : new CallbackPort(listen, new Map(), () => {});
  return centreOptions(settings, { name, attemptMs, callbackUrl: () => port?.urlOf(name) });
}

function fits(settings: unknown): settings is HttpSection {
  return Value.Check(httpSection, settings);
}
