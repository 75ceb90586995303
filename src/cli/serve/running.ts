// What a server is started with, and what is done with one that runs.
import type { ApiAccess, ApiTls } from '../../api/index.ts';
import type { Logger, LogLevel } from '../../core/index.ts';
import type {
  CampaignSettings,
  DmEndpointSettings,
  DmListenerTls,
  JobSettings,
  PushPolicy,
  RetentionSettings,
  Server,
} from '../../server/index.ts';
import type { Sealing, SealKey } from '../../store/index.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import type { ListenAddress } from '../io/listen-address.ts';
import type { ApiDoor, DmDoor } from '../set-up/doors.ts';

/** What a server is started with. */
export interface RunningServerOptions {
  /** Folder of the database; made when it does not exist. */
  readonly data: string;
  /** Keys that secrets in it are sealed under. Default: none. */
  readonly sealKeys?: readonly SealKey[];
  /** For devices: the DM endpoint. */
  readonly dm: DmDoor;
  /** For operators: the REST API. */
  readonly api: ApiDoor;
  /** How pushes are sent. Default: WAP push over UDP alone. */
  readonly bindings?: ServeSections;
  /** What errors call the configuration of bindings. */
  readonly bindingsFile?: string | undefined;
  readonly policy?: Partial<PushPolicy>;
  readonly endpoint?: DmEndpointSettings;
  readonly jobs?: JobSettings;
  readonly campaigns?: CampaignSettings;
  readonly retention?: RetentionSettings;
  /** Networks (CIDR) that webhooks may go to although they are own ones. Default: none. */
  readonly webhookAllow?: readonly string[];
  readonly node?: string;
  readonly logger: Logger;
  /** The level of that log, for whoever asks the REST API for another one. */
  readonly logLevel?: LogLevel;
  /** Where metrics are shown without a token; absent: at the REST API alone. */
  readonly metrics?: ListenAddress;
  /** Is given the first token of an empty store, which is made where this is there and `api` has no token. */
  readonly onFirstToken?: ((token: string) => Promise<void>) | undefined;
  /**
   * Called once the DM endpoint has its address, before the REST API listens and anything is sent: for what callers rely on from
   * their first request. What it throws keeps the server from starting.
   */
  readonly beforeApi?: ((ready: Pick<RunningServer, 'server' | 'dmUrl'>) => Promise<void>) | undefined;
  /** Hears of the server of the REST API before that listens. */
  readonly onApiServer?: ((server: object) => void) | undefined;
}

/** A server that runs. */
export interface RunningServer {
  readonly server: Server;
  /** Where devices reach the DM endpoint. */
  readonly dmUrl: string;
  /** Where operators reach the REST API. */
  readonly apiUrl: string;
  /** Where other push initiators reach the PAP endpoint; absent without one. */
  readonly papUrl?: string;
  /** Where metrics are shown without a token; absent without such a place. */
  readonly metricsUrl?: string;
  /** For requests from now on. @throws {ConfigError} when it cannot be; all of before stays */
  renewApiAccess(access: ApiAccess): void;
  /** For connections from now on. @throws {ConfigError} when it does not work; the one before stays */
  renewApiTls(tls: ApiTls): void;
  /** For connections from now on. @throws {ConfigError} when it does not work; the one before stays */
  renewDmTls(tls: DmListenerTls): void;
  /** How secrets lie on disk. */
  sealing(): Promise<Sealing>;
  /**
   * Takes no new work: not ready any more, new sessions and writes over REST are answered 503, PAP is told to come again. Resolves
   * when pushes under way have their outcome on disk and no session runs; `stop` follows.
   */
  drain(): Promise<void>;
  /** Stops taking work, finishes what is under way, closes the store. */
  stop(): Promise<void>;
}
