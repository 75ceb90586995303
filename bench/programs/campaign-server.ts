// A whole server on a database that is there: `campaign-server.ts SPEC`, SPEC being a `CampaignServerSpec` as JSON. Says its address
// over IPC, makes a campaign of wakes over all devices when it is told to (`begin`), and says after how long its first push was sent.
// SIGTERM ends it.
import { startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';

/** What it is started with. */
export interface CampaignServerSpec {
  readonly folder: string;
  /** Devices that a campaign begins in a second. */
  readonly perSecond: number;
}

/** What it says. */
export type CampaignServerSays =
  | { readonly api: string }
  /** From asking for the campaign until a push of it was sent on disk, in milliseconds. */
  | { readonly firstMs: number };

const day = 86_400_000;
const spec = JSON.parse(process.argv[2] ?? '{}') as CampaignServerSpec;
const running = await startServer({
  data: spec.folder,
  dm: { host: '127.0.0.1', port: 0 },
  api: { host: '127.0.0.1', port: 0, tokens: [] },
  policy: { answerTimeoutMs: day, lifetimeMs: 2 * day },
  logger: silentLogger,
});
const { campaigns } = running.server;

async function begin(): Promise<void> {
  const started = performance.now();
  const first = new Promise<void>((resolve) => {
    const leave = running.server.onEvent(({ event }) => {
      if (event !== 'sent') return;
      leave();
      resolve();
    });
  });
  await campaigns.create({
    name: 'all',
    content: { kind: 'wake', body: { uiMode: 'background' } },
    target: { filter: 'id != ""' },
    pace: { perSecond: spec.perSecond },
  });
  await first;
  say({ firstMs: performance.now() - started });
}

function say(what: CampaignServerSays): void {
  process.send?.(what);
}

process.on('message', () => {
  void begin();
});
process.once('SIGTERM', () => {
  void running.stop().then(() => process.exit(0));
});
say({ api: running.apiUrl });
