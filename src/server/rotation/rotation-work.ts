// Replaces secrets in sessions, after whatever else there is to do (DM-NOTI-1.2 §5.1, step 6; spec-notes ruling 27): finds the
// node, sends a Replace, and believes nothing but the device's 200. What was sent is on disk before it goes out.
import type { ManagementCommand } from '../../codec/syncml/index.ts';
import type { Logger } from '../../core/index.ts';
import type { ClientReport, CommandProvider, SessionEnd } from '../../session/index.ts';
import {
  openRotation,
  type RotatedSide,
  type RotationStep,
  type RotationStore,
  type StoredRotation,
} from '../../store/index.ts';
import type { Answered } from '../command/job-commands.ts';
import type { SessionSubject, SessionWork } from '../work/session-work.ts';
import { chooseSecret, type Found, searchAccount } from './account-search.ts';

/** Sessions in a row that may begin with a replacement and hear nothing of it. */
export const rotationTries = 5;

/** A replacement that a session takes on. */
interface Replacement extends StoredRotation {
  readonly deviceId: string;
  readonly side: RotatedSide;
  readonly secret: string;
}

/** Puts the replacement of secrets behind other work. */
export class RotationWork implements SessionWork {
  readonly #inner: SessionWork;
  readonly #store: RotationStore;
  readonly #logger: Logger;
  readonly #replaces = new WeakMap<ManagementCommand, Replacement>();
  readonly #settled = new WeakSet<ManagementCommand>();

  constructor(inner: SessionWork, store: RotationStore, logger: Logger) {
    this.#inner = inner;
    this.#store = store;
    this.#logger = logger;
  }

  commands(subject: SessionSubject): CommandProvider {
    const inner = this.#inner.commands(subject);
    const { device } = subject;
    const replacements = (['server', 'client'] as const).flatMap((side) => {
      const open = openRotation(device.rotations, side);
      return open === undefined ? [] : [{ ...open, deviceId: device.id, side }];
    });
    if (replacements.length === 0) return inner;
    const steps = this.#steps(subject, replacements);
    let begun = false;
    return {
      next: async (said) => {
        const replies = repliesIn(said);
        await this.#settle(replies);
        const commands = await inner.next(said);
        if (commands.length > 0) return commands;
        const next = await steps.next(begun ? replies : new Map());
        begun = true;
        return next.done === true ? [] : next.value;
      },
    };
  }

  async reported(
    subject: SessionSubject,
    reports: readonly ClientReport[],
    end: SessionEnd | undefined,
  ): Promise<void> {
    await this.#settle(repliesIn(reports));
    await this.#inner.reported(subject, reports, end);
  }

  /** Package by package: the search, unless every node is known, then one Replace after the other. */
  async *#steps(
    { device }: SessionSubject,
    open: readonly Replacement[],
  ): AsyncGenerator<readonly ManagementCommand[], void, ReadonlyMap<ManagementCommand, Answered>> {
    const replacements: Replacement[] = [];
    for (const replacement of open) {
      if (await this.#begin(replacement)) replacements.push(replacement);
    }
    let found: Found | undefined;
    for (const replacement of replacements) {
      if (replacement.uri === undefined && found === undefined) {
        const search = searchAccount(device.serverId);
        let turn = search.next();
        let heard = false;
        while (turn.done !== true) {
          const replies = yield turn.value;
          if (!heard && [...replies.values()].some(({ statuses }) => statuses.length > 0)) {
            heard = true;
            for (const each of replacements) await this.#step(each, { step: 'heard' });
          }
          turn = search.next(replies);
        }
        found = turn.value;
      }
      const place = this.#placeOf(replacement, found, device);
      if ('problem' in place) {
        await this.#giveUp(replacement, place.problem);
        continue;
      }
      if (!(await this.#step(replacement, { step: 'sent' }))) continue;
      const replace = replaceOf(place.uri, replacement.secret);
      this.#replaces.set(replace, replacement);
      yield [replace];
    }
  }

  /** True when this session is to try it; one that sessions end at is left alone. */
  async #begin(replacement: Replacement): Promise<boolean> {
    if (replacement.tries < rotationTries) return this.#step(replacement, { step: 'tried' });
    const reason = `${replacement.tries} sessions ended without a word on it`;
    if (replacement.reason !== reason) await this.#giveUp(replacement, reason, false);
    return false;
  }

  #placeOf(
    { uri, side }: Replacement,
    found: Found | undefined,
    { serverCredentials, clientCredentials }: SessionSubject['device'],
  ): { readonly uri: string } | { readonly problem: string } {
    if (uri !== undefined) return { uri };
    if (found === undefined || 'problem' in found) return found ?? { problem: 'its account was not found' };
    const { scheme } = (side === 'server' ? serverCredentials : clientCredentials) ?? serverCredentials;
    return chooseSecret(found.entries, side, scheme);
  }

  /** Takes in what the device said to a Replace. */
  async #settle(replies: ReadonlyMap<ManagementCommand, Answered>): Promise<void> {
    for (const [command, { statuses }] of replies) {
      const replacement = this.#replaces.get(command);
      const [first] = statuses;
      if (replacement === undefined || first === undefined || this.#settled.has(command)) continue;
      const refusal = statuses.find(({ status }) => status !== 200);
      if (refusal === undefined) {
        const { deviceId: device, side } = replacement;
        if (await this.#step(replacement, { step: 'completed' })) {
          this.#logger.info({ device, which: side }, 'the device holds its new secret');
        }
      } else {
        await this.#giveUp(replacement, `the device answered the Replace with status ${refusal.status}`);
      }
      this.#settled.add(command);
    }
  }

  /**
   * It will not be replaced in this session. What no earlier session has sent is over: the device holds the old secret. Of
   * one that may have been carried out before, both are kept.
   */
  async #giveUp(replacement: Replacement, reason: string, heard = true): Promise<void> {
    const { deviceId: device, side, state } = replacement;
    const over = state === 'pending';
    await this.#step(replacement, over ? { step: 'failed', reason } : { step: 'noted', reason, heard });
    const says = over
      ? 'a secret is not replaced'
      : 'a secret that may have been replaced is not replaced again';
    this.#logger.warn({ device, which: side, reason }, says);
  }

  async #step({ deviceId, side, id }: Replacement, step: RotationStep): Promise<boolean> {
    return (await this.#store.advanceRotation(deviceId, side, id, step)) !== undefined;
  }
}

function repliesIn(said: readonly ClientReport[]): ReadonlyMap<ManagementCommand, Answered> {
  const replies = new Map<ManagementCommand, Answered>();
  for (const report of said) if (report.effect === 'answered') replies.set(report.command, report);
  return replies;
}

function replaceOf(uri: string, secret: string): ManagementCommand {
  const item = { target: { uri }, meta: { format: 'chr', type: 'text/plain' }, data: secret };
  return { name: 'Replace', cmdId: '1', items: [item] };
}
