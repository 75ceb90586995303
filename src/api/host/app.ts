// What routes are added to.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Clock, Logger } from '../../core/index.ts';
import type {
  AccountService,
  DeviceService,
  JobService,
  PushService,
  SecretRotations,
  SessionlessService,
} from '../../server/index.ts';
import type { ApiLimits, ApiTls } from './http-server.ts';

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
  readonly pushes: PushService;
  readonly jobs: JobService;
  readonly rotations: SecretRotations;
  readonly sessionless: SessionlessService;
  readonly clock: Clock;
  /** Rejects, with the reason, while the server cannot work; asked by anybody, as often as they like. */
  health(): Promise<void>;
}

/** Settings of the API. */
export interface ApiOptions {
  /** Tokens that give access, 16 characters or longer; none: everybody has it. Only their digests are kept. */
  readonly tokens?: readonly string[];
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
  /** Pause between signs of life on event streams, in milliseconds. Default 15000. */
  readonly heartbeatMs?: number;
}
