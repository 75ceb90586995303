// The API on a real store without an engine, for tests.
import { type ApiBackend, type ApiOptions, type App, createApi, feedView } from '../../src/api/index.ts';
import { LogLevel, silentLogger } from '../../src/core/index.ts';
import { CampaignWork } from '../../src/server/campaign/campaign-work.ts';
import {
  AccountService,
  AuditLog,
  CampaignService,
  DeviceBulk,
  DeviceService,
  HeldService,
  JobService,
  SecretRotations,
  SessionlessService,
  serverStatus,
  TokenService,
  WebhookService,
} from '../../src/server/index.ts';
import { type EngineBench, type EngineBenchOptions, withEngine } from '../server/engine-bench.ts';
import { requireDescribed } from './described-answer.ts';

export interface ApiBench extends EngineBench {
  readonly app: App;
  /** Delivers nothing until it is started; whoever does stops it. */
  readonly webhooks: WebhookService;
  /** One request; gives status, headers and the parsed body. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

/** Fields of answers that tests look at; which of them is there depends on the route. */
export interface AnswerBody {
  readonly id: string;
  readonly serverId: string;
  readonly status: number | string;
  readonly state: string;
  readonly purpose?: string;
  readonly code: string;
  readonly path?: string;
  readonly section?: string;
  readonly detail: string;
  readonly type: string;
  readonly items: readonly AnswerBody[];
  readonly next?: string;
  readonly expiresAt?: string;
  readonly openapi: string;
  readonly security?: unknown;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, BodySchema>> };
}

/** An operation of the OpenAPI document. */
export interface Operation {
  readonly summary?: string;
  readonly responses: Readonly<Record<string, unknown>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: BodySchema }>> };
}

export interface BodySchema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed when it is JSON, else an empty object. */
  readonly body: AnswerBody;
  readonly text: string;
}

/** The schema itself, where the document refers to it by its name. */
export function shapeOf({ components }: AnswerBody, schema: BodySchema | undefined): BodySchema | undefined {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? schema : components.schemas[name];
}

const smallCopy: NonNullable<ApiBackend['copyStore']> = async () => ({
  octets: 4,
  async *pieces() {
    yield Buffer.from('copy');
  },
  end: async () => undefined,
});

/** Campaigns of more devices need a second owner. */
interface ApprovalOption {
  readonly approvalAbove?: number;
}

export async function withApi(
  run: (bench: ApiBench) => Promise<void>,
  options: ApiOptions = {},
  engine: EngineBenchOptions = {},
  { copyStore = smallCopy, approvalAbove }: Pick<ApiBackend, 'copyStore'> & ApprovalOption = {},
): Promise<void> {
  await withEngine(engine, async (bench) => {
    const { store, bindings, pushes, clock, policy, suspended: carriers } = bench;
    const audit = new AuditLog({ store, clock, logger: silentLogger });
    const webhooks = new WebhookService({
      store,
      clock,
      logger: silentLogger,
      random: () => 0,
      settings: { view: feedView, allow: ['127.0.0.1'] },
    });
    const onCreated = () => undefined;
    const asking = { store, bindings, policy, clock, requestedMo: 1, suspensions: carriers };
    const apply = () => undefined;
    const work = new CampaignWork({
      store,
      reading: asking,
      clock,
      logger: silentLogger,
      approvalAbove,
      wakesPerDay: undefined,
      onReleased: onCreated,
      onJobs: onCreated,
    });
    const logLevel = new LogLevel({ configured: 'info', clock, logger: silentLogger, apply });
    const app = await createApi(
      {
        accounts: new AccountService(store),
        devices: new DeviceService(store, bindings),
        bulk: new DeviceBulk(store, bindings),
        pushes,
        notices: store,
        webhooks,
        jobs: new JobService({ ...asking, pushes, onCreated }),
        campaigns: new CampaignService({ store, reading: asking, clock, work }),
        rotations: new SecretRotations(asking),
        carriers,
        held: new HeldService({ store, attempts: 3, onReleased: () => undefined }),
        copyStore,
        sessionless: new SessionlessService(asking),
        clock,
        tokens: new TokenService({ store, clock, logger: silentLogger }),
        audit,
        status: async () => {
          const { carriers: shown, ...rest } = await serverStatus(bindings, store, clock.now(), carriers);
          return {
            ...rest,
            carriers: shown.map((one) => ({
              ...one,
              perSecond: 0,
              inFlight: 0,
              queue: { due: 0, more: false },
            })),
            node: 'n',
            startedAt: 0,
            uptimeMs: 0,
            store: { state: 'ok' },
            unplaced: { due: 0, more: false },
            held: { pushes: 0, jobs: 0 },
            sessions: 0,
          };
        },
        metricFamilies: async () => [],
        health: () => store.check(),
      },
      { logLevel, ...options },
    );
    try {
      await run({
        ...bench,
        app,
        webhooks,
        call: async (method, url, body, headers = {}) => {
          const response = await app.inject({
            method,
            url,
            headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
            ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
          });
          const text = response.body;
          const { statusCode: status } = response;
          await requireDescribed({ method, url, status, headers: response.headers, text });
          const json = /[/+]json/.test(String(response.headers['content-type'])) ? JSON.parse(text) : {};
          return { status, headers: response.headers, body: json, text };
        },
      });
    } finally {
      await app.close();
      await audit.end();
    }
  });
}
