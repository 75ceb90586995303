// Push messages in memory, by the rules of the life cycle: enough for the host of the PAP endpoint and for results.
import { type Clock, StoreError } from '../../src/core/index.ts';
import type { PapPushesOptions, PapResultsOptions } from '../../src/server/index.ts';
import {
  changedMessage,
  judgeMessageChange,
  type PushMessageChange,
  type PushMessageEvent,
  type PushMessageRecord,
} from '../../src/store/index.ts';

type Role = PapPushesOptions['store'] & PapResultsOptions['store'];

export class MemoryMessages implements Role {
  readonly records = new Map<string, PushMessageRecord>();
  readonly events: PushMessageEvent[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  enqueueMessages: Role['enqueueMessages'] = async (requests) => {
    const now = this.#clock.now();
    for (const { initiator } of requests) {
      const used = [...this.records.values()].some(
        (held) =>
          held.initiator?.initiator === initiator?.initiator && held.initiator?.pushId === initiator?.pushId,
      );
      if (used) throw new StoreError('ALREADY_EXISTS', 'push-id');
    }
    return requests.map(({ notBefore = now, replaces, idempotency: _, ...request }) => {
      const old = replaces === undefined ? undefined : this.records.get(replaces.id);
      if (replaces !== undefined && old === undefined) throw new StoreError('UNKNOWN_MESSAGE', replaces.id);
      if (old !== undefined && !this.apply(old.id, { event: 'cancelled' }) && replaces?.required === true) {
        return { outcome: 'not-replaced', replaced: old };
      }
      const message: PushMessageRecord = {
        ...request,
        id: `m${this.records.size}`,
        octets: request.body.length,
        state: 'queued',
        attempts: 0,
        failures: 0,
        refusedAddresses: [],
        lease: 0,
        dueAt: notBefore,
        resultFailures: 0,
        createdAt: now,
        updatedAt: now,
      };
      this.records.set(message.id, message);
      return { outcome: 'queued', message };
    });
  };

  changeMessages: Role['changeMessages'] = async (changes) =>
    changes.map(({ id, change }) => {
      const before = this.records.get(id);
      if (before === undefined) return undefined;
      const verdict = judgeMessageChange(before, change);
      this.apply(id, change);
      return { verdict, message: this.records.get(id) ?? before };
    });

  messagesOfPush: Role['messagesOfPush'] = async (initiator, pushId) =>
    [...this.records.values()].filter(
      (held) => held.initiator?.initiator === initiator && held.initiator.pushId === pushId,
    );

  messageTimeline: Role['messageTimeline'] = async (id) =>
    this.events.filter((event) => event.messageId === id);

  claimDueResults: Role['claimDueResults'] = async ({ leaseMs }) => {
    const now = this.#clock.now();
    const due = [...this.records.values()].filter(({ resultDueAt = Infinity }) => resultDueAt <= now);
    for (const record of due) this.records.set(record.id, { ...record, resultDueAt: now + leaseMs });
    return due;
  };

  nextResultDueAt: Role['nextResultDueAt'] = async () => {
    const times = [...this.records.values()].flatMap(({ resultDueAt }) => resultDueAt ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  };

  onMessageEvent: Role['onMessageEvent'] = () => () => undefined;

  /** Makes a change; false when it is refused. */
  apply(id: string, change: PushMessageChange): boolean {
    const before = this.records.get(id);
    if (before === undefined || judgeMessageChange(before, change) === 'refused') return false;
    const at = this.#clock.now();
    const next = changedMessage(before, change, at);
    this.records.set(id, next);
    this.events.push({
      sequence: this.events.length,
      messageId: id,
      at,
      event: change.event,
      state: next.state,
    });
    return true;
  }
}
