// A server that comes to its end: it shows what it has, and takes nothing in.
import type { Server } from 'node:http';
import type { App } from '../host/app.ts';
import { ApiError } from './problem.ts';

/** Methods that change nothing. */
const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** When to ask again: by then another server may be there, in seconds. */
const retryAfterSeconds = 10;

interface Draining {
  begun: boolean;
  readonly listeners: Set<() => void>;
}

/** By the server of the application: each scope of routes has an application of its own. */
const states = new WeakMap<Server, Draining>();

function stateOf({ server }: Pick<App, 'server'>): Draining {
  const known = states.get(server);
  if (known !== undefined) return known;
  const made: Draining = { begun: false, listeners: new Set() };
  states.set(server, made);
  return made;
}

/** From now on what would change something is answered 503; what is under way goes on, and bodies of lines end at the next one. */
export function drainApi(app: App): void {
  const state = stateOf(app);
  if (state.begun) return;
  state.begun = true;
  for (const listener of state.listeners) listener();
}

/** Calls `listener` when the API drains, and when it closes without. */
export function onEnding(app: App, listener: () => void): void {
  stateOf(app).listeners.add(listener);
  app.addHook('preClose', async () => listener());
}

/** @throws {ApiError} STOPPING where a request would change something of a server that drains */
export function refuseWhileDraining(app: App, method: string): void {
  if (!stateOf(app).begun || readingMethods.has(method)) return;
  throw new ApiError(503, 'STOPPING', 'the server is stopping: ask again in a moment', retryAfterSeconds);
}
