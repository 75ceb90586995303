// The links to all centres: which of them takes the next message.
import type { SmppPdu } from '../../../codec/smpp/index.ts';
import type { PushError } from '../../../core/index.ts';
import type { LinkTiming, SmsCentreSettings, SmscSettings } from '../link/link-options.ts';
import { type BindFields, type LinkState, SmppLink } from '../link/smpp-link.ts';
import { FullQueues } from './full-queues.ts';
import { Pacer } from './pacer.ts';

/** What a link is for: a receiver takes receipts and sends nothing. */
export type LinkRole = 'transceiver' | 'transmitter' | 'receiver';

/** A link, for a status page. */
export interface LinkStatus {
  /** Name of the centre. */
  readonly smsc: string;
  readonly role: LinkRole;
  readonly state: LinkState;
  /** Messages that wait for the centre's answer. */
  readonly inFlight: number;
  /** Messages a second that it may send now; absent without a limit. */
  readonly rate: number | undefined;
  /** Why it is down, or was last. */
  readonly lastError: PushError | undefined;
}

/** Settings of the links. */
export interface LanesSettings {
  readonly smscs: readonly SmsCentreSettings[];
  /** Whether receipts come, for which centres with separate binds get a receiver. */
  readonly receiving: boolean;
  readonly connections: number;
  readonly distribution: 'in-order' | 'spread';
  readonly timing: LinkTiming;
  readonly window: number;
  readonly throughput: number | undefined;
}

/** What the links tell. None of these may throw. */
export interface LanesEvents {
  /** A request of a centre: a receipt, or something to refuse. */
  onRequest(link: SmppLink, request: SmppPdu): void;
  /** A link came up (no error), went down, or could not be made. */
  onLink(smsc: string, error: PushError | undefined, role: LinkRole): void;
  /** There may be room for another message. */
  onRoom(): void;
  /** A centre answers oddly, and is understood all the same. */
  onDeviation(detail: string): void;
}

/** A link and its pace. */
export interface Lane {
  readonly link: SmppLink;
  readonly role: LinkRole;
  readonly pacer: Pacer;
  /** Of its centre. */
  readonly fullQueues: FullQueues;
}

/** All links, in order of preference. Those that only receive are looked at by nobody who sends. */
export class Lanes {
  readonly #settings: LanesSettings;
  readonly #lanes: readonly Lane[];
  /** One for each centre with separate binds. */
  readonly #receivers: readonly SmppLink[];
  #turn = 0;

