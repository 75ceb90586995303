// Carries out the strikes of a plan, each once so many pushes are acknowledged.
import type { Outage } from './ledgers.ts';
import type { PlannedStrike, Strike, Victim } from './plan.ts';
import type { World } from './world.ts';

/** How slow the message centre is while the disk is full and claims are to end: less than a binding has for a push. */
const slowCentreMs = 2500;
/** How long the centre is slow before the disk is full. */
const headStartMs = 1000;
/** A strike does not wait longer for acknowledgements: what has stopped them may be the one before. */
const longestWaitMs = 4000;

/** Pushes that are asked for while a strike is carried out. */
const leeway = 50;
/** Pushes that are acknowledged one right after the other before a server is killed, so that it is killed in the middle of it. */
const burst = 8;
const longestBurstMs = 2000;

/** What it works with. */
export interface ConductorOptions {
  readonly world: World;
  readonly acknowledged: () => number;
  readonly onStrike: (strike: Strike) => void;
  readonly end: AbortSignal;
}

/** The one who strikes. */
export class Conductor {
  readonly outages: Outage[] = [];
  readonly #options: ConductorOptions;
  readonly #down = new Map<string, number>();
  #due = 0;
  /** True while pushes are asked for as fast as it goes. */
  hurry = false;

  constructor(options: ConductorOptions) {
    this.#options = options;
  }

  /**
   * So many pushes may have been asked for by now: a few more than those after which the present strike was due, so that what a
   * fault meets follows from the plan and not from how long the one before took.
   */
  get allowed(): number {
    return this.#due + leeway;
  }

  /** Carries them all out, in order. */
  async run(strikes: readonly PlannedStrike[]): Promise<void> {
    try {
      await this.#runAll(strikes);
    } finally {
      this.#due = Number.POSITIVE_INFINITY;
    }
  }

  async #runAll(strikes: readonly PlannedStrike[]): Promise<void> {
    const { acknowledged, end, onStrike, world } = this.#options;
    for (const { after, what } of strikes) {
      this.#due = after;
      const until = performance.now() + longestWaitMs;
      while (acknowledged() < after && performance.now() < until && !end.aborted) await pause(5);
      if (end.aborted) return;
      onStrike(what);
      await this.#strike(what);
      if (world.failure !== undefined) throw new Error(world.failure);
    }
  }

  /** Puts everything right again: all processes run, all devices are on, the clock is true. */
  async mend(): Promise<void> {
    const { world } = this.#options;
    for (const victim of Object.keys(world.processes) as Victim[]) await this.#startAgain(victim);
    // All of them: a command to a fleet that was down was not heard.
    for (const device of world.devices.keys()) await this.#strike({ strike: 'revive-device', device });
    world.disk?.empty();
    world.processes.centre.tell({ answerDelayMs: 0 });
    world.clock.set(0);
    world.relay.faulty = false;
  }

  async #strike(what: Strike): Promise<void> {
    const { world } = this.#options;
    switch (what.strike) {
      case 'kill':
        if (what.victim === 'server') await this.#untilBusy();
        this.#goesDown(what.victim);
        await world.processes[what.victim].kill();
        if (what.victim !== 'server') return;
        await pause(what.pauseMs);
        await this.#startAgain('server');
        return;
      case 'restart':
        await this.#restart();
        return;
      case 'start':
        await this.#startAgain(what.victim);
        return;
      case 'kill-device':
        this.#goesDown(this.#nameOf(what.device));
        world.processes.fleet.tell({ kill: what.device });
        return;
      case 'revive-device':
        world.processes.fleet.tell({ revive: what.device });
        this.#isBack(this.#nameOf(what.device));
        return;
      case 'clock':
        world.clock.set(what.offsetMs);
        return;
      case 'centre':
        world.processes.centre.tell({ [what.fault]: what.count });
        return;
      case 'full-disk':
        await this.#fillDisk(what.forMs, what.outliveClaims);
    }
  }

  async #fillDisk(forMs: number, outliveClaims: boolean): Promise<void> {
    const { world, acknowledged } = this.#options;
    const { centre } = world.processes;
    // A server that has just begun has no room set aside in its write-ahead log.
    await this.#restart();
    if (outliveClaims) {
      await this.#startAgain('centre');
      centre.tell({ answerDelayMs: slowCentreMs });
      await pause(headStartMs);
    }
    this.#due = acknowledged();
    this.#goesDown('disk');
    world.disk?.fill();
    await pause(forMs);
    world.disk?.empty();
    this.#isBack('disk');
    if (!outliveClaims) return;
    await pause(slowCentreMs);
    centre.tell({ answerDelayMs: 0 });
  }

  async #untilBusy(): Promise<void> {
    const { acknowledged, end } = this.#options;
    const from = acknowledged();
    this.#due = from;
    this.hurry = true;
    const until = performance.now() + longestBurstMs;
    while (acknowledged() < from + burst && performance.now() < until && !end.aborted) {
      await new Promise((resume) => setImmediate(resume));
    }
    this.hurry = false;
  }

  async #restart(): Promise<void> {
    this.#goesDown('server');
    await this.#options.world.processes.server.stop();
    await this.#startAgain('server');
  }

  async #startAgain(victim: Victim): Promise<void> {
    const process = this.#options.world.processes[victim];
    if (process.running) return;
    await process.start();
    this.#isBack(victim);
  }

  #nameOf(device: number): string {
    return `device ${this.#options.world.devices[device]?.id}`;
  }

  #goesDown(of: string): void {
    if (!this.#down.has(of)) this.#down.set(of, Date.now());
  }

  #isBack(of: string): void {
    const from = this.#down.get(of);
    this.#down.delete(of);
    if (from !== undefined) this.outages.push({ of, from, to: Date.now() });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}
