// The layout as data: every room (folder of src/ with an index.ts as its door), what it may import, the subpath under
// which the package exports it, and the inner rooms that it is divided into. docs/architecture.md explains the rows.

/** One folder of `src/`. */
export interface Room {
  /** Folder below `src/`. */
  readonly path: string;
  /** Rooms that it may import from; a name also covers the rooms below it. */
  readonly mayImport: readonly string[];
  /** Subpath of the package's `exports`, without `./`; absent when the room is not public. */
  readonly exportAs?: string;
  /** True when the room must load in a browser, so without `node:` modules. */
  readonly portable?: boolean;
  /**
   * Folders within, the upper floor first: files of one may import those of the folders after it, never those before.
   * They have no door and no export: only this room sees them. What stands flat in the room is its face, which sees
   * all of them and is seen by none.
   */
  readonly inner?: readonly string[];
}

/** Most files that may stand flat in a room that is divided, and in each of its inner rooms. */
export const mostFlat = 15;

export const rooms: readonly Room[] = [
  { path: 'core', mayImport: [], exportAs: 'core', portable: true },
  // Modes and owners of files with secrets.
  { path: 'files', mayImport: ['core'] },
  {
    path: 'codec/xml',
    mayImport: ['core'],
    exportAs: 'xml',
    portable: true,
    inner: ['reader', 'document'],
  },
  { path: 'codec/notification', mayImport: ['core'], exportAs: 'notification', portable: true },
  { path: 'codec/wsp', mayImport: ['core'], exportAs: 'wsp', portable: true },
  { path: 'codec/sms', mayImport: ['core'], exportAs: 'sms', portable: true },
  { path: 'codec/smpp', mayImport: ['core'], exportAs: 'smpp', portable: true },
  { path: 'codec/obex', mayImport: ['core'], exportAs: 'obex', portable: true },
  { path: 'codec/wtls', mayImport: ['core'], exportAs: 'wtls', portable: true },
  { path: 'codec/sip', mayImport: ['core'], exportAs: 'sip', portable: true },
  { path: 'codec/pap', mayImport: ['core', 'codec/xml'], exportAs: 'pap', portable: true },
  { path: 'codec/wbxml', mayImport: ['core', 'codec/xml'], exportAs: 'wbxml', portable: true },
  {
    path: 'codec/syncml',
    mayImport: ['core', 'codec/xml', 'codec/wbxml'],
    exportAs: 'syncml',
    portable: true,
  },
  {
    path: 'codec/provisioning',
    mayImport: ['core', 'codec/xml', 'codec/wbxml'],
    exportAs: 'provisioning',
    portable: true,
  },
  { path: 'codec/tnds', mayImport: ['core', 'codec/xml', 'codec/wbxml'], exportAs: 'tnds', portable: true },
  // Package #0 explained to Wireshark, out of the codec's tables.
  { path: 'wireshark', mayImport: ['core', 'codec'], exportAs: 'wireshark', portable: true },
  // What deployed clients can take.
  { path: 'families', mayImport: ['core', 'codec'], exportAs: 'families', portable: true },
  // Octets explained, for people.
  {
    path: 'inspect',
    mayImport: ['core', 'codec', 'families'],
    exportAs: 'inspect',
    portable: true,
    inner: [
      'captured',
      'explain',
      'streams',
      'frames',
      'layers',
      'codings',
      'capture',
      'pasted',
      'paste-tools',
      'paste-guards',
      'paste-forms',
      'secret',
      'sensitive',
    ],
  },
  {
    path: 'security',
    mayImport: ['core', 'codec/xml', 'codec/wbxml', 'codec/syncml'],
    exportAs: 'security',
  },
  {
    path: 'tree',
    mayImport: ['core', 'codec/tnds', 'codec/provisioning'],
    exportAs: 'tree',
    inner: ['commands', 'tnds', 'workspace', 'objects', 'storage', 'access', 'node'],
  },
  {
    path: 'session',
    mayImport: ['core', 'codec', 'security', 'tree'],
    exportAs: 'session',
    inner: ['server', 'client', 'message', 'proof', 'contract'],
  },
  {
    path: 'sessionless',
    mayImport: ['core', 'codec', 'security', 'tree', 'session'],
    exportAs: 'sessionless',
  },
  { path: 'push', mayImport: ['core'], exportAs: 'push' },
  { path: 'push/wap', mayImport: ['core', 'codec', 'push'], exportAs: 'push/wap' },
  // Short messages by several roads.
  { path: 'push/sms-routes', mayImport: ['core', 'codec', 'push'], exportAs: 'push/sms-routes' },
  // A road through Kannel's sendsms.
  { path: 'push/sms-kannel', mayImport: ['core', 'codec', 'push'], exportAs: 'push/sms-kannel' },
  // What all roads of short messages share.
  {
    path: 'push/short-message',
    mayImport: ['core', 'codec', 'push'],
    exportAs: 'push/short-message',
    inner: ['report', 'segment', 'number'],
  },
  {
    path: 'push/sms',
    mayImport: ['core', 'codec', 'push'],
    exportAs: 'push/sms',
    inner: ['submit', 'receipt', 'message', 'link'],
  },
  {
    path: 'push/modem',
    mayImport: ['core', 'codec', 'push'],
    exportAs: 'push/modem',
    inner: ['manager', 'receive', 'modem', 'line'],
  },
  // Companies that take short messages over HTTP.
  {
    path: 'push/sms-http',
    mayImport: ['core', 'codec', 'push'],
    exportAs: 'push/sms-http',
    inner: ['preset', 'receipt', 'answer', 'request', 'value'],
  },
  { path: 'push/waps', mayImport: ['core', 'codec', 'push'], exportAs: 'push/waps' },
  { path: 'push/sip', mayImport: ['core', 'codec', 'push'], exportAs: 'push/sip' },
  { path: 'push/http', mayImport: ['core', 'codec', 'push'], exportAs: 'push/http' },
  { path: 'push/obex', mayImport: ['core', 'codec', 'push'], exportAs: 'push/obex' },
  { path: 'push/pap', mayImport: ['core', 'codec', 'push'], exportAs: 'push/pap' },
  // The REST API, for programs that call it.
  { path: 'client', mayImport: ['core'], exportAs: 'client', portable: true },
  // Which devices are meant, as people write it.
  { path: 'filter', mayImport: ['core'], exportAs: 'filter', portable: true },
  {
    path: 'store',
    mayImport: ['core', 'filter'],
    exportAs: 'store',
    inner: ['campaign', 'job', 'push', 'access', 'notice', 'record', 'seal'],
  },
  // Queries, tables and migrations that every SQL back end shares.
  {
    path: 'store/sql',
    mayImport: ['core', 'filter', 'store'],
    inner: [
      'campaign',
      'job',
      'push',
      'set',
      'access',
      'record',
      'notice',
      'seal',
      'migrations',
      'early-versions',
      'engine',
    ],
  },
  {
    path: 'store/sqlite',
    mayImport: ['core', 'files', 'store'],
    exportAs: 'store/sqlite',
    inner: ['copy', 'commit', 'read', 'file'],
  },
  {
    path: 'server',
    mayImport: ['core', 'filter', 'codec', 'families', 'security', 'session', 'sessionless', 'push', 'store'],
    exportAs: 'server',
    inner: [
      'access',
      'campaign',
      'campaign-rules',
      'message',
      'pap',
      'rotation',
      'listener',
      'endpoint',
      'session',
      'job',
      'record',
      'engine',
      'push',
      'warning',
      'carrier',
      'command',
      'compose',
      'webhook',
      'input',
      'metrics',
      'work',
    ],
  },
  {
    path: 'device',
    mayImport: ['core', 'files', 'codec', 'security', 'tree', 'session', 'sessionless', 'push'],
    exportAs: 'device',
    inner: [
      'provision',
      'notification',
      'message',
      'bootstrap',
      'strangers',
      'session',
      'state',
      'user',
      'firmware',
      'transport',
      'report',
      'account',
    ],
  },
  {
    path: 'fleet',
    mayImport: ['core', 'codec', 'families', 'security', 'tree', 'session', 'sessionless', 'push', 'device'],
    exportAs: 'fleet',
    inner: ['doors', 'push', 'device', 'state', 'plan', 'journal', 'mix'],
  },
  {
    path: 'api',
    mayImport: ['core', 'server', 'store'],
    exportAs: 'api',
    inner: [
      'routes',
      'describe',
      'examples',
      'running',
      'webhook',
      'feed',
      'campaign',
      'bulk',
      'access',
      'metrics',
      'shapes',
      'request',
      'host',
    ],
  },
  {
    path: 'testing',
    mayImport: [
      'core',
      'filter',
      'codec',
      'families',
      'security',
      'tree',
      'session',
      'sessionless',
      'push',
      'store',
      'server',
      'device',
      'fleet',
      'api',
    ],
    exportAs: 'testing',
    inner: [
      'store-campaign',
      'store-push',
      'store-sets',
      'store-access',
      'store-notice',
      'store',
      'bindings',
      'smsc',
      'modem',
      'peers',
      'time',
    ],
  },
  {
    path: 'cli',
    mayImport: [
      'core',
      'filter',
      'files',
      'client',
      'codec',
      'wireshark',
      'families',
      'inspect',
      'security',
      'tree',
      'session',
      'sessionless',
      'push',
      'store',
      'server',
      'device',
      'fleet',
      'api',
      'testing',
    ],
    inner: [
      'commands',
      'campaign',
      'tools',
      'completion',
      'lists',
      'devices',
      'modem',
      'doctor',
      'doctor-links',
      'doctor-doors',
      'doctor-store',
      'doctor-base',
      'demo',
      'fleet',
      'capture',
      'masks',
      'inspect',
      'decode',
      'message',
      'device',
      'serve',
      'set-up',
      'settings',
      'remote',
      'bindings',
      'roads',
      'config',
      'io',
    ],
  },
];

/** Rooms that back a store: only they, `cli` and `testing` see them; the others see the interfaces in `store`. */
export const storeBackEnds: readonly string[] = ['store/sql', 'store/sqlite'];

/** The room that holds a file, given relative to `src/`: the longest path that matches. */
export function roomOf(file: string): Room | undefined {
  let found: Room | undefined;
  for (const room of rooms) {
    if (file.startsWith(`${room.path}/`) && room.path.length > (found?.path.length ?? 0)) found = room;
  }
  return found;
}

/** The inner room of a file of this room, given relative to `src/`: undefined for what stands flat. */
export function innerOf(room: Room, file: string): string | undefined {
  const below = file.slice(room.path.length + 1).split('/');
  return below.length === 1 ? undefined : below[0];
}
