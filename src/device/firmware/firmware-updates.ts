// Carries out Exec on the firmware update object: download, install, and the report that is owed for it (FUMO 1.0;
// OMA-FUMO-1.0). What is under way is noted in the tree, where no server writes, so that a restart goes on with it.
import { type Clock, StoreError } from '../../core/index.ts';
import type {
  ExecOutcome,
  ExecRequest,
  ManagementTree,
  TreeReader,
  TreeTransaction,
  TreeWriter,
} from '../../tree/index.ts';
import { readDevInfo } from '../../tree/index.ts';
import { giveIdentity, identityOf } from '../account/account-notes.ts';
import type { DeviceEvent, FirmwareOperation } from '../report/events.ts';
import type { DmTlsOptions } from '../transport/dm-http-client.ts';
import { downloadPackage } from './firmware-download.ts';
import type { FirmwareInstaller, InstallResult } from './firmware-installer.ts';
import {
  addOperation,
  endOperation,
  findOperation,
  firmwareOperations,
  firmwareResults,
  firmwareRoot,
  type firmwareStates,
  forgetOperation,
  oweAnew,
  type PendingOperation,
  packageData,
  packageUrl,
  pendingOperations,
  setState,
} from './firmware-object.ts';
import { mayUpdateFirmware } from './firmware-rights.ts';

/** What updates are made with. */
export interface FirmwareHost {
  readonly tree: ManagementTree;
  readonly clock: Clock;
  /** Of downloads. */
  readonly tls?: DmTlsOptions | undefined;
  readonly maxPackageSize: number;
  readonly downloadTimeoutMs: number;
  readonly install: FirmwareInstaller;
  /** Aborts when the device stops; what is under way then goes on after its next start. */
  readonly signal: AbortSignal;
  readonly report: (event: DeviceEvent) => void;
  /** A report is due to this server. */
  readonly due: (serverId: string) => void;
}

/** Operations and reports that one object may owe. */
const mostPending = 8;
/** And all objects together. */
const mostPendingInAll = 64;
/** Octets of a correlator. */
const longestCorrelator = 255;
/** Tries of a change that meets another one of the same nodes. */
const mostTries = 5;

/** How an operation ended. */
interface Ended {
  readonly code: number;
  readonly state: keyof typeof firmwareStates;
  readonly reason?: string;
  /** Of the new firmware. */
  readonly version?: string;
  /** What PkgData holds from now on; absent: as before. */
  readonly data?: Uint8Array;
}

/** The updates of one device. */
export class FirmwareUpdates {
  readonly #host: FirmwareHost;
  readonly #running = new Map<string, Promise<void>>();
  #begun = false;

