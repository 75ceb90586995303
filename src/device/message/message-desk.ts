// Sessionless messages on their way through the device: what is not verified yet has places and time of its own; what its
// server signed is processed in that server's order, and no server waits for another.
import { bytesToHex, Places, TurnsByName } from '../../core/index.ts';
import type { ReceivedPush } from '../../push/index.ts';
import type { OpenedMessage } from '../../security/index.ts';
import { ignored } from '../report/verdict.ts';
import { StrangerPlaces } from '../strangers/stranger-places.ts';
import { WorkShare } from '../strangers/work-share.ts';
import type { MessageHost } from './message-run.ts';
import { type MessageResult, openPushed, processMessage, type RefusedMessage } from './process-message.ts';

/** What a desk works with. */
export interface MessageDeskHost extends MessageHost {
  /** Messages that are processed or wait for it, at most, and those of one server. */
  readonly maxPending: number;
  readonly maxPendingPerServer: number;
}

/** Octets of a message that wait in one place. */
const octetsOfPlace = 65_536;
/** Places of messages that wait to be verified, 32 MiB, and of one sender, 1 MiB. */
const unverified = { total: 512, perSender: 16 };

/** Takes messages. */
export class MessageDesk {
  readonly #host: MessageDeskHost;
  readonly #strangers = new StrangerPlaces(unverified);
  readonly #work: WorkShare;
  readonly #places: Places;
  readonly #turns = new TurnsByName();
  /** Digests of what has a place: copies are replays already. */
  readonly #under = new Set<string>();

  constructor(host: MessageDeskHost) {
    const { clock, signal, maxPending: total, maxPendingPerServer: perSource } = host;
    this.#host = host;
    this.#work = new WorkShare({ clock, signal, share: 0.2, allowanceMs: 500 });
    this.#places = new Places({ total, perSource });
  }

  /**
   * Opens a message and processes it when its server's earlier ones are done. `taken` is called once it is verified and
   * has its place. Never rejects.
   */
  async handle(push: ReceivedPush, taken: () => void): Promise<MessageResult> {
    const opened = await this.#open(push);
    if ('ignore' in opened) return opened;
    const { serverId, contentDigest } = opened;
    const name = `${serverId} ${bytesToHex(contentDigest)}`;
    if (this.#under.has(name)) {
      return { ...ignored('message-replay', 'the message is being processed'), serverId };
    }
    const place = this.#places.take(serverId, nothing);
    if (place === undefined) {
      const why = `${this.#places.held} messages wait, or ${this.#host.maxPendingPerServer} of this server`;
      return { ...ignored('too-many', why), serverId };
    }
    // It has proved who it is from: no other takes its place.
    place.finish();
    this.#under.add(name);
    taken();
    const waits = this.#turns.isBusy(serverId);
    try {
      return await this.#turns.run(serverId, async () => {
        // The ones before it may have changed the keys of its server, or taken its account away.
        const now = waits ? openPushed(push, this.#host.tree) : opened;
        return 'ignore' in now ? now : await processMessage(now, this.#host);
      });
    } finally {
      this.#under.delete(name);
      place.release();
    }
  }

  async #open(push: ReceivedPush): Promise<OpenedMessage | RefusedMessage> {
    const place = this.#strangers.take(push, Math.max(1, Math.ceil(push.body.length / octetsOfPlace)));
    if (place === undefined) return ignored('message-too-large', `${push.body.length} octets`);
    try {
      const { tree, signal } = this.#host;
      const given = AbortSignal.any([signal, place.signal]);
      const opened = await this.#work.run(() => openPushed(push, tree), given);
      if (opened !== undefined) return opened;
      return signal.aborted
        ? ignored('stopping', 'the device stops')
        : ignored('too-many', 'too many messages wait to be verified: it gave way to a newer one');
    } finally {
      place.release();
    }
  }
}

function nothing(): void {
  // Never called: what holds a place here does not give way.
}
