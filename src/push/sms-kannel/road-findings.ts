// Whether roads through Kannel and Kannel's configuration fit together: account, port, sender, and the way back of reports.
import type { KannelConfigFinding } from './config-finding.ts';
import type { KannelConfig } from './config-lines.ts';
import type { KannelRoadOptions } from './kannel-options.ts';
import { type ConfigGroup, placeOf, readKannelConfig } from './read-config.ts';

/** A road, as far as Kannel's configuration has to know of it. */
export interface KannelRoadFacts
  extends Pick<KannelRoadOptions, 'name' | 'url' | 'username' | 'password' | 'from'> {
  /** Whether there is a place where its reports come in. */
  readonly reports: boolean;
}

/** Something about a road that is not as it should be. */
export interface KannelRoadFinding extends Pick<KannelConfigFinding, 'severity' | 'text'> {
  /** Name of the road. */
  readonly road: string;
  /** Field of its section; empty where it goes for all of it. */
  readonly path: string;
}

/**
 * Findings of roads; without a configuration (a kannel.conf, or its text) those that need none. Of several roads those are held
 * against it whose port is its own, and all where none is.
 * @throws {ValueError} BAD_FORMAT for what is no configuration of Kannel
 */
export function kannelRoadFindings(
  roads: readonly KannelRoadFacts[],
  config?: string | KannelConfig,
): readonly KannelRoadFinding[] {
  const groups = config === undefined ? undefined : readKannelConfig(config).groups;
  const smsbox = groups?.find(({ name }) => name === 'smsbox');
  const port = smsbox?.settings.get('sendsms-port');
  const own = roads.filter(({ url }) => portOf(url) === port);
  const held = own.length === 0 ? roads : own;
  return roads.flatMap((road) => [
    ...wayBack(road),
    ...(groups === undefined || !held.includes(road)
      ? senderAtAll(road)
      : [...urlFindings(road, port, smsbox), ...accountFindings(road, groups, smsbox)]),
  ]);
}

function wayBack({ name, reports }: KannelRoadFacts): readonly KannelRoadFinding[] {
  if (reports) return [];
  const text = 'no reports are asked for, and pushes stay accepted: give sms.listen, where Kannel reports';
  return [{ road: name, severity: 'warning', path: '', text }];
}

const senders =
  'default-sender or faked-sender in the group sendsms-user, or global-sender in the group smsbox';

function senderAtAll({ name, from }: KannelRoadFacts): readonly KannelRoadFinding[] {
  if (from !== undefined) return [];
  const text = `Kannel refuses every push unless its configuration has ${senders}: set from, or see to one of those`;
  return [{ road: name, severity: 'warning', path: 'from', text }];
}

/** Where smsbox takes requests, unless its `sendsms-url` says otherwise; it compares the whole path. */
const usualPath = '/cgi-bin/sendsms';

function urlFindings(
  { name, url }: KannelRoadFacts,
  port: string | undefined,
  smsbox: ConfigGroup | undefined,
): readonly KannelRoadFinding[] {
  const ours = portOf(url);
  if (port === undefined || ours === undefined) return [];
  const found = (severity: KannelRoadFinding['severity'], text: string): readonly KannelRoadFinding[] => [
    { road: name, severity, path: 'url', text },
  ];
  if (ours !== port) {
    const text = `its port is ${ours}, and smsbox takes requests at ${port}: right only where something in between hands them on`;
    return found('warning', text);
  }
  if (new URL(url).pathname === (smsbox?.settings.get('sendsms-url') ?? usualPath)) return [];
  const wanted = smsbox?.settings.has('sendsms-url') === true ? 'its sendsms-url' : usualPath;
  return found(
    'error',
    `its path is not ${wanted}, where smsbox takes requests: it answers 404 to every push`,
  );
}

function accountFindings(
  { name, username, password, from }: KannelRoadFacts,
  groups: readonly ConfigGroup[],
  smsbox: ConfigGroup | undefined,
): readonly KannelRoadFinding[] {
  const user = groups.find(
    (group) => group.name === 'sendsms-user' && group.settings.get('username') === username,
  );
  if (user === undefined) {
    const text = 'no group sendsms-user has this username: Kannel refuses every push';
    return [{ road: name, severity: 'error', path: 'username', text }];
  }
  const found: KannelRoadFinding[] = [];
  if (user.settings.get('password') !== password) {
    const text = `is not that of the group sendsms-user in ${placeOf(user)}: Kannel refuses every push`;
    found.push({ road: name, severity: 'error', path: 'password', text });
  }
  const sender = [
    user.settings.get('default-sender'),
    user.settings.get('faked-sender'),
    smsbox?.settings.get('global-sender'),
  ];
  if (from === undefined && sender.every((one) => one === undefined)) {
    const text = `Kannel refuses every push for want of a sender: set from, or ${senders}`;
    found.push({ road: name, severity: 'error', path: 'from', text });
  }
  return found;
}

/** The port of a URL, also where it does not say it; `undefined` for what is none. */
export function portOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { port, protocol } = new URL(text);
  if (port !== '') return port;
  return protocol === 'https:' ? '443' : '80';
}
