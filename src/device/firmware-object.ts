// The firmware update object (FUMO 1.0; OMA-FUMO-1.0) in the device's tree, with the operations that it owes.
import type { TreeReader, TreeWriter } from '../tree/index.ts';

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
export const firmwareOperations = ['Download', 'Update', 'DownloadAndUpdate'] as const;

/** One of them. */
export type FirmwareOperation = (typeof firmwareOperations)[number];

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

/** An operation that a server began. It is in the tree from its Exec until its report has been taken. */
export interface PendingOperation {
  /** Node that holds it. */
  readonly uri: string;
  /** The firmware update object: `./FwUpdate/Main`. */
  readonly object: string;
  readonly operation: FirmwareOperation;
  /** Who is told the end. */
  readonly serverId: string;
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

/** All operations of all objects, or of one; in the order in which they began. */
export function pendingOperations(tree: TreeReader, only?: string): readonly PendingOperation[] {
  const objects =
    only === undefined
      ? [...(tree.node(firmwareRoot)?.children?.keys() ?? [])].map((name) => `${firmwareRoot}/${name}`)
      : [only];
  return objects.flatMap((object) => {
    const folder = `${object}/Ext/Operations`;
    const names = [...(tree.node(folder)?.children?.keys() ?? [])].sort((a, b) => Number(a) - Number(b));
    return names.flatMap((name) => readOperation(tree, object, `${folder}/${name}`));
  });
}

function readOperation(tree: TreeReader, object: string, uri: string): PendingOperation[] {
  const text = (name: string): string | undefined => {
    const value = tree.node(`${uri}/${name}`)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const operation = firmwareOperations.find((each) => each === text('Operation'));
  const serverId = text('ServerID');
  if (operation === undefined || serverId === undefined) return [];
  const [correlator, result] = [text('Correlator'), text('Result')];
  return [
    {
      uri,
      object,
      operation,
      serverId,
      ...(correlator !== undefined && { correlator }),
      ...(result !== undefined && { result: Number(result) }),
    },
  ];
}

/**
 * Puts an operation into the tree, and gives the node that holds it.
 * @throws {ValueError} for a correlator that XML cannot carry
 */
export function addOperation(tree: TreeWriter, pending: Omit<PendingOperation, 'uri' | 'result'>): string {
  const { object, operation, serverId, correlator } = pending;
  const folder = `${object}/Ext/Operations`;
  const last = Math.max(0, ...[...(tree.node(folder)?.children?.keys() ?? [])].map(Number));
  const uri = `${folder}/${last + 1}`;
  tree.set(`${uri}/Operation`, { value: operation });
  tree.set(`${uri}/ServerID`, { value: serverId });
  if (correlator !== undefined) tree.set(`${uri}/Correlator`, { value: correlator });
  return uri;
}

/** Notes how an operation ended: its report is due. */
export function endOperation(tree: TreeWriter, { uri }: Pick<PendingOperation, 'uri'>, result: number): void {
  tree.set(`${uri}/Result`, { format: 'int', value: String(result) });
}

/** Makes a report that is due a new one under another node: a session that told the old one does not settle it. */
export function oweAnew(tree: TreeWriter, pending: PendingOperation, result: number): void {
  endOperation(tree, { uri: addOperation(tree, pending) }, result);
  tree.remove(pending.uri);
}