  /** Does nothing before `start`. */
  constructor(settings: LanesSettings, events: LanesEvents) {
    this.#settings = settings;
    this.#lanes = settings.smscs.flatMap((smsc) => {
      const fullQueues = new FullQueues(settings.timing.clock);
      return Array.from({ length: settings.connections }, () => makeLane(smsc, settings, events, fullQueues));
    });
    this.#receivers = settings.smscs.flatMap(({ receiver }) =>
      receiver === undefined || !settings.receiving ? [] : [makeReceiver(receiver, settings, events)],
    );
  }

  /** Connects. */
  start(): void {
    for (const receiver of this.#receivers) receiver.start();
    for (const { link } of this.#lanes) link.start();
  }

  /** True while a centre may answer. */
  get standing(): boolean {
    return this.#lanes.some(({ link }) => link.state === 'bound' || link.state === 'draining');
  }

  /** The one that may send a message now, and is taken to do so: of the most preferred centre that is up, or of any. */
  choose(): Lane | undefined {
    const { window, distribution } = this.#settings;
    const preferred = distribution === 'in-order' ? this.#preferred() : undefined;
    if (distribution === 'in-order' && preferred === undefined) return undefined;
    const count = this.#lanes.length;
    this.#turn = (this.#turn + 1) % count;
    for (let i = 0; i < count; i += 1) {
      const lane = this.#lanes[(this.#turn + i) % count];
      if (lane === undefined || (preferred !== undefined && lane.link.name !== preferred)) continue;
      if (lane.link.ready && lane.link.inFlight < window && lane.pacer.take()) return lane;
    }
    return undefined;
  }

  /**
   * How many messages may leave within `withinMs` from now; `undefined` while no link is up that they may go over. Where it
   * is 0, `onRoom` follows.
   */
  room(withinMs: number): number | undefined {
    const { window, distribution } = this.#settings;
    const preferred = distribution === 'in-order' ? this.#preferred() : undefined;
    let room: number | undefined;
    for (const { link, pacer } of this.#lanes) {
      if (link.state !== 'bound' || (distribution === 'in-order' && link.name !== preferred)) continue;
      const inWindow = link.ready ? Math.max(window - link.inFlight, 0) : 0;
      room = (room ?? 0) + (inWindow === 0 ? 0 : Math.min(inWindow, pacer.allowance(withinMs)));
    }
    return room;
  }

  /** A snapshot, in order of preference; what only receives comes last. */
  status(): readonly LinkStatus[] {
    const shown = (link: SmppLink, role: LinkRole, rate = Number.POSITIVE_INFINITY): LinkStatus => ({
      smsc: link.name,
      role,
      state: link.state,
      inFlight: link.inFlight,
      rate: rate === Number.POSITIVE_INFINITY ? undefined : rate,
      lastError: link.lastError,
    });
    return [
      ...this.#lanes.map(({ link, role, pacer }) => shown(link, role, pacer.rate)),
      ...this.#receivers.map((link) => shown(link, 'receiver')),
    ];
  }

  /** Waits for answers in flight, unbinds and closes. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ link }) => link.close()));
    for (const { pacer } of this.#lanes) pacer.close();
    // Receipts of the last messages may still have come over them.
    await Promise.all(this.#receivers.map((link) => link.close()));
  }

  /** Name of the centre that is to be used now; `undefined` when none is up. */
  #preferred(): string | undefined {
    for (const { link } of this.#lanes) {
      // A centre that is still being tried for the first time is not passed over.
      if (!link.tried) return undefined;
      if (link.state === 'bound') return link.name;
    }
    return undefined;
  }
}

const transceiver: BindFields = {
  command: 'bind_transceiver',
  advice: 'a centre that knows no transceivers needs "bind": "separate"',
};

function makeLane(
  { sender: smsc, receiver }: SmsCentreSettings,
  settings: LanesSettings,
  events: LanesEvents,
  fullQueues: FullQueues,
): Lane {
  const { timing, throughput } = settings;
  const role = receiver === undefined ? 'transceiver' : 'transmitter';
  const bind: BindFields = receiver === undefined ? transceiver : { command: 'bind_transmitter' };
  const link = new SmppLink(smsc, bind, timing, {
    onUp: () => {
      events.onLink(smsc.name, undefined, role);
      events.onRoom();
    },
    onDown: (error) => {
      events.onLink(smsc.name, error, role);
      events.onRoom();
    },
    onRequest: (request) => events.onRequest(link, request),
    onDrain: () => events.onRoom(),
    onDeviation: (detail) => events.onDeviation(detail),
  });
  const pacer = new Pacer({
    clock: timing.clock,
    throughput,
    pauseMs: timing.backOffMs,
    maxPauseMs: timing.maxBackOffMs,
    onReady: () => events.onRoom(),
  });
  return { link, role, pacer, fullQueues };
}

/** A link over which only receipts come: whether it stands is nothing to those who send. */
function makeReceiver(smsc: SmscSettings, { timing }: LanesSettings, events: LanesEvents): SmppLink {
  const { name } = smsc;
  const bind: BindFields = { command: 'bind_receiver', label: `${name} (receiver)` };
  const link: SmppLink = new SmppLink(smsc, bind, timing, {
    onUp: () => events.onLink(name, undefined, 'receiver'),
    onDown: (error) => events.onLink(name, error, 'receiver'),
    onRequest: (request) => events.onRequest(link, request),
    onDrain: () => {},
    onDeviation: (detail) => events.onDeviation(detail),
  });
  return link;
}
