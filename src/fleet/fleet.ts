// A fleet of simulated devices in one process: each sleeps as a few hundred octets, and is a whole DM client while it is awake.
import { createHash } from 'node:crypto';
import { ConfigError, sleep, ValueError } from '../core/index.ts';
import { type DeviceEvent, type DmHttpClient, dmHttpClient } from '../device/index.ts';
import type { DroppedPush } from '../push/index.ts';
import { Bedroom } from './device/bedroom.ts';
import { Member } from './device/member.ts';
import { Doors } from './doors/open-doors.ts';
import { FleetCounts, type FleetSummary } from './journal/fleet-summary.ts';
import type { DeviceNews, FleetEvent } from './journal/journal.ts';
import { standingAfter } from './journal/standing.ts';
import { type FleetOptions, type FleetSettings, fleetSettings } from './plan/fleet-options.ts';
import { type DeviceRecord, type FleetPlan, idOf, indexOfId, planOf, recordOf } from './plan/fleet-plan.ts';
import { PushDesk } from './push/push-desk.ts';
import { StateBook } from './state/state-book.ts';
import { StateTemplates } from './state/state-template.ts';

/** Devices whose sockets are made at a time. */
const opening = 64;

/** What a fleet is doing. */
export interface FleetStatus {
  /** Devices that can be reached. */
  readonly up: number;
  readonly awake: number;
  /** Pushes that wait for their turn. */
  readonly waiting: number;
  /** Devices with a session that completed in this run. */
  readonly woken: number;
}

/** A device whose wake is awaited. */
export interface UnwokenDevice {
  readonly device: string;
  /** What it last came to, as the simulator knows, such as `push 1 missed: lost`. */
  readonly state: string;
}

/** A device of a fleet. It holds secrets. */
export interface FleetDevice extends FleetPlan {
  /** For its record; empty before it is up. */
  readonly address: string;
  /** Port of its own; 0 without one. */
  readonly port: number;
  /** Pushes that it was sent, in all runs. */
  readonly pushes: number;
  readonly off: boolean;
  /** True while it deals with a push. */
  readonly awake: boolean;
}

