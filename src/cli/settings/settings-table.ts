// All settings of `serve`, as one table: options, environment variables, the section `server` of the configuration file, its
// schema and the documentation are made of it.
import { retentionDefaults } from '../../server/index.ts';
import { logLevels } from '../io/logger.ts';
import { sealKeyHelp } from '../io/seal-keys.ts';
import { address, choice, integer, path, proxies, text, texts, yes } from './kinds.ts';
import { optional, type Setting, setting } from './setting.ts';

/** Ten years, in seconds. */
const longestAge = 3650 * 86_400;

const age = integer('<seconds>', 0, longestAge);
const seconds = (ms: number): string => String(ms / 1000);

/** The table, in the order of the help. */
export const settings = {
  data: setting({
    key: 'data.folder',
    flag: '--data',
    kind: path('<folder>'),
    summary: 'folder of the database',
    initial: 'reveille-data',
  }),
  sealKey: optional({
    key: 'data.sealKeyFile',
    flag: '--seal-key',
    // REVEILLE_SEAL_KEY has the keys themselves.
    variable: 'REVEILLE_SEAL_KEY_FILE',
    kind: path('<file>'),
    summary: sealKeyHelp,
  }),
  dm: setting({
    key: 'dm.listen',
    flag: '--dm',
    kind: address(8080),
    summary: 'where devices open their sessions',
    initial: '127.0.0.1:8080',
  }),
  api: setting({
    key: 'api.listen',
    flag: '--api',
    kind: address(8081),
    summary: 'where the REST API listens',
    initial: '127.0.0.1:8081',
  }),
  metrics: optional({
    key: 'metrics.listen',
    flag: '--metrics',
    kind: address(9464, true),
    summary:
      'show metrics there without a token, beside /metrics of the REST API (127.0.0.1 unless you name another host)',
  }),
  tokenFile: optional({
    key: 'api.tokenFile',
    flag: '--token-file',
    kind: path('<file>'),
    summary:
      'tokens that may do everything, one a line, 16 characters or longer (see reveille token); the environment variable ' +
      'REVEILLE_API_TOKEN works too',
    reloads: true,
  }),
  oidc: optional({
    key: 'api.oidcFile',
    flag: '--oidc',
    kind: path('<file>'),
    summary: 'an identity provider whose tokens the REST API takes (docs/access.md), as YAML or JSON',
    reloads: true,
  }),
  rateLimit: setting({
    key: 'api.requestsPerMinute',
    flag: '--rate-limit',
    kind: integer('<number>', 0, 100_000_000),
    summary: 'requests that each token without the scope admin may send in a minute; 0: any number',
    initial: '0',
    reloads: true,
  }),
  apiHost: setting({
    key: 'api.hosts',
    flag: '--api-host',
    kind: texts('<host>'),
    summary:
      'a further name of the REST API, HOST or HOST:PORT, such as that of a proxy in front of it (repeatable)',
    initial: '',
  }),
  apiTlsCertificate: optional({
    key: 'api.tls.certificateFile',
    flag: '--api-tls-certificate',
    kind: path('<file>'),
    summary: 'certificate chain (PEM): the REST API then speaks HTTPS',
    reloads: true,
  }),
  apiTlsKey: optional({
    key: 'api.tls.keyFile',
    flag: '--api-tls-key',
    kind: path('<file>'),
    summary: 'its private key (PEM)',
    reloads: true,
  }),
  apiWithoutTls: setting({
    key: 'api.withoutTls',
    flag: '--api-without-tls',
    kind: yes(),
    summary: 'let the REST API listen for other machines although it speaks plain HTTP',
    initial: 'false',
  }),
  tlsCertificate: optional({
    key: 'dm.tls.certificateFile',
    flag: '--tls-certificate',
    kind: path('<file>'),
    summary: 'certificate chain (PEM): the DM endpoint then speaks HTTPS',
    reloads: true,
  }),
  tlsKey: optional({
    key: 'dm.tls.keyFile',
    flag: '--tls-key',
    kind: path('<file>'),
    summary: 'its private key (PEM)',
    reloads: true,
  }),
  clientCa: optional({
    key: 'dm.tls.clientCaFile',
    flag: '--client-ca',
    kind: path('<file>'),
    summary: 'demand client certificates of these authorities (PEM) at the DM endpoint',
    reloads: true,
  }),
  trustProxy: optional({
    key: 'dm.trustProxy',
    flag: '--trust-proxy',
    kind: proxies('<addresses>'),
    summary: 'proxies in front of the DM endpoint, as addresses or networks with commas',
  }),
  serverId: optional({
    key: 'account.serverId',
    flag: '--server-id',
    kind: text('<id>'),
    summary: 'make sure that this account exists',
  }),
  url: optional({
    key: 'account.url',
    flag: '--url',
    kind: text('<url>'),
    summary: 'its URL as devices know it; default: where the DM endpoint listens',
    otherwise: 'where the DM endpoint listens',
  }),
  attempts: setting({
    key: 'pushes.attempts',
    flag: '--attempts',
    kind: integer('<number>', 1, 1000),
    summary: 'pushes for one notification while nobody answers',
    initial: '3',
    reloads: true,
  }),
  answerTimeout: setting({
    key: 'pushes.answerTimeoutSeconds',
    flag: '--answer-timeout',
    kind: integer('<seconds>', 1, 30 * 86_400),
    summary: 'wait for an answer before the next push',
    initial: '600',
    reloads: true,
  }),
  lifetime: setting({
    key: 'pushes.lifetimeSeconds',
    flag: '--lifetime',
    kind: integer('<seconds>', 1, longestAge),
    summary: 'life of a notification that names no end',
    initial: '86400',
    reloads: true,
  }),
  resynchronise: setting({
    key: 'pushes.resynchronise',
    flag: '--resynchronise',
    kind: choice('<when>', ['second-attempt', 'never']),
    summary: 'when the MD5 formats go out under the default nonce',
    initial: 'second-attempt',
    reloads: true,
  }),
  challenge: setting({
    key: 'dm.challenge',
    flag: '--challenge',
    kind: choice('<type>', ['basic', 'md5', 'hmac']),
    summary: 'credentials to ask for where a device gave none',
    initial: 'md5',
  }),
  deliveries: setting({
    key: 'jobs.deliveries',
    flag: '--deliveries',
    kind: integer('<number>', 1, 1000),
    summary: 'sessions that a command is given to without an answer, then it failed',
    initial: '3',
  }),
  keepPushes: setting({
    key: 'retention.pushesSeconds',
    flag: '--keep-pushes',
    kind: age,
    summary: 'how long a push stays when it is over, with its timeline; 0: for ever',
    initial: seconds(retentionDefaults.pushesMs),
    reloads: true,
  }),
  keepJobs: setting({
    key: 'retention.jobsSeconds',
    flag: '--keep-jobs',
    kind: age,
    summary: 'how long a job stays when it is over, with its answers; 0: for ever',
    initial: seconds(retentionDefaults.jobsMs),
    reloads: true,
  }),
  keepEvents: setting({
    key: 'retention.eventsSeconds',
    flag: '--keep-events',
    kind: age,
    summary: 'how long the timeline of a push that is over stays, where the push stays longer; 0: for ever',
    initial: seconds(retentionDefaults.eventsMs),
    reloads: true,
  }),
  keepAudit: setting({
    key: 'retention.auditSeconds',
    flag: '--keep-audit',
    kind: age,
    summary: 'how long entries of the audit log stay; 0: for ever',
    initial: seconds(retentionDefaults.auditMs),
    reloads: true,
  }),
  drainTimeout: setting({
    key: 'stop.drainSeconds',
    flag: '--drain-timeout',
    kind: integer('<seconds>', 0, 3600),
    summary: 'how long SIGTERM lets open sessions go on to their end; a second signal ends at once',
    initial: '20',
    reloads: true,
  }),
  node: optional({
    key: 'node',
    flag: '--node',
    kind: text('<name>'),
    summary: 'name of this process on timelines; default: the host name',
    otherwise: 'the host name',
  }),
  logLevel: setting({
    key: 'log.level',
    flag: '--log-level',
    kind: choice('<level>', logLevels),
    summary: 'log on standard error',
    initial: 'info',
    reloads: true,
  }),
} as const;

/** Name of a setting; commander calls the value of its option the same. */
export type SettingName = keyof typeof settings;

/** Values of all settings. */
export type SettingValues = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
};

/** Names and settings, in order. */
export const settingList: readonly (readonly [SettingName, Setting<unknown>])[] = Object.entries(
  settings,
) as readonly (readonly [SettingName, Setting<unknown>])[];
