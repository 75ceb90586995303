// What routes are added to.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Clock, Logger, LogLevel } from '../../core/index.ts';
import type {
  AccountService,
  AuditLog,
  CampaignService,
  DeviceBulk,
  DeviceService,
  HeldService,
  JobService,
  MetricFamily,
  PushService,
  SecretRotations,
  ServerMetrics,
  ServerOptions,
  SessionlessService,
  SuspendedCarriers,
  TokenService,
  WebhookService,
  WholeStatus,
} from '../../server/index.ts';
import type { NoticeStore } from '../../store/index.ts';
import type { ApiLimits, ApiTls } from './http-server.ts';
import type { OidcSettings } from './oidc-settings.ts';

/** A Fastify application whose schemas are TypeBox's. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the API shows: a `Server` is one. */
export interface ApiBackend {
  readonly accounts: AccountService;
  readonly devices: DeviceService;
  readonly bulk: DeviceBulk;
  readonly pushes: PushService;
  readonly jobs: JobService;
  readonly campaigns: CampaignService;
  /** What happened to jobs, campaigns and links. */
  readonly notices: Pick<NoticeStore, 'noticesAfter' | 'onNotice' | 'feedEnd'>;
  /** Who is told of events over HTTP. */
  readonly webhooks: WebhookService;
  /** What is held after a restore. */
  readonly held: HeldService;
  /** Which carriers are suspended. */
  readonly carriers: SuspendedCarriers;
  /** Makes a copy of the store; absent where it makes none. */
  readonly copyStore?: ServerOptions['copyStore'];
  readonly rotations: SecretRotations;
  readonly sessionless: SessionlessService;
  /** Tokens; without them those of the options alone count. */
  readonly tokens: TokenService;
  /** Who did what. */
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** How it stands. */
  status(): Promise<WholeStatus>;
  /** What it has counted, and what is looked up for that; `version` is that of the program. */
  metricFamilies(version: string): Promise<readonly MetricFamily[]>;
  /** Counts requests; absent: nobody does. */
  readonly metrics?: ServerMetrics;
  /** Rejects, with the reason, while the server cannot work; asked by anybody, as often as they like. */
  health(): Promise<void>;
}

/** Settings of the API. */
export interface ApiOptions {
  /**
   * Tokens that may do everything, 16 characters or longer; only their digests are kept. While there are none, and none of the
   * store is in use, everybody may.
   */
  readonly tokens?: readonly string[];
  /** An identity provider whose tokens are taken too. */
  readonly oidc?: OidcSettings;
  /**
   * Requests that each token without the scope `admin` may send in a minute; 0: any number. Absent: any number, and `renewApiAccess`
   * does not change that.
   */
  readonly requestsPerMinute?: number;
  /** True where nobody gets in without a token from the beginning: wherever others than this machine come in. Default false. */
  readonly requireToken?: boolean;
  /**
   * Further names of the server, `HOST` (any port) or `HOST:PORT`, such as that of a proxy in front of it. Its own address
   * and the names of the loopback are known, with its port; a request for any other is refused (421).
   */
  readonly hosts?: readonly string[];
  /** Absent: plain HTTP. `renewApiTls` changes it while the API runs. */
  readonly tls?: ApiTls;
  readonly limits?: ApiLimits;
  /** Octets of a request's body, but for jobs, which may be larger. Default 65536. */
  readonly bodyLimit?: number;
  /** Version for the OpenAPI document. Default `0.0.0`. */
  readonly version?: string;
  readonly logger?: Logger;
  /** The level of that log, changed by request. Absent: it cannot be. */
  readonly logLevel?: LogLevel;
  /** Pause between signs of life on event streams, in milliseconds. Default 15000. */
  readonly heartbeatMs?: number;
}
