// Devices as records of CSV: columns are the fields of the JSON, with dots between names that stand in one another.
import { ValueError } from '../../core/index.ts';
import { cellOf, csvRecord } from './csv-cells.ts';

/** How a cell is read. `list`: texts with spaces between them; `json`: as in the JSON. */
type Kind = 'text' | 'list' | 'integer' | 'boolean' | 'json';

const credentials = (side: 'server' | 'client') =>
  (['scheme', 'name', 'secret', 'nonceBase64'] as const).map(
    (field) => [`${side}Credentials.${field}`, 'text'] as const,
  );

/** Columns besides labels, in the order of an export. */
const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['id', 'text'],
  ['serverId', 'text'],
  ['addresses', 'list'],
  ['format', 'text'],
  ['family', 'text'],
  ['suspended', 'boolean'],
  ...credentials('server'),
  ...credentials('client'),
  ['clientSchemes', 'list'],
  ['serverSchemes', 'list'],
  ['tlsCertificate.sha256', 'text'],
  ['notificationSecret', 'text'],
  ['digestIdentifier', 'text'],
  ['messageKeys', 'json'],
  ['firstSessionId', 'integer'],
]);

const labelPrefix = 'label.';
/** Removes what a device has. */
const nullCell = '\\N';
const guarded = /^'+[=+\-@\t\r]/;

/** A column of a file. One without a name has no values. */
export interface CsvColumn {
  readonly name: string;
  readonly kind: Kind;
  /** Names in one another. */
  readonly path: readonly string[];
}

/** The columns that a header names. @throws {ValueError} for one that is none, or stands twice, and where `id` is missing */
export function columnsOf(header: readonly string[]): readonly CsvColumn[] {
  const columns = header.map((given): CsvColumn => {
    if (given.includes('\r')) {
      const detail = 'the lines end with CR alone: save the file with lines that end with LF or CR LF';
      throw new ValueError('BAD_FORMAT', detail);
    }
    const name = given.trim();
    // Spreadsheets save columns that were used once.
    if (name === '') return { name, kind: 'text', path: [] };
    if (name.startsWith(labelPrefix)) {
      return { name, kind: 'text', path: ['labels', name.slice(labelPrefix.length)] };
    }
    const kind = kinds.get(name);
    if (kind === undefined) {
      const known = [...kinds.keys(), `${labelPrefix}NAME`].join(', ');
      throw new ValueError(
        'UNKNOWN_FIELD',
        `the header names ${JSON.stringify(name.slice(0, 64))}, no column here; the columns are ${known}`,
      );
    }
    return { name, kind, path: name.split('.') };
  });
  const named = columns.filter(({ name }) => name !== '');
  const names = new Set(named.map(({ name }) => name));
  if (names.size < named.length) throw new ValueError('OUT_OF_RANGE', 'the header names a column twice');
  if (!names.has('id')) throw new ValueError('MISSING', 'the header has to name the column id');
  return columns;
}

/**
 * The device of a record, as the JSON would have it. An empty cell is a field that is not given.
 * @throws {ValueError} for a cell that cannot be read, and for too many or too few of them
 */
export function deviceOf(columns: readonly CsvColumn[], cells: readonly string[]): object {
  if (cells.length !== columns.length) {
    throw new ValueError('BAD_FORMAT', `the record has ${cells.length} fields, the header ${columns.length}`);
  }
  const device: Record<string, unknown> = Object.create(null);
  for (const [index, { name, kind, path }] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (cell === '') continue;
    const [first, second] = path;
    if (first === undefined) {
      throw new ValueError(
        'UNKNOWN_FIELD',
        `the header does not name column ${index + 1}, where a value stands`,
      );
    }
    const value = readCell(cell, kind, name);
    if (second === undefined) device[first] = value;
    else {
      const within = (device[first] ?? Object.create(null)) as Record<string, unknown>;
      within[second] = value;
      device[first] = within;
    }
  }
  // Credentials that are removed are so as a whole.
  for (const field of ['clientCredentials', 'tlsCertificate']) {
    const within = device[field];
    if (typeof within === 'object' && within !== null && Object.values(within).every((each) => each === null))
      device[field] = null;
  }
  return device;
}

function readCell(cell: string, kind: Kind, name: string): unknown {
  if (cell === nullCell) return null;
  const text = plain(cell);
  switch (kind) {
    case 'text':
      return text;
    case 'list':
      return text.split(' ').filter((each) => each !== '');
    case 'integer':
      if (/^[0-9]{1,9}$/.test(text)) return Number(text);
      throw new ValueError('WRONG_TYPE', 'must be a number', name);
    case 'boolean':
      if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
      throw new ValueError('WRONG_TYPE', 'must be true or false', name);
    case 'json':
      try {
        return JSON.parse(text);
      } catch {
        throw new ValueError('BAD_FORMAT', 'must be JSON', name);
      }
  }
}

/** Without what `cellOf` puts before a text. */
function plain(cell: string): string {
  return guarded.test(cell) || /^\\\\+N$/.test(cell) ? cell.slice(1) : cell;
}

/** What an export has in its columns. */
export interface CsvExport {
  /** Names of labels. */
  readonly labels: readonly string[];
  /** With credentials and keys. */
  readonly secrets: boolean;
}

/** The header of an export. */
export function csvHeader({ labels, secrets }: CsvExport): string {
  return csvRecord([...namesOf(secrets), ...labels.map((name) => labelPrefix + name)]);
}

const allNames = [...kinds.keys()].filter((name) => name !== 'firstSessionId');
const plainNames = allNames.filter((name) => !/Credentials\.|^notificationSecret$|^messageKeys$/.test(name));

function namesOf(secrets: boolean): readonly string[] {
  return secrets ? allNames : plainNames;
}

/** The record of a device that is as in the JSON. */
export function csvDevice(device: Readonly<Record<string, unknown>>, { labels, secrets }: CsvExport): string {
  const of = (device.labels ?? {}) as Readonly<Record<string, unknown>>;
  return csvRecord([
    ...namesOf(secrets).map((name) => cellOf(memberOf(device, name.split('.')))),
    ...labels.map((name) => cellOf(of[name])),
  ]);
}

function memberOf(
  device: Readonly<Record<string, unknown>>,
  [first = '', second]: readonly string[],
): unknown {
  const member = device[first];
  if (second === undefined) return member;
  return (member as Readonly<Record<string, unknown>> | undefined)?.[second];
}
