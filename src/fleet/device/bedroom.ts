// Wakes devices and puts them to sleep again: unpacks their states, keeps what changes, packs what is left.
import type { DeviceEvent, DmHttpClient } from '../../device/index.ts';
import { seededOctets } from '../mix/seeded.ts';
import type { FleetSettings } from '../plan/fleet-options.ts';
import { type FleetPlan, planOf } from '../plan/fleet-plan.ts';
import { packState, unpackState } from '../state/packed-state.ts';
import type { StateBook } from '../state/state-book.ts';
import type { StateTemplates } from '../state/state-template.ts';
import { AwakeDevice } from './awake-device.ts';
import type { Member, Waking } from './member.ts';

/** What it works with. */
export interface BedroomHost {
  readonly settings: FleetSettings;
  readonly templates: StateTemplates;
  /** Connections to the server, shared by all. */
  readonly http: DmHttpClient;
  /** Where states are kept; `undefined`: nowhere. */
  readonly book: () => StateBook | undefined;
  readonly onEvent: (member: Member, plan: FleetPlan, event: DeviceEvent) => void;
}

/** Where devices sleep. */
export class Bedroom {
  readonly #host: BedroomHost;
  readonly #awake = new Set<Member>();

  constructor(host: BedroomHost) {
    this.#host = host;
  }

  /** Devices that are awake. */
  get awake(): number {
    return this.#awake.size;
  }

  /** The device awake, for one push more; `rest` comes after it. @throws {ConfigError} when its state cannot be used */
  async wake(member: Member): Promise<Waking> {
    while (member.resting !== undefined) await member.resting;
    if (member.waking === undefined) {
      const waking: Waking = {
        started: this.#start(member, () => waking),
        device: undefined,
        users: 0,
        first: '',
        state: undefined,
      };
      member.waking = waking;
      this.#awake.add(member);
    }
    const { waking } = member;
    waking.users += 1;
    try {
      waking.device = await waking.started;
      return waking;
    } catch (error) {
      waking.users -= 1;
      if (member.waking === waking) this.#forget(member);
      throw error;
    }
  }

  /** A push is over; resolves when the device sleeps, where that was the last. */
  async rest(member: Member, waking: Waking): Promise<void> {
    waking.users -= 1;
    // One that was killed has nothing more to keep.
    if (waking.users > 0 || member.waking !== waking) return;
    const resting = waking.started
      .then((device) => device.stop())
      .finally(() => {
        if (member.waking === waking) this.#forget(member);
        member.resting = undefined;
      });
    // A push that comes meanwhile waits for it.
    member.resting = resting.catch(() => undefined);
    await resting;
  }

  /** The device is cut off as by its battery: its state is what it last kept. */
  kill(member: Member): void {
    const { waking } = member;
    if (waking === undefined) return;
    // One that is about to wake finds nothing to do: the push that it wakes for is lost.
    if (waking.device === undefined) waking.started.then((device) => device.kill()).catch(() => undefined);
    else waking.device.kill();
    this.#forget(member);
  }

  /** Keeps the numbers of a device, and its state as it is. @throws {ConfigError} when they cannot be written */
  keep(member: Member): void {
    this.#host.book()?.keep(member.index, member.kept);
  }

  #forget(member: Member): void {
    const { waking } = member;
    if (waking !== undefined) pack(member, waking);
    member.waking = undefined;
    this.#awake.delete(member);
  }

  async #start(member: Member, self: () => Waking): Promise<AwakeDevice> {
    const { settings, templates, http } = this.#host;
    const { seed, mix, clock, backOff, replay, anyNetwork } = settings;
    const plan = planOf(seed, member.index, mix);
    const first = await templates.textFor(plan);
    const waking = self();
    waking.first = first;
    const state = member.packed === undefined ? first : unpackState(member.packed, first, plan.id);
    return await AwakeDevice.start({
      name: plan.id,
      state,
      form: plan.form,
      secureNotifications: mix.carriers?.waps?.notifications === true,
      http,
      anyNetwork,
      clock,
      backOff,
      replay,
      otherNonce: () => seededOctets(seed, 'other nonce', member.index, member.pushes).subarray(0, 16),
      onEvent: (event) => this.#host.onEvent(member, plan, event),
      onState: (text) => {
        // A device that was killed meanwhile is another one by now.
        if (member.waking !== waking) return;
        waking.state = text;
        if (this.#host.book() === undefined) return;
        pack(member, waking);
        this.keep(member);
      },
    });
  }
}

function pack(member: Member, waking: Waking): void {
  if (waking.state === undefined) return;
  member.packed = packState(waking.state, waking.first);
  waking.state = undefined;
}
