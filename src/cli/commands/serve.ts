// reveille serve: the server, until it is stopped.
import { Command, Option } from 'commander';
import { StoreError } from '../../core/index.ts';
import { readConfigFile } from '../bindings/config-file.ts';
import { serveSections } from '../bindings/serve-shapes.ts';
import { readInteger, repeated } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { announce, createLogger, logLevels } from '../io/logger.ts';
import { readSealKeyOption, sealKeyHelp } from '../io/seal-keys.ts';
import { version } from '../io/version.ts';
import { writeFirstToken } from '../serve/first-token.ts';
import { warnOfOpenSecrets } from '../serve/open-secrets.ts';
import { addRetentionOptions, type RetentionOptions, readRetention } from '../serve/retention-options.ts';
import { type RunningServer, startServer } from '../serve/running-server.ts';
import {
  type DoorOptions,
  followCertificates,
  readApiDoor,
  readDmDoor,
  readMetricsAddress,
  warnOfPlainApi,
  warnOfTokenFile,
} from '../serve/serve-doors.ts';

interface ServeOptions extends DoorOptions, RetentionOptions {
  readonly data: string;
  readonly sealKey?: string;
  readonly config?: string;
  readonly serverId?: string;
  readonly url?: string;
  readonly attempts: string;
  readonly answerTimeout: string;
  readonly lifetime: string;
  readonly resynchronise: 'second-attempt' | 'never';
  readonly challenge: 'basic' | 'md5' | 'hmac';
  readonly deliveries: string;
  readonly node?: string;
  readonly metrics?: string;
  readonly json?: boolean;
  readonly logLevel: string;
}

/** The `serve` command. */
export function serveCommand(io: Io): Command {
  const command = new Command('serve')
    .summary('run the server: DM endpoint, REST API, push engine')
    .description(
      'Runs the server until it is stopped. Devices reach the DM endpoint (--dm, path /dm), operators the REST API ' +
        '(--api; its description is at /openapi.json). Everything accepted is kept in --data.',
    )
    .option('--data <folder>', 'folder of the database', 'reveille-data')
    .option('--seal-key <file>', sealKeyHelp)
    .option('--config <file>', 'JSON with the bindings: SMSC, SIP, HTTP, OBEX, PAP … (docs/bindings.md)')
    .option('--dm <host:port>', 'where devices open their sessions', '127.0.0.1:8080')
    .option('--api <host:port>', 'where the REST API listens', '127.0.0.1:8081')
    .option(
      '--metrics <host:port>',
      'show metrics there without a token, beside /metrics of the REST API (127.0.0.1 unless you name another host)',
    )
    .option('--json', 'say on standard output where it listens, as one JSON object, once it does')
    .option(
      '--token-file <file>',
      'tokens that may do everything, one a line, 16 characters or longer (see reveille token); the environment variable ' +
        'REVEILLE_API_TOKEN works too',
    )
    .option(
      '--oidc <file>',
      'JSON with an identity provider whose tokens the REST API takes (docs/access.md)',
    )
    .option(
      '--rate-limit <number>',
      'requests that each token without the scope admin may send in a minute; 0: any number',
      '0',
    )
    .option(
      '--api-host <host>',
      'a further name of the REST API, HOST or HOST:PORT, such as that of a proxy in front of it (repeatable)',
      repeated,
    )
    .option('--api-tls-certificate <file>', 'certificate chain (PEM): the REST API then speaks HTTPS')
    .option('--api-tls-key <file>', 'its private key (PEM); SIGHUP has certificates and keys read again')
    .option('--api-without-tls', 'let the REST API listen for other machines although it speaks plain HTTP')
    .option('--tls-certificate <file>', 'certificate chain (PEM): the DM endpoint then speaks HTTPS')
    .option('--tls-key <file>', 'its private key (PEM)')
    .option('--client-ca <file>', 'demand client certificates of these authorities (PEM) at the DM endpoint')
    .option(
      '--trust-proxy <addresses>',
      'proxies in front of the DM endpoint, as addresses or networks with commas',
    )
    .option('--server-id <id>', 'make sure that this account exists')
    .option('--url <url>', 'its URL as devices know it; default: where the DM endpoint listens')
    .option('--attempts <number>', 'pushes for one notification while nobody answers', '3')
    .option('--answer-timeout <seconds>', 'wait for an answer before the next push', '600')
    .option('--lifetime <seconds>', 'life of a notification that names no end', '86400')
    .addOption(
      new Option('--resynchronise <when>', 'when the MD5 formats go out under the default nonce')
        .choices(['second-attempt', 'never'])
        .default('second-attempt'),
    )
    .addOption(
      new Option('--challenge <type>', 'credentials to ask for where a device gave none')
        .choices(['basic', 'md5', 'hmac'])
        .default('md5'),
    )
    .option(
      '--deliveries <number>',
      'sessions that a command is given to without an answer, then it failed',
      '3',
    );
  return addRetentionOptions(command)
    .option('--node <name>', 'name of this process on timelines; default: the host name')
    .addOption(new Option('--log-level <level>', 'log on standard error').choices(logLevels).default('info'))
    .addHelpText(
      'after',
      `
Examples:
  reveille serve --server-id com.example.dm
  reveille serve --data /var/lib/reveille --dm 0.0.0.0:8443 --tls-certificate chain.pem --tls-key key.pem \\
    --server-id com.example.dm --url https://dm.example.com:8443/dm --api 127.0.0.1:8081
  reveille serve --api 0.0.0.0:8081 --token-file tokens --api-tls-certificate api.pem --api-tls-key api.key \\
    --api-host api.example.com`,
    )
    .action(async (options: ServeOptions) => serve(io, options));
}

