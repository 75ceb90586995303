// A device's binding at its registrar: made as soon as there is a network, kept, and taken back (RFC 3261 §10, RFC 5627,
// DM-NOTI-1.3 §7.3, DM-PUSH §5.2).

import { parseSipUri, plainUser } from '../../codec/sip/index.ts';
import { sleep, type Timer } from '../../core/index.ts';
import { closedError } from '../index.ts';
import type { SipEndpoint } from './endpoint.ts';
import type { SipFlow } from './flow.ts';
import { SipPushError, transportPushError } from './push-error.ts';
import { type RegisterOutcome, Registrant } from './registrant.ts';
import { type RegistrarAnswer, refreshAfterMs } from './registrar-answer.ts';
import type { SipRegistrationSettings, SipRegistrationStatus } from './registration-options.ts';

/** Temporary GRUUs kept; all stay valid while the registration lasts (RFC 5627 §4.2). */
const maxTemporaryGruus = 32;

/** Keeps one device registered. Times run on the end point's clock. */
export class SipRegistration {
  readonly #endpoint: SipEndpoint;
  readonly #settings: SipRegistrationSettings;
  readonly #registrant: Registrant;
  readonly #report: (error: unknown) => void;
  readonly #random: () => number;
  readonly #waiters = new Set<() => void>();
  readonly #abort = new AbortController();
  #state: SipRegistrationStatus['state'] = 'idle';
  /** On the monotonic clock: the registrar counts from its answer. */
  #endsAt = 0;
  #expiresSeconds: number;
  #contact: string | undefined;
  #publicGruu: string | undefined;
  #temporaryGruus: readonly string[] = [];
  #problem: Error | undefined;
  #failures = 0;
  #flow: SipFlow | undefined;
  #unwatch: () => void = () => {};
  #timer: Timer | undefined;
  #addressTimer: Timer | undefined;
  #attempt: Promise<void> | undefined;
  #again = false;

  /** Does nothing before `start`. `random` gives 0 to below 1, for the jitter of pauses. */
  constructor(
    endpoint: SipEndpoint,
    settings: SipRegistrationSettings,
    report: (error: unknown) => void,
    random: () => number = Math.random,
  ) {
    this.#endpoint = endpoint;
    this.#settings = settings;
    this.#registrant = new Registrant(endpoint, settings);
    this.#report = report;
    this.#random = random;
    this.#expiresSeconds = settings.expiresSeconds;
  }

