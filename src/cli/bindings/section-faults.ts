// What `serve` would refuse of a configuration of bindings, found by making everything as it does and opening nothing.
import { ConfigError, ValueError } from '../../core/index.ts';
import { routeFaults } from '../../push/sms-routes/index.ts';
import { CallbackPort } from '../roads/callback-port.ts';
import type { SmsRoadsSection } from '../roads/roads-shape.ts';
import { resultListener } from './open-bindings.ts';
import { checkPapEndpoint } from './open-pap-endpoint.ts';
import { openSender, type SectionName } from './open-senders.ts';
import type { SenderSections } from './sender-shapes.ts';
import type { ServeSections } from './serve-shapes.ts';

/** A setting that cannot be. */
export interface SectionFault {
  /** Where it stands, such as `sms.roads.acme.port`; at least the section. */
  readonly path: string;
  /** What is wrong; without secrets. */
  readonly what: string;
}

/** All of them: one of each section, of each road, of each place where carriers report; every one of the routes. */
export async function sectionFaults({
  papEndpoint,
  ...sections
}: ServeSections): Promise<readonly SectionFault[]> {
  const found: SectionFault[] = [];
  for (const name of Object.keys(sections) as SectionName[]) {
    const section = sections[name];
    if (section === undefined) continue;
    if (name === 'sms' && 'roads' in section) found.push(...(await roadsFaults(section)));
    else found.push(...(await faultsOf(name, () => tryOut(name, sections))));
  }
  if (papEndpoint !== undefined) {
    found.push(...(await faultsOf('papEndpoint', () => checkPapEndpoint(papEndpoint))));
  }
  return found;
}

/** Each road by itself, so that one does not hide what is wrong with the next. */
async function roadsFaults({ roads, routes, listen }: SmsRoadsSection): Promise<readonly SectionFault[]> {
  const found: SectionFault[] = [];
  if (listen !== undefined) {
    found.push(...(await faultsOf('sms.listen', () => void new CallbackPort(listen, new Map(), () => {}))));
  }
  const place = found.length === 0 && listen !== undefined ? { listen } : {};
  for (const [name, road] of Object.entries(roads)) {
    const alone = { sms: { roads: { [name]: road }, routes: [{ prefix: '', roads: [name] }], ...place } };
    found.push(...(await faultsOf('sms', () => tryOut('sms', alone), `sms.roads.${name}`)));
  }
  for (const { path, detail } of routeFaults(routes, Object.keys(roads))) {
    found.push({ path: `sms.${path}`, what: detail });
  }
  return found;
}

/** Makes a binding and closes it again. */
async function tryOut(name: SectionName, sections: SenderSections): Promise<void> {
  const { binding, pap } = openSender(name, sections, { connect: false, onReport: () => {} });
  try {
    const place = sections.pap?.listen;
    if (pap !== undefined && place !== undefined) resultListener(pap, place, {});
  } finally {
    await binding.close();
  }
}

async function faultsOf(
  section: string,
  make: () => Promise<void> | void,
  otherwise = section,
): Promise<readonly SectionFault[]> {
  try {
    await make();
    return [];
  } catch (error) {
    const value = error instanceof ConfigError && error.cause !== undefined ? error.cause : error;
    if (value instanceof ValueError) {
      const path = value.path === '' ? otherwise : `${section}.${value.path}`;
      return [{ path, what: value.detail }];
    }
    if (error instanceof ConfigError)
      return [{ path: otherwise, what: error.message.replace(`${otherwise}.`, '') }];
    throw error;
  }
}