async function serve(io: Io, options: ServeOptions): Promise<void> {
  if (options.url !== undefined && options.serverId === undefined) {
    throw new UsageError('--url belongs to --server-id');
  }
  const api = await readApiDoor(io, options);
  const dm = await readDmDoor(io, options);
  const sealKeys = await readSealKeyOption(io, options.sealKey);
  const logger = createLogger(io, options.logLevel);
  const bindings =
    options.config === undefined ? {} : await readConfigFile(io, options.config, serveSections);
  const running = await startServer({
    data: options.data,
    sealKeys,
    bindings,
    bindingsFile: options.config,
    dm,
    api,
    policy: {
      attempts: readInteger(options.attempts, '--attempts', 1, 1000),
      answerTimeoutMs: readInteger(options.answerTimeout, '--answer-timeout', 1, 30 * 86_400) * 1000,
      lifetimeMs: readInteger(options.lifetime, '--lifetime', 1, 3650 * 86_400) * 1000,
      resynchronise: options.resynchronise,
    },
    endpoint: { challenge: options.challenge },
    jobs: { maxDeliveries: readInteger(options.deliveries, '--deliveries', 1, 1000) },
    retention: readRetention(options),
    logger,
    ...(options.metrics === undefined ? {} : { metrics: readMetricsAddress(options.metrics) }),
    onFirstToken: async (token) => {
      const file = await writeFirstToken(options.data, token);
      announce(io, `the first token of the REST API, which may do everything, is in ${file}`);
    },
    onApiServer: (server) => io.recording?.apiServer(server),
    ...(options.node === undefined ? {} : { node: options.node }),
  });
  warnOfPlainApi(api, logger);
  warnOfTokenFile(options, logger);
  void warnOfOpenSecrets(() => running.sealing(), logger);
  const leave = followCertificates(io, options, running, logger);
  try {
    if (options.serverId !== undefined) await ensureAccount(running, options.serverId, options.url);
    if (options.json === true) {
      const { dmUrl, apiUrl, papUrl, metricsUrl } = running;
      io.stdout(`${JSON.stringify({ version: version(), dmUrl, apiUrl, papUrl, metricsUrl })}\n`);
    }
    announce(io, `DM endpoint ${running.dmUrl}, REST API ${running.apiUrl}; stop with Ctrl-C`);
    if (!io.stop.aborted) {
      await new Promise((resolve) => io.stop.addEventListener('abort', resolve, { once: true }));
    }
    announce(io, 'stopping');
  } finally {
    leave();
    await running.stop();
  }
}

async function ensureAccount(
  running: RunningServer,
  serverId: string,
  url: string | undefined,
): Promise<void> {
  try {
    await running.server.accounts.create({ serverId, url: url ?? running.dmUrl });
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'ALREADY_EXISTS')) throw error;
    const account = await running.server.accounts.get(serverId);
    if (url !== undefined && account?.url !== url) {
      throw new UsageError(`--url ${url}: the account ${serverId} exists with ${account?.url}`);
    }
  }
}
