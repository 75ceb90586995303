// The firmware update object (FUMO 1.0; OMA-FUMO-1.0) in the device's tree, and what the device notes on it: the operations
// under way, and the reports that it owes.
import { randomUUID } from 'node:crypto';
import type { TreeReader, TreeWriter } from '../../tree/index.ts';
import type { FirmwareOperation } from '../report/events.ts';

/** Where firmware update objects stand. */
export const firmwareRoot = './FwUpdate';

const firmwareType = 'urn:oma:mo:oma-fumo:1.0';

/** Values of State (FUMO 1.0 §5). */
export const firmwareStates = {
  idle: 10,
  downloadFailed: 20,
  downloading: 30,
  downloaded: 40,
  readyToUpdate: 50,
  updating: 60,
  updateFailedHaveData: 70,
  updateFailedNoData: 80,
  updatedHaveData: 90,
  updatedNoData: 100,
} as const;

/** Nodes that can be executed. */
export const firmwareOperations: readonly FirmwareOperation[] = ['Download', 'Update', 'DownloadAndUpdate'];

/** Result codes of the final alert that the device gives by itself (FUMO 1.0 §8.2.3). */
export const firmwareResults = {
  ok: 200,
  clientError: 400,
  corrupt: 402,
  deviceMismatch: 403,
  notAcceptable: 405,
  authentication: 406,
  timeout: 407,
  updateFailed: 410,
  badUrl: 411,
  serverError: 500,
  serverUnavailable: 501,
} as const;

/** An operation that a server began. The device notes it on the object from its Exec until its report has been taken. */
export interface PendingOperation {
  /** Which one it is, whatever becomes of the object's name. */
  readonly id: string;
  /** The firmware update object as it is called now: `./FwUpdate/Main`. */
  readonly object: string;
  readonly operation: FirmwareOperation;
  /** Who is told the end. */
  readonly serverId: string;
  /** Which account of that server began it: `identityOf`. */
  readonly account: string;
  readonly correlator?: string;
  /** Result code; absent while it runs. */
  readonly result?: number;
}

/** Adds a firmware update object, idle, that the servers given may use. @throws {ValueError} for a name that is none */
export function writeFirmwareObject(tree: TreeWriter, name: string, serverIds: readonly string[]): void {
  const object = `${firmwareRoot}/${name}`;
  const ids = serverIds.join('+');
  // Nobody but the owners of the accounts may change the firmware; without an account nobody does.
  const owners = ids === '' ? '' : `Add=${ids}&Delete=${ids}&Exec=${ids}&Replace=${ids}&`;
  tree.set(firmwareRoot, { format: 'node' });
  tree.set(object, { format: 'node', type: firmwareType, acl: `${owners}Get=*` });
  tree.set(`${object}/PkgName`, { value: '' });
  tree.set(`${object}/PkgVersion`, { value: '' });
  tree.set(`${object}/Download`, { format: 'node' });
  tree.set(`${object}/Download/PkgURL`, { value: '' });
  tree.set(`${object}/Update`, { format: 'node' });
  tree.set(`${object}/Update/PkgData`, { format: 'bin', value: new Uint8Array() });
  tree.set(`${object}/DownloadAndUpdate`, { format: 'node' });
  tree.set(`${object}/DownloadAndUpdate/PkgURL`, { value: '' });
  setState(tree, object, 'idle');
}

/** Sets State. */
export function setState(tree: TreeWriter, object: string, state: keyof typeof firmwareStates): void {
  const value = String(firmwareStates[state]);
  if (tree.node(`${object}/State`)?.value !== value) tree.set(`${object}/State`, { format: 'int', value });
}

/** The package that a server put there, or a download left there; empty when there is none. */
export function packageData(tree: TreeReader, object: string): Uint8Array {
  const value = tree.node(`${object}/Update/PkgData`)?.value;
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** The address of the package for a download; empty when the server gave none. */
export function packageUrl(tree: TreeReader, object: string, operation: FirmwareOperation): string {
  const value = tree.node(`${object}/${operation}/PkgURL`)?.value;
  return typeof value === 'string' ? value : '';
}

const notePrefix = 'operation ';

/** All operations of all objects, or of one; in the order in which they began. */
export function pendingOperations(tree: TreeReader, only?: string): readonly PendingOperation[] {
  return (only === undefined ? objectsOf(tree) : [only])
    .flatMap((object) => notedOperations(tree, object))
    .sort((a, b) => a.order - b.order)
    .map(({ pending }) => pending);
}

/** An operation by its `id`, wherever its object is now; `undefined` when it is over, or its object gone. */
export function findOperation(tree: TreeReader, id: string): PendingOperation | undefined {
  return pendingOperations(tree).find((pending) => pending.id === id);
}

function objectsOf(tree: TreeReader): readonly string[] {
  return [...(tree.node(firmwareRoot)?.children?.keys() ?? [])].map((name) => `${firmwareRoot}/${name}`);
}

interface NotedOperation {
  /** Later ones have higher numbers. */
  readonly order: number;
  readonly pending: PendingOperation;
}

function notedOperations(tree: TreeReader, object: string): readonly NotedOperation[] {
  const notes = [...(tree.node(object)?.notes ?? [])].filter(([name]) => name.startsWith(notePrefix));
  return notes.flatMap(([name, text]) => readNote(name.slice(notePrefix.length), object, text));
}

// A note that makes no sense, as after an edit of the state file by hand, is no operation.
function readNote(id: string, object: string, text: string): readonly NotedOperation[] {
  const { order, operation, serverId, account, correlator, result } = fieldsOf(text);
  const known = firmwareOperations.find((each) => each === operation);
  if (known === undefined || typeof order !== 'number') return [];
  if (typeof serverId !== 'string' || typeof account !== 'string') return [];
  const pending: PendingOperation = {
    id,
    object,
    operation: known,
    serverId,
    account,
    ...(typeof correlator === 'string' && { correlator }),
    ...(typeof result === 'number' && { result }),
  };
  return [{ order, pending }];
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    // A number or a text has none of them either.
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

function note(tree: TreeWriter, order: number, { id, object, ...rest }: PendingOperation): void {
  tree.setNote(object, `${notePrefix}${id}`, JSON.stringify({ order, ...rest }));
}

/** Notes an operation on its object, and gives its `id`. @throws {ValueError} when there is no such object */
export function addOperation(tree: TreeWriter, pending: Omit<PendingOperation, 'id'>): string {
  const id = randomUUID();
  const noted = objectsOf(tree).flatMap((object) => notedOperations(tree, object));
  note(tree, Math.max(0, ...noted.map(({ order }) => order)) + 1, { ...pending, id });
  return id;
}

/** Notes how an operation ended: its report is due. */
export function endOperation(tree: TreeWriter, { id, object }: PendingOperation, result: number): void {
  const noted = notedOperations(tree, object).find(({ pending }) => pending.id === id);
  if (noted !== undefined) note(tree, noted.order, { ...noted.pending, result });
}

/** Forgets an operation; does nothing when it is gone. */
export function forgetOperation(tree: TreeWriter, id: string): void {
  const pending = findOperation(tree, id);
  if (pending !== undefined) tree.setNote(pending.object, `${notePrefix}${id}`, undefined);
}

/** Makes a report that is due a new one: a session that told the old one does not settle it. */
export function oweAnew(tree: TreeWriter, pending: PendingOperation): void {
  addOperation(tree, pending);
  forgetOperation(tree, pending.id);
}