  /** A snapshot. */
  status(): SipRegistrationStatus {
    const bound = this.#bound;
    const { clock } = this.#endpoint;
    return {
      state: this.#state,
      expiresAt: bound ? Math.round(clock.now() + this.#endsAt - clock.monotonic()) : undefined,
      contact: this.#contact,
      publicGruu: bound ? this.#publicGruu : undefined,
      temporaryGruus: bound ? this.#temporaryGruus : [],
      problem: this.#problem?.message,
    };
  }

  /** User parts of all addresses under which pushes may come, without escapes. */
  users(): ReadonlySet<string> {
    const gruus = this.#publicGruu === undefined ? [] : [this.#publicGruu];
    const uris = [this.#settings.addressOfRecord, ...gruus, ...this.#temporaryGruus];
    return new Set(uris.flatMap((uri) => plainUser(parseSipUri(uri).user) ?? []));
  }

  /** Registers at once, and keeps at it. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#watchAddress();
    this.#try();
  }

  /** Registers again at once: after a change of address, or when what was refused has been mended. */
  refresh(): void {
    if (this.#state === 'stopped' || this.#state === 'idle' || this.#abort.signal.aborted) return;
    this.#timer?.cancel();
    if (this.#attempt === undefined) this.#try();
    else this.#again = true;
  }

  /**
   * Resolves once the device is registered.
   * @throws {PushError} when the registrar refuses, the registration is stopped, or the signal aborts
   */
  async whenRegistered(signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (this.#state === 'registered') return;
      if (this.#state === 'refused') throw this.#problem ?? closedError('sip end point');
      if (this.#state === 'stopped') throw closedError('sip end point');
      if (signal?.aborted === true) throw notWaitedFor(this.#problem);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiters.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiters.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      });
    }
  }

  /** Takes the binding back, as far as the registrar answers in time. */
  async stop(): Promise<void> {
    if (this.#abort.signal.aborted) return;
    const known = this.#bound || this.#attempt !== undefined;
    this.#timer?.cancel();
    this.#addressTimer?.cancel();
    this.#unwatch();
    this.#abort.abort();
    await this.#attempt;
    if (known && this.#settings.stopMs > 0) await this.#unregister();
    this.#endsAt = 0;
    this.#set('stopped');
  }

  get #bound(): boolean {
    return this.#endsAt > this.#endpoint.clock.monotonic();
  }

  async #unregister(): Promise<void> {
    const late = new AbortController();
    const done = new AbortController();
    const limit = sleep(this.#endpoint.clock, this.#settings.stopMs, done.signal).then(() => late.abort());
    const outcome = await this.#registrant.register(0, this.#contact, late.signal);
    done.abort();
    await limit;
    if (outcome.kind === 'failed' || outcome.kind === 'refused') this.#problem = outcome.error;
  }

  #try(): void {
    this.#again = false;
    if (!this.#bound) this.#set('registering');
    const before = this.#bound ? this.#contact : undefined;
    this.#attempt = this.#registrant.register(this.#expiresSeconds, before, this.#abort.signal).then(
      (outcome) => this.#settle(outcome),
      (error) => {
        // A fault of ours, or a setting that cannot be written.
        this.#report(error);
        this.#settle({ kind: 'refused', error: error instanceof Error ? error : new Error(String(error)) });
      },
    );
  }

  #settle(outcome: RegisterOutcome): void {
    this.#attempt = undefined;
    if (outcome.kind === 'aborted' || this.#abort.signal.aborted) return;
    if (outcome.kind === 'registered') {
      this.#failures = 0;
      this.#problem = undefined;
      this.#expiresSeconds = outcome.askedSeconds;
      this.#keep(outcome.contact, outcome.answer);
      this.#watchFlow(outcome.flow);
      this.#tryAfter(refreshAfterMs(outcome.answer.expiresSeconds));
      this.#set('registered');
    } else {
      this.#problem = outcome.error;
      if (outcome.kind === 'failed') {
        this.#failures += 1;
        this.#tryAfter(Math.max(this.#pauseAfterFailure(), outcome.retryAfterMs ?? 0));
        this.#set('waiting');
      } else {
        this.#set('refused');
      }
    }
    if (this.#again) this.refresh();
  }

  #tryAfter(pauseMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#endpoint.clock.after(pauseMs, () => this.refresh());
  }

  /** Doubled each time, and then between half and the whole, so that devices do not come back together. */
  #pauseAfterFailure(): number {
    const { retryFirstMs, retryLongestMs } = this.#settings;
    const whole = Math.min(retryFirstMs * 2 ** Math.min(this.#failures - 1, 32), retryLongestMs);
    return Math.round(whole * (0.5 + this.#random() / 2));
  }

  #keep(contact: string, answer: RegistrarAnswer): void {
    const { temporaryGruu } = answer;
    const held = this.#bound ? this.#temporaryGruus : [];
    const added = temporaryGruu === undefined || held.includes(temporaryGruu) ? [] : [temporaryGruu];
    this.#temporaryGruus = [...held, ...added].slice(-maxTemporaryGruus);
    this.#publicGruu = answer.publicGruu;
    this.#contact = contact;
    this.#endsAt = this.#endpoint.clock.monotonic() + answer.expiresSeconds * 1000;
  }

  /** A connection that is gone may have been the registrar's way to us. */
  #watchFlow(flow: SipFlow | undefined): void {
    this.#unwatch();
    this.#flow = flow;
    this.#unwatch =
      flow?.onClosed((error) => {
        this.#problem = transportPushError(error, 'the connection to the registrar');
        this.#failures = Math.max(this.#failures, 1);
        if (this.#attempt === undefined) this.#tryAfter(this.#pauseAfterFailure());
      }) ?? (() => {});
  }

  #watchAddress(): void {
    const { addressCheckMs, contact } = this.#settings;
    if (addressCheckMs === 0 || contact !== undefined) return;
    this.#addressTimer = this.#endpoint.clock.after(addressCheckMs, () => {
      // Without a route there is nothing to register with; the next look may find one.
      this.#checkAddress()
        .catch(() => {})
        .finally(() => {
          if (!this.#abort.signal.aborted) this.#watchAddress();
        });
    });
  }

  async #checkAddress(): Promise<void> {
    const used = this.#flow?.local.address;
    if (used === undefined || this.#state !== 'registered') return;
    const now = await this.#endpoint.localAddressFor(this.#settings.hop);
    if (now === used || this.#attempt !== undefined) return;
    this.#unwatch();
    this.#flow?.discard();
    this.refresh();
  }

  #set(state: SipRegistrationStatus['state']): void {
    this.#state = state;
    for (const wake of this.#waiters) wake();
    try {
      this.#settings.onChange?.(this.status());
    } catch (error) {
      this.#report(error);
    }
  }
}

function notWaitedFor(problem: Error | undefined): SipPushError {
  const detail = problem === undefined ? '' : `; so far: ${problem.message}`;
  return new SipPushError('ABORTED', `the wait for the registration was given up${detail}`, true);
}
