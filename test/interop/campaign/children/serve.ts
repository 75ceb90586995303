// A whole server as a process of its own, whose campaigns its parent makes and looks at over IPC: `serve.ts SPEC`, SPEC being a
// `TrialServerSpec` as JSON. To be stopped by SIGTERM, or killed.
import { startServer } from '../../../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../../../src/core/index.ts';
import type { Server } from '../../../../src/server/index.ts';
import type { TrialServerSpec } from '../trial-server.ts';

const spec = JSON.parse(process.argv[2] ?? '{}') as TrialServerSpec;
const running = await startServer({
  data: spec.data,
  dm: { host: '127.0.0.1', port: spec.dmPort },
  api: { host: '127.0.0.1', port: spec.apiPort, tokens: [] },
  bindings: spec.bindings,
  policy: spec.policy,
  node: 'trial',
  logger: silentLogger,
});

/** Attempts that began in this process. */
let attempts = 0;
running.server.onEvent(({ event }) => {
  if (event === 'sending') attempts += 1;
});

/** What the parent may ask for. */
const calls: Readonly<Record<string, (server: Server, ...args: never[]) => Promise<unknown>>> = {
  create: ({ campaigns }, plan: unknown) => campaigns.create(plan),
  get: ({ campaigns }, id: string) => campaigns.get(id),
  attempts: async () => attempts,
  progress: ({ campaigns }, id: string) => campaigns.progress(id),
  pause: ({ campaigns }, id: string) => campaigns.pause(id, {}, undefined),
  resume: ({ campaigns }, id: string) => campaigns.resume(id, {}, undefined),
  report: async ({ campaigns, pushes }, id: string, afterOrdinal: number) => {
    const devices = (await campaigns.devices(id, { afterOrdinal, limit: 1000 })) ?? [];
    return await Promise.all(
      devices.map(async (device) => ({ ...device, push: await shown(pushes.get(device.pushId ?? '')) })),
    );
  },
  timeline: async ({ campaigns, pushes }, id: string, ordinal: number) => {
    const [device] = (await campaigns.devices(id, { afterOrdinal: ordinal - 1, limit: 1 })) ?? [];
    return (await pushes.timeline(device?.pushId ?? '')) ?? [];
  },
  pushesOf: async ({ pushes }) => {
    let after: string | undefined;
    let count = 0;
    do {
      const page = await pushes.list({ limit: 1000, ...(after !== undefined && { after }) });
      count += page.items.length;
      after = page.next;
    } while (after !== undefined);
    return count;
  },
};

async function shown(push: ReturnType<Server['pushes']['get']>): Promise<unknown> {
  const found = await push;
  if (found?.purpose !== 'notification') return undefined;
  const { attempts, sends, sessionId, state } = found;
  return { attempts, sends, sessionId, state };
}

process.on('message', ({ id, name, args }: { id: number; name: string; args: never[] }) => {
  const call = calls[name];
  const done =
    call === undefined ? Promise.reject(new Error(`no call ${name}`)) : call(running.server, ...args);
  done.then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.once('SIGTERM', () => {
  void running
    .drain()
    .then(() => running.stop())
    .then(() => process.exit(0));
});
process.once('disconnect', () => process.exit(1));
process.send?.({ id: 0, result: { dmUrl: running.dmUrl, apiUrl: running.apiUrl } });
