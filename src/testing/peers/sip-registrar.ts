// A registrar and proxy for tests and demonstrations, on loopback: digest, GRUUs, forwarding without state; and it can
// misbehave on request.
import type { TlsOptions } from 'node:tls';
import {
  branchCookie,
  createResponse,
  type DigestAlgorithm,
  digestAlgorithm,
  formatChallenge,
  formatNameAddr,
  formatVia,
  headersOf,
  headerValue,
  isGruu,
  listOf,
  parameter,
  parseSipUri,
  quote,
  readCoreFields,
  readCredentials,
  readNameAddr,
  readVia,
  type SipHeader,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  sameHeader,
  singleField,
  stampVia,
  verifyDigest,
} from '../../codec/sip/index.ts';
import { bytesToHex, md5, utf8ToBytes } from '../../core/index.ts';
import { SipPeer, type SipPeerFlow } from './sip-peer.ts';

/** Settings of a simulated registrar. */
export interface SimulatedRegistrarOptions {
  /** Default `example.com`. */
  readonly domain?: string;
  /** Passwords by user; REGISTER is challenged when there are any. Default none. */
  readonly users?: Readonly<Record<string, string>>;
  /** Algorithms offered, in this order. Default MD5. */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** True when MESSAGE is challenged as well, with 407. Default false. */
  readonly authenticateMessages?: boolean;
  /** Whether to give GRUUs. Default true. */
  readonly gruu?: boolean;
  /** Seconds; a shorter registration is answered 423. Default none. */
  readonly minExpires?: number;
  /** Seconds; a longer one is cut. Default 3600. */
  readonly maxExpires?: number;
  /** Port of UDP and TCP. Default any. */
  readonly port?: number;
  /** Certificate and key for TLS. Default no TLS. */
  readonly tls?: TlsOptions;
}

/** What the simulator does instead of what it should; `undefined` for what it should. */
export type RegistrarBehaviour =
  | { readonly status: number; readonly headers?: readonly SipHeader[] }
  | 'drop'
  | 'disconnect'
  /** Octets as they are. */
  | Uint8Array
  | undefined;

/** A binding of one device. */
export interface RegistrarBinding {
  readonly contact: string;
  readonly instanceId: string | undefined;
  /** Parameters of the Contact, with their quotes. */
  readonly parameters: ReadonlyMap<string, string | null>;
  readonly expiresSeconds: number;
  readonly flow: SipPeerFlow;
}

/** The simulator. */
export class SimulatedRegistrar {
  /** Every request that arrived, those that came again included. */
  readonly requests: SipRequest[] = [];
  /** Bindings by user, and by contact. */
  readonly bindings = new Map<string, Map<string, RegistrarBinding>>();
  /** Looked at first. */
  behave: (request: SipRequest, flow: SipPeerFlow) => RegistrarBehaviour = () => undefined;
  readonly #options: SimulatedRegistrarOptions;
  readonly #domain: string;
  readonly #nonces = new Set<string>();
  /** Users by their temporary GRUUs. */
  readonly #temporary = new Map<string, string>();
  /** Where answers to forwarded requests go. */
  readonly #ways = new Map<string, SipPeerFlow>();
  #peer: SipPeer | undefined;
  #count = 0;

  private constructor(options: SimulatedRegistrarOptions) {
    this.#options = options;
    this.#domain = options.domain ?? 'example.com';
  }

