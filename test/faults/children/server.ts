// The server of a run, put together as `reveille serve` does it, with the short times that a run needs.
import type { ServeSections } from '../../../src/cli/bindings/serve-shapes.ts';
import { startServer } from '../../../src/cli/serve/running-server.ts';
import { type Logger, StoreError } from '../../../src/core/index.ts';
import type { DmEndpointSettings, JobSettings, PushPolicy } from '../../../src/server/index.ts';
import { endOnFailure, readSettings, takeCommands, tellReady } from './child.ts';

/** What it is started with. */
export interface ServerSettings {
  readonly data: string;
  readonly dmPort: number;
  readonly apiPort: number;
  readonly serverId: string;
  readonly bindings: ServeSections;
  readonly policy: Partial<PushPolicy>;
  readonly endpoint: DmEndpointSettings;
  readonly jobs: JobSettings;
}

const host = '127.0.0.1';

endOnFailure(serve(readSettings<ServerSettings>()));

async function serve(settings: ServerSettings): Promise<void> {
  const { data, dmPort, apiPort, serverId, bindings, policy, endpoint, jobs } = settings;
  let stop = async (): Promise<void> => {};
  takeCommands(({ end }) => {
    if (end === true) endOnFailure(stop().then(() => process.exit(0)));
  });
  const running = await startServer({
    data,
    bindings,
    dm: { host, port: dmPort },
    api: { host, port: apiPort, tokens: [] },
    policy,
    endpoint,
    jobs,
    node: 'server',
    logger: loggerToStandardError(),
  });
  stop = () => running.stop();
  try {
    await running.server.accounts.create({ serverId, url: running.dmUrl });
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'ALREADY_EXISTS')) throw error;
  }
  tellReady();
}

function loggerToStandardError(): Logger {
  const line = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    process.stderr.write(`${JSON.stringify({ level, message, ...fields })}\n`);
  };
  return { debug: () => {}, info: line('info'), warn: line('warn'), error: line('error') };
}
