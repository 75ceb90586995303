// reveille serve: the server, until it is stopped.
import { Command } from 'commander';
import { systemClock } from '../../core/index.ts';
import type { Io } from '../io/io.ts';
import { announce, createLevelledLogger, type LevelledLog } from '../io/logger.ts';
import { version } from '../io/version.ts';
import { drain } from '../serve/drain.ts';
import { ensureAccount } from '../serve/ensure-account.ts';
import { writeFirstToken } from '../serve/first-token.ts';
import { hangUps } from '../serve/hang-ups.ts';
import { warnOfOpenSecrets } from '../serve/open-secrets.ts';
import { Reloads } from '../serve/reload.ts';
import { type RunningServer, startServer } from '../serve/running-server.ts';
import { boundYoungSpace, keepRubbishYoung } from '../serve/young-heap.ts';
import { checkServe } from '../set-up/check.ts';
import { reportCheck } from '../set-up/check-report.ts';
import { readSetUpOrReport, type SetUp, strangeVariables } from '../set-up/set-up.ts';
import { madeTokensWarning, plainApiWarning, tellWarnings, tokenFileWarning } from '../set-up/warnings.ts';
import { addSettingOptions, givenFlags, variablesHelp } from '../settings/flags.ts';
import type { Given } from '../settings/read-settings.ts';

interface ServeOptions {
  readonly config?: string;
  readonly check?: true;
  readonly json?: true;
}

/** The `serve` command. */
export function serveCommand(io: Io): Command {
  const command = new Command('serve')
    .summary('run the server: DM endpoint, REST API, push engine')
    .description(
      'Runs the server until it is stopped. Devices reach the DM endpoint (--dm, path /dm), operators the REST API ' +
        '(--api; its description is at /openapi.json). Everything accepted is kept in --data. SIGHUP has the configuration, ' +
        'tokens and certificates read again; SIGTERM lets what is under way come to its end.',
    )
    .option('--config <file>', 'the configuration of the whole server, YAML or JSON (docs/configuration.md)')
    .option('--check', 'say whether a server would start, and all that is wrong; open and write nothing')
    .option(
      '--json',
      'say on standard output where it listens, as one JSON object, once it does; with --check what was found',
    );
  return addSettingOptions(command)
    .addHelpText(
      'after',
      `${variablesHelp}

Examples:
  reveille serve --server-id com.example.dm
  reveille serve --config reveille.yaml --check
  reveille serve --data /var/lib/reveille --dm 0.0.0.0:8443 --tls-certificate chain.pem --tls-key key.pem \\
    --server-id com.example.dm --url https://dm.example.com:8443/dm --api 127.0.0.1:8081
  reveille serve --api 0.0.0.0:8081 --token-file tokens --api-tls-certificate api.pem --api-tls-key api.key \\
    --api-host api.example.com`,
    )
    .action(async (options: ServeOptions) => {
      const given = { config: options.config, flags: givenFlags(command) };
      if (options.check === true) reportCheck(io, await checkServe(io, given), options.json === true);
      else await serve(io, given, options.json === true);
    });
}

async function serve(io: Io, given: Given, json: boolean): Promise<void> {
  const hangUp = hangUps(io);
  keepRubbishYoung();
  const unbound = boundYoungSpace();
  try {
    const setUp = await readSetUpOrReport(io, given);
    const { values } = setUp.read;
    const log = createLevelledLogger(io, values.logLevel);
    const { logger, logLevel } = log;
    const onFirstToken = async (token: string): Promise<void> => {
      const file = await writeFirstToken(values.data, token);
      announce(io, `the first token of the REST API, which may do everything, is in ${file}`);
    };
    const running = await start(io, setUp, log, onFirstToken);
    try {
      for (const text of strangeVariables(io, setUp.read)) logger.warn({}, text);
      void warnOfOpenSecrets(() => running.sealing(), logger);
      tellWarnings(logger, plainApiWarning(setUp.api), tokenFileWarning(setUp), madeTokensWarning(setUp.api));
      const firstToken = async () => void (await running.server.tokens.createFirst(onFirstToken));
      const reloads = new Reloads({ io, given, running, logger, logLevel, firstToken }, setUp);
      hangUp.answer(() => void reloads.reload());
      if (json) {
        const { dmUrl, apiUrl, papUrl, metricsUrl } = running;
        io.stdout(`${JSON.stringify({ version: version(), dmUrl, apiUrl, papUrl, metricsUrl })}\n`);
      }
      announce(io, `DM endpoint ${running.dmUrl}, REST API ${running.apiUrl}; stop with Ctrl-C`);
      if (!io.stop.aborted) {
        await new Promise((resolve) => io.stop.addEventListener('abort', resolve, { once: true }));
      }
      reloads.end();
      const { drainTimeout } = reloads.current.read.values;
      if (io.stoppedBy?.() === 'SIGTERM' && drainTimeout > 0) {
        announce(io, `stopping: what is under way has ${drainTimeout} s to end; a second signal ends it now`);
        await drain({ running, logger, clock: systemClock(), longestMs: drainTimeout * 1000 });
      } else announce(io, 'stopping');
    } finally {
      await running.stop();
    }
  } finally {
    unbound();
    hangUp.leave();
  }
}

function start(
  io: Io,
  { read, dm, api, policy, retention, sealKeys }: SetUp,
  { logger, logLevel }: LevelledLog,
  onFirstToken: (token: string) => Promise<void>,
): Promise<RunningServer> {
  const { data, challenge, deliveries, metrics, node, campaignApprovalAbove, wakesPerDay, webhookAllow } =
    read.values;
  return startServer({
    data,
    sealKeys,
    bindings: read.sections,
    bindingsFile: read.file,
    dm,
    api,
    policy,
    endpoint: { challenge },
    jobs: { maxDeliveries: deliveries },
    campaigns: {
      ...(campaignApprovalAbove !== undefined && { approvalAbove: campaignApprovalAbove }),
      ...(wakesPerDay !== undefined && { wakesPerDay }),
    },
    retention,
    webhookAllow,
    logger,
    logLevel,
    ...(metrics === undefined ? {} : { metrics }),
    onFirstToken,
    // Whoever is answered may make devices of the account at once.
    beforeApi: (ready) => ensureAccount(ready, read),
    onApiServer: (server) => io.recording?.apiServer(server),
    ...(node === undefined ? {} : { node }),
  });
}