/** A fleet. */
export class Fleet {
  readonly #settings: FleetSettings;
  readonly #members: Member[];
  readonly #counts: FleetCounts;
  readonly #http: DmHttpClient;
  readonly #bedroom: Bedroom;
  readonly #desk: PushDesk;
  readonly #doors: Doors;
  readonly #ender = new AbortController();
  #book: StateBook | undefined;
  #up = 0;
  #woken = 0;
  #crashed = false;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  /** As `createFleet`. */
  constructor(options: FleetOptions) {
    const settings = fleetSettings(options);
    const { seed, devices, first, mix, serverId, dmUrl, clock } = settings;
    this.#settings = settings;
    this.#members = Array.from({ length: devices }, (_, at) => new Member(first + at));
    this.#counts = new FleetCounts(seed);
    this.#http = dmHttpClient({ clock, ...settings.http });
    this.#bedroom = new Bedroom({
      settings,
      templates: new StateTemplates(serverId, dmUrl),
      http: this.#http,
      book: () => this.#book,
      onEvent: (member, _plan, event) => this.#note(member, event),
    });
    this.#desk = new PushDesk({
      settings,
      bedroom: this.#bedroom,
      counts: this.#counts,
      tell: (member, news) => this.#tell(member, news),
      error: settings.onError,
    });
    this.#doors = new Doors(
      {
        host: settings.host,
        clock,
        indexes: { first, end: first + devices },
        isOn: (index, binding) => this.#desk.isOn(this.#member(index), binding),
        receive: (index, push) => this.#desk.receive(this.#member(index), push),
        dropped: (drop, index) => this.#dropped(drop, index),
        error: settings.onError,
        news: (detail) => this.#emit({ time: this.#time(), event: 'fleet', detail }),
      },
      mix,
    );
  }

  /**
   * Brings the devices up, at the ramp's pace; resolves when all can be reached as far as this machine is concerned (`ready` is
   * about carriers), or `stop` has ended it. When it throws, the fleet is stopped.
   * @throws {ConfigError} when a port or the state file cannot be used
   */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Resolves when the carriers know all devices: message centre and registrar. Rejects when the fleet stops before. */
  async ready(): Promise<void> {
    await this.start();
    await this.#doors.ready();
  }

  /** Ends sessions that run, whose server is told, and gives sockets and file up; states are kept. Safe to call again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /**
   * Ends everything as if the process were killed: no session is ended, no state is kept beyond what was. Another fleet may
   * use the state file when it resolves.
   */
  crash(): Promise<void> {
    this.#stopped ??= this.#crash();
    return this.#stopped;
  }

  /** Cuts one device off as by its battery, by id or index; what is under way is lost. @throws {ValueError} for no device */
  kill(device: string | number): void {
    const member = this.#find(device);
    if (member.off) return;
    member.off = true;
    this.#bedroom.kill(member);
    this.#bedroom.keep(member);
    this.#tell(member, { event: 'killed' });
  }

  /** Puts the battery back in: pushes from now on reach it, with its state as it last kept it. @throws {ValueError} */
  revive(device: string | number): void {
    const member = this.#find(device);
    if (!member.off && member.missing === 0) return;
    member.off = false;
    member.missing = 0;
    this.#bedroom.keep(member);
    this.#tell(member, { event: 'revived' });
  }

  /** One device, by id or index. @throws {ValueError} when it is none of the fleet */
  device(device: string | number): FleetDevice {
    const member = this.#find(device);
    const { address, port, pushes, off } = member;
    const awake = member.waking !== undefined;
    return {
      ...planOf(this.#settings.seed, member.index, this.#settings.mix),
      address,
      port,
      pushes,
      off,
      awake,
    };
  }

  /** Indexes of its devices. */
  indexes(): readonly number[] {
    return this.#members.map(({ index }) => index);
  }

  /** Bodies of `POST /v1/devices` for the devices that are up, in order. They hold secrets. */
  *records(): Generator<DeviceRecord> {
    const { seed, mix, serverId } = this.#settings;
    for (const { index, address } of this.#members) {
      if (address !== '') yield recordOf(planOf(seed, index, mix), serverId, address);
    }
  }

  /** Says that a wake of the device was asked for now, so that the summary has the time until it comes. */
  requested(device: string | number): void {
    const member = this.#find(device);
    member.requestedMs = this.#settings.clock.monotonic();
    member.awaited = true;
    member.standing = undefined;
  }

  /** The first `limit` devices without a session that completed in this run, in order. */
  unwoken(limit: number): readonly UnwokenDevice[] {
    const found: UnwokenDevice[] = [];
    for (const { index, woken, address, requestedMs, standing } of this.#members) {
      if (found.length >= limit) break;
      if (woken) continue;
      const asked = requestedMs === undefined ? 'its wake was not asked for' : 'no push came';
      found.push({ device: idOf(index), state: address === '' ? 'not up' : (standing ?? asked) });
    }
    return found;
  }

  status(): FleetStatus {
    return { up: this.#up, awake: this.#bedroom.awake, waiting: this.#desk.waiting, woken: this.#woken };
  }

  summary(): FleetSummary {
    return this.#counts.summary({ devices: this.#members.length, up: this.#up, woken: this.#woken });
  }

  /** Resolves when no push is being dealt with, and none waits for its turn. */
  settled(): Promise<void> {
    return this.#desk.settled();
  }

  async #start(): Promise<void> {
    try {
      this.#openBook();
      const { rampPerSecond, clock } = this.#settings;
      const { signal } = this.#ender;
      const startMs = clock.monotonic();
      let next = 0;
      const openNext = async (): Promise<void> => {
        for (let at = next++; at < this.#members.length && !signal.aborted; at = next++) {
          const member = this.#members[at];
          if (member === undefined) return;
          const dueMs = rampPerSecond === undefined ? 0 : startMs + (at * 1000) / rampPerSecond;
          const waitMs = dueMs - clock.monotonic();
          if (waitMs > 0) await sleep(clock, waitMs, signal);
          if (!signal.aborted) await this.#open(member);
        }
      };
      await Promise.all(Array.from({ length: opening }, openNext));
    } catch (error) {
      await this.crash();
      throw error;
    }
  }

  #openBook(): void {
    const { stateFile, seed, first, devices, serverId, mix } = this.#settings;
    if (stateFile === undefined) return;
    const members = this.#members;
    this.#book = StateBook.open(
      stateFile,
      { seed, first, devices, serverId, kinds: kindsOf(mix) },
      (index, state) => members[index - first]?.restore(state),
      function* () {
        for (const member of members) {
          if (member.pushes > 0 || member.port > 0 || member.off) yield [member.index, member.kept];
        }
      },
    );
  }

  async #open(member: Member): Promise<void> {
    const { seed, mix, firstPort, first } = this.#settings;
    const plan = planOf(seed, member.index, mix);
    const wanted = firstPort === 0 ? 0 : firstPort + member.index - first;
    const { address, port } = await this.#doors.of(plan.binding).open(plan, member.port || wanted);
    member.address = address;
    if (member.port !== port) {
      member.port = port;
      this.#bedroom.keep(member);
    }
    this.#up += 1;
    this.#tell(member, { event: 'up', address });
  }

  async #stop(): Promise<void> {
    this.#ender.abort();
    await this.#started?.catch(() => undefined);
    await this.#doors.close();
    await this.#desk.stop();
    await this.#http.close();
    this.#book?.close();
    this.#book = undefined;
  }

  async #crash(): Promise<void> {
    this.#crashed = true;
    this.#ender.abort();
    for (const member of this.#members) this.#bedroom.kill(member);
    const book = this.#book;
    this.#book = undefined;
    book?.abandon();
    await this.#http.close();
    await this.#doors.close();
    await this.#desk.stop();
  }

  #note(member: Member, event: DeviceEvent): void {
    this.#desk.note(member, event);
  }

  #dropped({ binding, from, reason, detail, octets }: DroppedPush, index: number | undefined): void {
    const device = index === undefined ? {} : { device: idOf(index) };
    this.#emit({ time: this.#time(), event: 'dropped', ...device, binding, from, reason, detail, octets });
  }

  #tell(member: Member, news: DeviceNews): void {
    const { event } = news;
    if (event === 'end' && news.outcome === 'completed' && !member.woken) {
      member.woken = true;
      this.#woken += 1;
    }
    const isAwaited = member.requestedMs !== undefined && !member.woken;
    member.standing = isAwaited ? standingAfter(news, member.standing) : undefined;
    this.#emit({ time: this.#time(), device: idOf(member.index), ...news });
  }

  #emit(event: FleetEvent): void {
    // Who was killed tells nothing.
    if (this.#crashed) return;
    this.#counts.note(event);
    try {
      this.#settings.onEvent(event);
    } catch (error) {
      this.#settings.onError(error);
    }
  }

  #time(): string {
    return new Date(this.#settings.clock.now()).toISOString();
  }

  #find(device: string | number): Member {
    const index = typeof device === 'number' ? device : indexOfId(device);
    const member = index === undefined ? undefined : this.#members[index - this.#settings.first];
    if (member !== undefined) return member;
    throw new ValueError('OUT_OF_RANGE', `${device} is no device of this fleet`, 'device');
  }

  #member(index: number): Member {
    const member = this.#members[index - this.#settings.first];
    if (member === undefined) throw new ConfigError(`device ${index} is none of this fleet`);
    return member;
  }
}

/**
 * Makes a fleet; nothing is opened before `start`.
 * @throws {ValueError} {ConfigError} for options that cannot be used
 */
export function createFleet(options: FleetOptions): Fleet {
  return new Fleet(options);
}

/** What the mix says about the kinds of devices, which their kept states depend on. */
function kindsOf({
  formats,
  bindings,
  forms,
  clientSchemes,
  serverSchemes,
  families,
  carriers,
}: FleetSettings['mix']): string {
  const kinds = [formats, bindings, forms, clientSchemes, serverSchemes, families, carriers?.sms?.numbers];
  return createHash('sha256')
    .update(JSON.stringify(kinds.map((each) => each ?? null)))
    .digest('hex')
    .slice(0, 32);
}