  static async start(options: SimulatedRegistrarOptions = {}): Promise<SimulatedRegistrar> {
    const registrar = new SimulatedRegistrar(options);
    const { port, tls } = options;
    registrar.#peer = await SipPeer.open((message, flow) => registrar.#take(message, flow), {
      ...(port === undefined ? {} : { port }),
      ...(tls === undefined ? {} : { tls }),
    });
    return registrar;
  }

  /** Port of UDP and TCP. */
  get port(): number {
    return this.#open.port;
  }

  get tlsPort(): number | undefined {
    return this.#open.tlsPort;
  }

  /** Forgets all nonces, as a server does that was started again. */
  forgetNonces(): void {
    this.#nonces.clear();
  }

  /** Breaks all connections. */
  dropConnections(): void {
    this.#open.dropConnections();
  }

  close(): Promise<void> {
    return this.#open.close();
  }

  get #open(): SipPeer {
    if (this.#peer === undefined) throw new Error('the registrar has not been started');
    return this.#peer;
  }

  #take(message: SipMessage, flow: SipPeerFlow): void {
    if (message.kind === 'response') {
      this.#forwardResponse(message);
      return;
    }
    this.requests.push(message);
    const behaviour = this.behave(message, flow);
    if (behaviour === 'drop') return;
    if (behaviour === 'disconnect') flow.destroy();
    else if (behaviour instanceof Uint8Array) flow.send(behaviour);
    else if (behaviour !== undefined) this.#answer(message, flow, behaviour.status, behaviour.headers);
    else if (message.method === 'REGISTER') this.#register(message, flow);
    else if (message.method === 'MESSAGE') this.#message(message, flow);
    else this.#answer(message, flow, 405);
  }

  #answer(request: SipRequest, flow: SipPeerFlow, status: number, headers: readonly SipHeader[] = []): void {
    const topVia = stampVia(readCoreFields(request).vias[0], flow.address, flow.port);
    flow.send(createResponse(request, status, { topVia, toTag: 'registrar', headers }));
  }

  #register(request: SipRequest, flow: SipPeerFlow): void {
    if (!this.#authenticated(request, flow, false)) return;
    const { to } = readCoreFields(request);
    const user = parseSipUri(to.uri).user ?? '';
    const asked = Number(headerValue(request, 'Expires') ?? '3600');
    const { minExpires = 0, maxExpires = 3600 } = this.#options;
    if (asked > 0 && asked < minExpires) {
      this.#answer(request, flow, 423, [{ name: 'Min-Expires', value: String(minExpires) }]);
      return;
    }
    const bindings = this.bindings.get(user) ?? new Map<string, RegistrarBinding>();
    this.bindings.set(user, bindings);
    for (const field of listOf(request, 'Contact')) {
      const { uri, parameters } = readNameAddr(field);
      const expiresSeconds = Math.min(Number(parameter(parameters, 'expires') ?? asked), maxExpires);
      const instanceId = parameter(parameters, '+sip.instance')?.replace(/^<|>$/g, '');
      if (expiresSeconds === 0) bindings.delete(uri);
      else bindings.set(uri, { contact: uri, instanceId, parameters, expiresSeconds, flow });
    }
    const contacts = [...bindings.values()].map((binding) => this.#contactOf(user, binding));
    this.#answer(request, flow, 200, contacts);
  }

  #contactOf(user: string, { contact, instanceId, expiresSeconds }: RegistrarBinding): SipHeader {
    const parameters = new Map<string, string | null>([['expires', String(expiresSeconds)]]);
    if (instanceId !== undefined && this.#options.gruu !== false) {
      this.#count += 1;
      const temporary = `tgruu.${this.#count}`;
      this.#temporary.set(temporary, user);
      parameters.set('pub-gruu', quote(`sip:${user}@${this.#domain};gr=${instanceId}`));
      parameters.set('temp-gruu', quote(`sip:${temporary}@${this.#domain};gr`));
      parameters.set('+sip.instance', quote(`<${instanceId}>`));
    }
    return { name: 'Contact', value: formatNameAddr({ uri: contact, parameters }) };
  }

  #message(request: SipRequest, flow: SipPeerFlow): void {
    const { authenticateMessages = false } = this.#options;
    if (authenticateMessages && !this.#authenticated(request, flow, true)) return;
    const uri = parseSipUri(request.requestUri);
    const name = uri.user ?? '';
    const user = isGruu(uri) ? (this.#temporary.get(name) ?? name) : name;
    const wanted = parameter(uri.parameters, 'gr') ?? '';
    const binding = [...(this.bindings.get(user)?.values() ?? [])]
      .reverse()
      .find(({ instanceId }) => wanted === '' || instanceId === wanted);
    if (binding === undefined) {
      this.#answer(request, flow, 404);
      return;
    }
    const target = parseSipUri(binding.contact);
    const protocol = parameter(target.parameters, 'transport') === 'tcp' ? 'TCP' : 'UDP';
    const received = stampVia(readCoreFields(request).vias[0], flow.address, flow.port);
    // The same for a request that comes again, so that it is the same to the device as well (RFC 3261 §16.11).
    const branch = branchCookie + bytesToHex(md5(utf8ToBytes(formatVia(received))));
    this.#ways.set(branch, flow);
    const via = {
      transport: protocol,
      host: '127.0.0.1',
      port: this.port,
      parameters: new Map([['branch', branch]]),
    };
    const [, ...otherVias] = headersOf(request, 'Via');
    const headers = [
      { name: 'Via', value: formatVia(via) },
      { name: 'Via', value: formatVia(received) },
      ...otherVias,
      ...request.headers.filter(({ name: header }) => !sameHeader(header, 'Via')),
    ];
    const out =
      parameter(target.parameters, 'transport') === 'tls'
        ? binding.flow
        : this.#open.flowTo(protocol, target.host, target.port ?? 5060);
    out.send({ ...request, requestUri: binding.contact, headers });
  }

  #forwardResponse(response: SipResponse): void {
    const [first] = listOf(response, 'Via');
    const branch = first === undefined ? undefined : parameter(readVia(first).parameters, 'branch');
    const flow = branch === undefined ? undefined : this.#ways.get(branch);
    if (flow === undefined) return;
    const at = response.headers.findIndex(({ name }) => name === 'Via');
    flow.send({ ...response, headers: response.headers.filter((_, index) => index !== at) });
  }

  /** Challenges, unless the request proves a password. */
  #authenticated(request: SipRequest, flow: SipPeerFlow, asProxy: boolean): boolean {
    const { users = {}, algorithms = ['MD5'] } = this.#options;
    if (Object.keys(users).length === 0) return true;
    const field = singleField(request, asProxy ? 'Proxy-Authorization' : 'Authorization');
    const proof = field === undefined ? undefined : readCredentials(field);
    const password = proof === undefined ? undefined : users[proof.username];
    const algorithm = proof === undefined ? undefined : digestAlgorithm(proof.algorithm);
    const holds =
      proof !== undefined &&
      password !== undefined &&
      algorithm !== undefined &&
      algorithms.includes(algorithm) &&
      proof.uri === request.requestUri &&
      verifyDigest(proof, request.method, password);
    if (holds && this.#nonces.has(proof.nonce)) return true;
    const challenges = algorithms.map((offered) => {
      this.#count += 1;
      const nonce = `nonce-${this.#count}`;
      this.#nonces.add(nonce);
      const challenge = { realm: this.#domain, nonce, stale: holds, algorithm: offered, qop: ['auth'] };
      return { name: asProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate', value: formatChallenge(challenge) };
    });
    this.#answer(request, flow, asProxy ? 407 : 401, challenges);
    return false;
  }
}
