// Asks for the pushes of a plan, and writes down what was acknowledged, once it was.
import type { Answer, Api } from './api.ts';
import type { Follower } from './follower.ts';
import type { Acknowledged } from './ledgers.ts';
import type { PlannedPush } from './plan.ts';

/** Requests at a time. */
const atOnce = 8;
/** Notifications that are under way before the next one is asked for, as a rule: faults are to meet pushes at every step. */
const mostUnderWay = 160;
/** Longest wait for that. */
const longestPauseMs = 150;

/** What it works with. */
export interface PusherOptions {
  readonly api: Api;
  readonly follower: Follower;
  /** Device ids by index. */
  readonly ids: readonly string[];
  /** How many may be asked for by now. */
  readonly allowed: () => number;
  /** True when they are to be asked for as fast as it goes. */
  readonly hurry: () => boolean;
  readonly onAcknowledged: (entry: Acknowledged) => void;
}

/** Asks for all; resolves when all are acknowledged. @throws {Error} when one is refused for good */
export async function askForAll(pushes: readonly PlannedPush[], options: PusherOptions): Promise<void> {
  const rest = pushes.values();
  const state = { notifications: 0 };
  const worker = async (): Promise<void> => {
    for (const push of rest) {
      await pace(state.notifications, options);
      while (push.number >= options.allowed()) await pause();
      await askFor(push, options);
      if (push.kind !== 'message') state.notifications += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function pace(asked: number, { follower, hurry }: PusherOptions): Promise<void> {
  const until = performance.now() + longestPauseMs;
  while (asked - follower.over.size > mostUnderWay && performance.now() < until && !hurry()) {
    await pause();
  }
}

async function askFor(push: PlannedPush, options: PusherOptions): Promise<void> {
  const { api, ids, onAcknowledged } = options;
  const device = ids[push.device] ?? '';
  const { path, body, node } = requestFor(push, device);
  const { status, body: made } = await api.insist('POST', path, body, `push-${push.number}`);
  if (status !== 202) throw new Error(`push ${push.number}: ${status} ${JSON.stringify(made)}`);
  const id = String(made.id);
  const cancelled = push.cancelled ? await cancel(api, `${path}/${id}`) : undefined;
  onAcknowledged({
    number: push.number,
    kind: push.kind,
    id,
    device,
    ...(typeof made.sessionId === 'number' && { sessionId: made.sessionId }),
    ...(typeof made.job === 'string' && { job: made.job }),
    ...(node !== undefined && { node }),
    ...(cancelled !== undefined && { cancelled }),
  });
}

function requestFor({ number, kind }: PlannedPush, device: string) {
  if (kind === 'notification') return { path: '/v1/notifications', body: { device, uiMode: 'background' } };
  const node = `${kind === 'job' ? 'J' : 'M'}${number}`;
  const add = { command: 'add', uri: `./Vendor/${node}`, data: `push ${number}` };
  // Every other job has a second step, so that sessions break off between the two.
  const get = { command: 'get', uri: './DevInfo/Man' };
  const job = kind === 'job' && number % 2 === 0 ? [get, add] : [add];
  return { path: kind === 'job' ? '/v1/notifications' : '/v1/messages', body: { device, job }, node };
}

async function cancel(api: Api, path: string): Promise<'cancelled' | 'refused'> {
  const answer: Answer = await api.insist('POST', `${path}/cancel`);
  if (answer.status === 200) return 'cancelled';
  // Not found would be a push that was acknowledged and is gone: the audit says so.
  return 'refused';
}

function pause(): Promise<void> {
  return new Promise((resume) => setTimeout(resume, 10));
}
