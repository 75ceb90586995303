// What bearerbox does not start with, each tried with Kannel 1.4.5.
import { finding, type KannelConfigFinding } from './config-finding.ts';
import type { ConfigGroup } from './read-config.ts';

const noStart = 'bearerbox does not start';

/** Storages of reports that are a database, and have a group that says which. What a build lacks of them is not known here. */
export const databases = /^(?:mysql|pgsql|redis|sqlite3|oracle|mssql|sdb|cassandra)$/;

/** Of those, the ones whose group names another by its id: how the database is reached. */
const connected = /^(?:mysql|pgsql|redis|sqlite3|mssql)$/;

/** Those that need none. */
const storages = /^(?:internal|spool)$/;

/** Stores of messages. */
const stores = /^(?:file|spool|redis)$/;

/** Kinds of centres: those of 1.4.5, and two that other versions and builds have. */
const centres = /^(?:at|cgw|cimd|cimd2|emi|emi_x25|fake|http|ois|oisd|sema|smasi|smpp|loopback|soap)$/;

/** What a kind of centre cannot be without. An empty value is one; either of two will do. */
const needed: Readonly<Record<string, readonly (readonly string[])[]>> = {
  smpp: [['host'], ['smsc-username', 'system-id'], ['smsc-password'], ['system-type']],
  fake: [['port']],
};

/** Of the group core. */
export function coreStartFindings(core: ConfigGroup): readonly KannelConfigFinding[] {
  const { settings } = core;
  const found: KannelConfigFinding[] = [];
  const error = (setting: string, text: string): void =>
    void found.push(finding('error', core, setting, text));
  for (const setting of ['admin-port', 'smsbox-port']) {
    if (portOf(settings.get(setting)) === undefined) error(setting, `${noStart} without it, a number`);
  }
  if (!settings.has('admin-password')) error('admin-password', `${noStart} without it`);
  const storage = settings.get('dlr-storage') ?? 'internal';
  if (!storages.test(storage) && !databases.test(storage)) {
    error(
      'dlr-storage',
      `${noStart} with what it does not know: use sqlite3, mysql, pgsql, redis or spool, such`,
    );
  }
  const store = settings.get('store-type');
  if (store !== undefined && !stores.test(store)) {
    error('store-type', `${noStart} with what is neither spool, file nor redis`);
  }
  return found;
}

/** Of a group smsc. */
export function centreStartFindings(centre: ConfigGroup): readonly KannelConfigFinding[] {
  const { settings } = centre;
  const kind = settings.get('smsc');
  if (kind === undefined) return [finding('error', centre, 'smsc', `${noStart} without it, such as smpp`)];
  if (!centres.test(kind)) {
    return [finding('error', centre, 'smsc', `${noStart} with a kind of centre that it does not have`)];
  }
  const lacking = (needed[kind] ?? []).filter((names) => !names.some((name) => settings.has(name)));
  return lacking.map(([setting = '']) =>
    finding('error', centre, setting, `a centre of this kind needs it, and ${noStart} without`),
  );
}

/** What the group dlr-db says, whatever the database: its table, and how the columns are called. */
const neededOfPlace = [
  'table',
  'field-smsc',
  'field-timestamp',
  'field-source',
  'field-destination',
  'field-service',
  'field-url',
  'field-mask',
  'field-status',
  'field-boxc-id',
];

const overNetwork = ['host', 'username', 'password', 'database'];

/** What says how a database is reached, by the kind of it. */
const neededOfConnection: Readonly<Record<string, readonly string[]>> = {
  sqlite3: ['database'],
  mysql: overNetwork,
  pgsql: overNetwork,
  redis: ['host', 'port'],
};

/** Of the group dlr-db of a storage that is a database, and of the groups that may say how it is reached. */
export function databaseStartFindings(
  storage: string,
  place: ConfigGroup,
  connections: readonly ConfigGroup[],
): readonly KannelConfigFinding[] {
  const lacking = (group: ConfigGroup, needed: readonly string[]): readonly KannelConfigFinding[] =>
    needed
      .filter((setting) => !group.settings.has(setting))
      .map((setting) => finding('error', group, setting, `${noStart} without it`));
  const found = lacking(place, neededOfPlace);
  if (!connected.test(storage)) return found;
  const id = place.settings.get('id');
  const connection = connections.find(({ settings }) => id !== undefined && settings.get('id') === id);
  if (connection !== undefined) return [...found, ...lacking(connection, neededOfConnection[storage] ?? [])];
  const text = `${noStart} unless it is that of a group ${storage}-connection`;
  return [...found, finding('error', place, 'id', text)];
}

/** The number that a value begins with, as Kannel reads it; `undefined` for none. */
export function portOf(value: string | undefined): number | undefined {
  const [digits] = /^\s*[+-]?(?:0x[0-9a-f]+|[0-9]+)/i.exec(value ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}
