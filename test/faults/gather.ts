// Waits until all is quiet, and asks the store for everything.
import type { FleetEvent } from '../../src/fleet/index.ts';
import type { SmscEvent } from '../../src/testing/index.ts';
import type { Api } from './api.ts';
import { endStates, type GatewayPush, type RunDevice, type StoredJob, type StoredPush } from './ledgers.ts';
import { readLines, type World } from './world.ts';

/** States in which something may still happen. */
const openStates = {
  notifications: ['queued', 'sending', 'sent', 'accepted', 'delivered', 'answered'],
  messages: ['queued', 'sending', 'accepted'],
  jobs: ['pending', 'running'],
} as const;

/** How often all that is open is counted while there is some, in milliseconds. */
const countMs = 10_000;

/** Resolves when everything in the store is over, or nothing has come to its end for `waitMs`. */
export async function quiet(api: Api, waitMs: number): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let [until, countAt] = [performance.now() + waitMs, performance.now() + countMs];
  while (performance.now() < until) {
    const busy = await isBusy(api);
    if (!busy || performance.now() >= countAt) {
      // A push may go back to a state that was looked for just before, so that in the end each one is looked at by itself.
      const open = await openCount(api);
      if (open === 0) return;
      countAt = performance.now() + countMs;
      if (open < least) until = performance.now() + waitMs;
      least = Math.min(least, open);
    }
    await new Promise((resume) => setTimeout(resume, 300));
  }
}

async function isBusy(api: Api): Promise<boolean> {
  for (const [kind, states] of Object.entries(openStates)) {
    for (const state of states) {
      if (await hasOne(api, `/v1/${kind}?limit=1&state=${state}`)) return true;
    }
  }
  return false;
}

async function openCount(api: Api): Promise<number> {
  let count = 0;
  for (const [kind, states] of Object.entries(openStates)) {
    const open: ReadonlySet<string> = new Set(states);
    const all = await api.list<{ readonly state: string }>(`/v1/${kind}`);
    count += all.filter(({ state }) => open.has(state)).length;
  }
  return count;
}

async function hasOne(api: Api, path: string): Promise<boolean> {
  return ((await api.get(path)).items as unknown[]).length > 0;
}

/** Notifications or messages with their timelines, by id. */
export async function storedPushes(
  api: Api,
  kind: 'notifications' | 'messages',
): Promise<Map<string, StoredPush>> {
  const found = new Map<string, StoredPush>();
  const rest = (await api.list<Omit<StoredPush, 'timeline'>>(`/v1/${kind}`)).values();
  await inParallel(async () => {
    for (const push of rest) {
      const { items } = await api.get(`/v1/${kind}/${push.id}/timeline`);
      found.set(push.id, { ...push, timeline: items as StoredPush['timeline'] });
    }
  });
  return found;
}

/** Jobs with their commands, by id. */
export async function storedJobs(api: Api): Promise<Map<string, StoredJob>> {
  const found = new Map<string, StoredJob>();
  const rest = (await api.list<{ readonly id: string }>('/v1/jobs')).values();
  await inParallel(async () => {
    for (const { id } of rest) found.set(id, (await api.get(`/v1/jobs/${id}`)) as unknown as StoredJob);
  });
  return found;
}

/** Has each device do commands, whatever it takes; gives the jobs, by device. */
export async function haveAllDo(
  api: Api,
  devices: readonly RunDevice[],
  commands: readonly object[],
  key: string,
): Promise<Map<string, Readonly<Record<string, unknown>>>> {
  const done = new Map<string, Readonly<Record<string, unknown>>>();
  const rest = devices.values();
  await inParallel(async () => {
    for (const { id: device } of rest) {
      // A device may refuse, or have its messages cut off: it is asked again.
      for (let tries = 1; tries <= 4 && !done.has(device); tries += 1) {
        const job = await doneJob(api, { device, commands }, `${key}-${tries}-${device}`);
        if (job !== undefined) done.set(device, job);
      }
    }
  });
  return done;
}

/** How often a job that was acknowledged may not be there yet. */
const mostMissing = 50;

async function doneJob(api: Api, body: object, key: string) {
  const { status, body: made } = await api.insist('POST', '/v1/jobs', body, key);
  if (status !== 202) throw new Error(`a job was refused: ${status} ${JSON.stringify(made)}`);
  for (let missing = 0; ; ) {
    const { status: found, body: job } = await api.insist('GET', `/v1/jobs/${String(made.id)}`);
    // Whether what was acknowledged was there at once is for the audit to say; a job that never comes ends the run.
    if (found === 404 && missing < mostMissing) missing += 1;
    else if (found !== 200) throw new Error(`a job is not there: ${found} ${JSON.stringify(job)}`);
    else if (job.state === 'completed') return job;
    else if (endStates.job.has(String(job.state))) return undefined;
    await new Promise((resume) => setTimeout(resume, 100));
  }
}

/** Names below `./Vendor`, by device, from jobs that got it. */
export function treesOf(
  jobs: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): Map<string, Set<string>> {
  const trees = new Map<string, Set<string>>();
  for (const [device, { commands }] of jobs) {
    const [{ results = [] } = {}] = commands as {
      readonly results?: readonly { readonly data?: string }[];
    }[];
    trees.set(device, new Set(results.flatMap(({ data = '' }) => data.split('/'))));
  }
  return trees;
}

/** What carriers and devices wrote down. */
export function writtenDown({ files }: World) {
  return {
    journal: readLines<FleetEvent>(files.journal),
    centre: readLines<SmscEvent>(files.centre),
    gateway: readLines<GatewayPush>(files.gateway),
  };
}

async function inParallel(work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: 8 }, work));
}
