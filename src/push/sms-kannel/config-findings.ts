// What Kannel's configuration has to hold so that messages go out as they are and reports come back (docs/bindings.md says it in
// words). Judges a kannel.conf and what it includes.

import { finding, type KannelConfigFinding, missing } from './config-finding.ts';
import type { KannelConfig } from './config-lines.ts';
import { type ConfigGroup, readKannelConfig } from './read-config.ts';
import {
  centreStartFindings,
  coreStartFindings,
  databaseStartFindings,
  databases,
  portOf,
} from './start-findings.ts';

/** Seconds for which reports should be tried again while we are away: longer than a restart takes. */
const longEnoughAway = 600;

/** Seconds between two tries, where the file does not say (what Kannel does). */
const usualDelay = 10;

/**
 * Findings of a configuration, in the order of its groups; none when all is well. Of a text alone, what it includes is not looked at.
 * @throws {ValueError} TOO_LONG, or BAD_FORMAT for what is no configuration of Kannel
 */
export function kannelConfigFindings(config: string | KannelConfig): readonly KannelConfigFinding[] {
  const { groups, faults } = readKannelConfig(config);
  const named = (name: string): readonly ConfigGroup[] => groups.filter((group) => group.name === name);
  const found: KannelConfigFinding[] = faults.map((fault) => ({ ...fault, group: '', setting: 'include' }));
  const [core] = named('core');
  if (core === undefined) found.push(missing('core', 'bearerbox does not start without it'));
  else found.push(...coreStartFindings(core), ...coreFindings(core), ...storageFindings(core, named));
  const [smsbox] = named('smsbox');
  if (smsbox === undefined) found.push(missing('smsbox', 'without an smsbox nothing takes sendsms'));
  else found.push(...smsboxFindings(smsbox));
  const users = named('sendsms-user');
  if (users.length === 0)
    found.push(missing('sendsms-user', 'it holds the username and password of our road'));
  for (const user of users) found.push(...userFindings(user));
  const centres = named('smsc');
  if (centres.length === 0) found.push(missing('smsc', 'without a centre nothing leaves'));
  for (const centre of centres) {
    found.push(...centreStartFindings(centre), ...centreFindings(centre, centres.length));
  }
  return found;
}

function coreFindings(core: ConfigGroup): readonly KannelConfigFinding[] {
  const found: KannelConfigFinding[] = [];
  if ((core.settings.get('dlr-storage') ?? 'internal') === 'internal') {
    const text =
      'reports of messages that are on their way are forgotten when bearerbox ends: use a storage that stays, such as sqlite3, mysql, pgsql or redis';
    found.push(finding('warning', core, 'dlr-storage', text));
  }
  if (!core.settings.has('store-type') && !core.settings.has('store-file')) {
    const text =
      'messages that were accepted and not sent yet are lost when bearerbox ends: set spool and a store-location';
    found.push(finding('warning', core, 'store-type', text));
  }
  return found;
}

/** What storages need: without the first two bearerbox does not start, without the last it keeps nothing. */
function storageFindings(
  core: ConfigGroup,
  named: (name: string) => readonly ConfigGroup[],
): readonly KannelConfigFinding[] {
  const { settings } = core;
  const found: KannelConfigFinding[] = [];
  const storage = settings.get('dlr-storage') ?? 'internal';
  if (databases.test(storage) && named('dlr-db').length === 0) {
    found.push(
      missing('dlr-db', 'it says where the dlr-storage is, and bearerbox does not start without it'),
    );
  }
  const [place] = named('dlr-db');
  if (place !== undefined && databases.test(storage)) {
    found.push(...databaseStartFindings(storage, place, named(`${storage}-connection`)));
  }
  if (storage === 'spool' && !settings.has('dlr-spool')) {
    const text = 'bearerbox does not start without it: the folder of the dlr-storage';
    found.push(finding('error', core, 'dlr-spool', text));
  }
  const type = settings.get('store-type');
  if (/^(?:spool|file)$/.test(type ?? '') && !settings.has('store-location') && !settings.has('store-file')) {
    const text = `with store-type = ${type} it says where messages are kept: without it those that are not sent yet are lost when bearerbox ends`;
    found.push(finding('warning', core, 'store-location', text));
  }
  return found;
}

function smsboxFindings(smsbox: ConfigGroup): readonly KannelConfigFinding[] {
  const { settings } = smsbox;
  const found: KannelConfigFinding[] = [];
  const port = portOf(settings.get('sendsms-port')) ?? 0;
  if (port < 1 || port > 65_535) {
    const text = 'without it, a port from 1 to 65535, no HTTP requests are taken';
    found.push(finding('error', smsbox, 'sendsms-port', text));
  }
  if (isTrue(settings.get('immediate-sendsms-reply'))) {
    const text = 'answers before bearerbox has the message, which may be lost unseen: leave it out';
    found.push(finding('error', smsbox, 'immediate-sendsms-reply', text));
  }
  const retries = Number(settings.get('http-request-retry') ?? 0);
  const delay = Number(settings.get('http-queue-delay') ?? usualDelay);
  if (!(retries > 0)) {
    const text =
      'reports that come while we are away are lost: set it, such as 360, and http-queue-delay, such as 10';
    found.push(finding('warning', smsbox, 'http-request-retry', text));
  } else if (!(retries * delay >= longEnoughAway)) {
    const text = `with http-queue-delay reports are tried again for less than ${longEnoughAway} s, and then lost`;
    found.push(finding('warning', smsbox, 'http-request-retry', text));
  }
  return found;
}

function userFindings(user: ConfigGroup): readonly KannelConfigFinding[] {
  const found: KannelConfigFinding[] = [];
  for (const setting of ['username', 'password']) {
    if (user.settings.has(setting)) continue;
    found.push(
      finding('error', user, setting, 'without it the group is no account, and our road is refused'),
    );
  }
  for (const setting of ['header', 'footer']) {
    if (!user.settings.has(setting)) continue;
    found.push(finding('error', user, setting, 'is added to every message, and spoils ours: leave it out'));
  }
  if (user.settings.get('max-messages') === '0') {
    found.push(finding('error', user, 'max-messages', 'lets no message out: leave it out, or set 1 or more'));
  }
  return found;
}

function centreFindings(centre: ConfigGroup, count: number): readonly KannelConfigFinding[] {
  const { settings } = centre;
  const found: KannelConfigFinding[] = [];
  if (count > 1 && !settings.has('smsc-id')) {
    const text = 'reports of several centres are told apart by it: give each its own';
    found.push(finding('warning', centre, 'smsc-id', text));
  }
  const smpp = settings.get('smsc') === 'smpp';
  if (smpp && !isTrue(settings.get('transceiver-mode')) && !settings.has('receive-port')) {
    const text = 'without it, or a receive-port, no receipts of the centre come in';
    found.push(finding('warning', centre, 'transceiver-mode', text));
  }
  return found;
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|on|1)$/i.test(value);
}
