// The state document of a device: its tree and what it remembers of its servers.
import { ConfigError } from '../../core/index.ts';
import type { RememberedNotification, ServerMemory } from './replay-memory.ts';

/**
 * What the state file holds, as JSON. Version 1 kept what the device knows by itself in nodes of the tree, where programs
 * that write version 1 would not find it any more: they refuse version 2.
 */
export interface DeviceStateDocument {
  readonly format: 'reveille-device';
  readonly version: 2;
  /** Snapshot of the management tree, accounts, secrets and nonces included. */
  readonly tree: unknown;
  /** By server identifier. */
  readonly servers: Readonly<Record<string, ServerMemory>>;
}

/** Builds the document. */
export function stateDocument(
  tree: unknown,
  servers: ReadonlyMap<string, ServerMemory>,
): DeviceStateDocument {
  return { format: 'reveille-device', version: 2, tree, servers: Object.fromEntries(servers) };
}

/**
 * Reads a document; `name` says in errors where it comes from. The tree is not looked at.
 * @throws {ConfigError} when it is missing, not one of ours, of a later version, or damaged
 */
export function readStateDocument(
  value: unknown,
  name: string,
): { readonly version: 1 | 2; readonly tree: unknown; readonly servers: Map<string, ServerMemory> } {
  if (value === undefined) throw new ConfigError(`${name} does not exist yet; provision the device first`);
  if (!isRecord(value) || value.format !== 'reveille-device') {
    throw new ConfigError(`${name} is not the state of a device; give the right file`);
  }
  const { version, servers, tree } = value;
  if (version !== 1 && version !== 2) {
    throw new ConfigError(
      `${name} has version ${JSON.stringify(version)}, this program reads 1 and 2; use a program that fits`,
    );
  }
  if (!isRecord(servers)) throw damaged(name, 'servers');
  const memories = new Map<string, ServerMemory>();
  for (const [serverId, memory] of Object.entries(servers)) {
    if (!isMemory(memory)) throw damaged(name, `servers[${JSON.stringify(serverId)}]`);
    memories.set(serverId, memory);
  }
  return { version, tree, servers: memories };
}

/** An error about a part of the state that makes no sense. */
export function damaged(name: string, part: string, cause?: unknown): ConfigError {
  const message = `${name} is damaged at ${part}; restore it from a copy, or provision the device again`;
  return new ConfigError(message, cause === undefined ? undefined : { cause });
}

function isMemory(value: unknown): value is ServerMemory {
  if (!isRecord(value)) return false;
  const { floor, notifications, resynchronisations } = value;
  return (
    isNumber(floor) &&
    Array.isArray(notifications) &&
    notifications.every(isRemembered) &&
    Array.isArray(resynchronisations) &&
    resynchronisations.every(isNumber)
  );
}

function isRemembered(value: unknown): value is RememberedNotification {
  if (!isRecord(value)) return false;
  const { sessionId, digests, state, attempts, changedMs, timestamp, defaultNonce } = value;
  return (
    isNumber(sessionId) &&
    Array.isArray(digests) &&
    digests.every((digest) => typeof digest === 'string') &&
    (state === 'open' || state === 'failed' || state === 'settled') &&
    isNumber(attempts) &&
    isNumber(changedMs) &&
    (timestamp === undefined || isNumber(timestamp)) &&
    (defaultNonce === undefined || typeof defaultNonce === 'boolean')
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