  /** Takes Execs from now on; `resume` begins the work. */
  constructor(host: FirmwareHost) {
    this.#host = host;
    for (const operation of firmwareOperations) {
      host.tree.onExec(`${firmwareRoot}/*/${operation}`, (request) => this.#exec(request, operation));
    }
    host.tree.onCommit(() => {
      // An Exec may be rolled back with its Atomic: only what was committed is begun.
      if (this.#begun) this.#beginNew();
    });
  }

  /** Begins what a server asked for before the last stop or crash, and tells which reports are due. */
  resume(): void {
    this.#begun = true;
    this.#beginNew();
    for (const { result, serverId } of pendingOperations(this.#host.tree)) {
      if (result !== undefined) this.#host.due(serverId);
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #exec(request: ExecRequest, operation: FirmwareOperation): ExecOutcome {
    const { tree, uri, serverId, correlator } = request;
    // Whatever the ACL says: it is the word of whoever added the object.
    if (!mayUpdateFirmware(tree, serverId)) {
      return {
        status: 425,
        reason: 'the server may not update the firmware of this device (firmwareServers)',
      };
    }
    const object = `${firmwareRoot}/${uri.split('/').at(-2)}`;
    if (correlator !== undefined && correlator.length > longestCorrelator) {
      return { status: 400, reason: `a correlator of more than ${longestCorrelator} characters` };
    }
    const account = identityOf(tree, serverId);
    const pending = pendingOperations(tree, object).filter((each) => !isOrphan(tree, each));
    // The status of the first time was lost: the operation runs, or its report is on the way.
    const repeated = pending.find(
      (each) =>
        correlator !== undefined &&
        each.correlator === correlator &&
        each.account === account &&
        each.operation === operation,
    );
    if (repeated !== undefined) {
      // Told in this very session, the report would be forgotten with its end, and this Exec would wait in vain.
      if (repeated.result !== undefined) oweAnew(tree, repeated);
      return { status: 202 };
    }
    if (pending.some(({ result }) => result === undefined)) {
      return { status: 503, reason: 'another operation is under way' };
    }
    if (pending.length >= mostPending || pendingOperations(tree).length >= mostPendingInAll) {
      return { status: 503, reason: 'too many reports are still due' };
    }
    const missing =
      operation === 'Update'
        ? packageData(tree, object).length === 0
        : packageUrl(tree, object, operation) === '';
    if (missing) return { status: 412, reason: 'there is no package to work with' };
    forgetOrphans(tree);
    const own = { serverId, account: giveIdentity(tree, serverId) };
    addOperation(tree, { object, operation, ...own, ...(correlator !== undefined && { correlator }) });
    setState(tree, object, operation === 'Update' ? 'updating' : 'downloading');
    return { status: 202 };
  }

  #beginNew(): void {
    for (const pending of pendingOperations(this.#host.tree)) {
      if (pending.result !== undefined || this.#running.has(pending.id)) continue;
      const running = this.#run(pending).finally(() => this.#running.delete(pending.id));
      this.#running.set(pending.id, running);
    }
  }

  /** Never rejects: an end that cannot be stored has not happened, and the operation is begun again later. */
  async #run(pending: PendingOperation): Promise<void> {
    const { object, operation, serverId } = pending;
    const { report, signal, due } = this.#host;
    report({ event: 'firmware', object, operation, stage: 'started' });
    try {
      const ended = await this.#perform(pending);
      if (signal.aborted) return;
      const { code, state, reason, version, data } = ended;
      const told = await this.#change(pending, (tree, now) => {
        if (version !== undefined) tree.set('./DevDetail/FwV', { value: version });
        if (data !== undefined && tree.node(`${now.object}/Update`) !== undefined) {
          tree.set(`${now.object}/Update/PkgData`, { format: 'bin', value: data });
        }
        setState(tree, now.object, state);
        endOperation(tree, now, code);
        forgetOrphans(tree);
      });
      report({
        event: 'firmware',
        object,
        operation,
        stage: 'ended',
        result: code,
        ...(reason !== undefined && { reason }),
        ...(version !== undefined && { version }),
      });
      if (told) due(serverId);
    } catch (error) {
      const reason = `it could not be stored: ${error instanceof Error ? error.message : String(error)}`;
      report({ event: 'firmware', object, operation, stage: 'broken', reason });
    }
  }

  async #perform(pending: PendingOperation): Promise<Ended> {
    const { operation } = pending;
    const { tree } = this.#host;
    const { object } = findOperation(tree, pending.id) ?? pending;
    if (operation === 'Update') {
      return this.#ended(await this.#install(packageData(tree, object), object), true);
    }
    // After a crash in the middle of an installation it is a download again.
    await this.#change(pending, (writer, now) => setState(writer, now.object, 'downloading'));
    const download = await downloadPackage(packageUrl(tree, object, operation), {
      ...this.#host,
      timeoutMs: this.#host.downloadTimeoutMs,
    });
    if (download.octets === undefined) {
      return { code: download.code, state: 'downloadFailed', reason: download.reason };
    }
    if (operation === 'Download') {
      return { code: firmwareResults.ok, state: 'downloaded', data: download.octets };
    }
    await this.#change(pending, (writer, now) => setState(writer, now.object, 'updating'));
    return this.#ended(await this.#install(download.octets, object), false);
  }

  async #install(octets: Uint8Array, object: string): Promise<InstallResult> {
    const { tree, install, signal } = this.#host;
    const version = String(tree.node('./DevDetail/FwV')?.value ?? '');
    try {
      return await install({ octets, object, model: readDevInfo(tree).mod, version }, signal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { installed: false, code: firmwareResults.updateFailed, reason };
    }
  }

  #ended(result: InstallResult, fromData: boolean): Ended {
    if (!result.installed) {
      const state = fromData ? 'updateFailedHaveData' : 'updateFailedNoData';
      return { code: result.code, state, reason: result.reason };
    }
    const data = fromData ? { data: new Uint8Array() } : {};
    return { code: firmwareResults.ok, state: 'updatedNoData', version: result.version, ...data };
  }

  /** Changes the tree while servers may do so too; false when the operation is not there any more. */
  async #change(
    pending: PendingOperation,
    work: (tree: TreeTransaction, now: PendingOperation) => void,
  ): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#host.tree.run((transaction) => {
          const now = findOperation(transaction, pending.id);
          if (now === undefined) return false;
          work(transaction, now);
          return true;
        });
      } catch (error) {
        const met = error instanceof StoreError && error.code === 'TREE_CONFLICT';
        if (!met || tries >= mostTries) throw error;
      }
    }
  }
}

/** True for a report that nobody can be told: the account that asked for it is gone, and one that came since did not. */
function isOrphan(tree: TreeReader, { serverId, account, result }: PendingOperation): boolean {
  return result !== undefined && identityOf(tree, serverId) !== account;
}

function forgetOrphans(tree: TreeWriter): void {
  for (const pending of pendingOperations(tree)) {
    if (isOrphan(tree, pending)) forgetOperation(tree, pending.id);
  }
}
