// One binding for `sms:` out of several roads: the longest prefix of the number picks them, and where the first one certainly
// did not take a push, the next one gets it.
import { PushError, ValueError } from '../../core/index.ts';
import {
  carrierSuspendedCode,
  type DeliveryReport,
  type Push,
  type ReportingBinding,
  type SendResult,
} from '../index.ts';
import type { SmsRoad, SmsTarget } from '../short-message/index.ts';
import { Doubts } from './doubts.ts';
import { DownWatch } from './down-watch.ts';
import { RoadCarriers } from './road-carriers.ts';
import { RouteTable, type SmsRoute } from './route-table.ts';

/** Settings of routes. */
export interface SmsRoutesOptions {
  /** By their names, of letters, digits, `-` and `_`. At least one. They are closed with the binding. */
  readonly roads: ReadonlyMap<string, SmsRoad>;
  readonly routes: readonly SmsRoute[];
  /** Called for each push that goes by another road than the one before it in its list. Must not throw. */
  readonly onFallOver?: ((fallOver: FallOver) => void) | undefined;
}

/** A push that goes by another road. */
export interface FallOver {
  /** The road that does not get it. */
  readonly from: string;
  readonly to: string;
  /** `down`, `full` and `suspended`: it was not asked, for it reaches nobody, has no place or gets none; else the code of its refusal. */
  readonly reason: string;
  /** What it said, or what went wrong there last. Without secrets. */
  readonly detail?: string;
}

/** Names of roads: they stand in references, paths and names of carriers. */
const namePattern = /^[A-Za-z0-9_-]{1,32}$/;

/** @throws {ValueError} BAD_FORMAT for a name that a road cannot have */
export function requireRoadName(name: string, path = 'roads'): void {
  if (namePattern.test(name)) return;
  const shown = JSON.stringify(name.slice(0, 40));
  throw new ValueError('BAD_FORMAT', `${shown} is not 1 to 32 letters, digits, - and _`, path);
}

/** What a road reports, under the reference that the push has here. */
export function reportOfRoad(name: string, report: DeliveryReport): DeliveryReport {
  const reference = referenceOf(name, report.reference);
  return { ...report, reference, references: report.references.map((one) => referenceOf(name, one)) };
}

/** The carrier of a road. */
export function carrierOfRoad(name: string): string {
  return `sms:${name}`;
}

/**
 * Puts roads together. Its references are `ROAD/REFERENCE`; a road's reports have to come through `reportOfRoad`. Carriers are
 * one for each list of roads, such as `sms:a+b`, which has room as long as one of the roads has.
 *
 * A push goes to the first road that is up and has room. Where that says that it did not take it (`PushError.notTaken`) and
 * that it may be tried again, the next one gets it, and so it is with what waits at a road that goes down; what is in doubt, and what is refused for good, ends the attempt. Later attempts
 * of a push that is in doubt go by the same road: this binding remembers it, and where `carriers.heldBy` is kept and given back as
 * `Push.heldBy`, the next process does. A road that is suspended (`carriers.suspend`) gets none, and what waits there without having
 * left goes on as at one that goes down.
 * @throws {ValueError} for routes or names that cannot be
 */
export function createSmsRoutes({
  roads,
  routes,
  onFallOver,
}: SmsRoutesOptions): ReportingBinding<SmsTarget> {
  for (const name of roads.keys()) requireRoadName(name);
  const table = new RouteTable(routes, [...roads.keys()]);
  const doubts = new Doubts();
  const carriers = new RoadCarriers(roads, table, doubts);
  const watch = new DownWatch(roads);
  carriers.onSuspended((name) => watch.suspended(name));

  const send = async (push: Push, to: SmsTarget, signal: AbortSignal): Promise<SendResult> => {
    const list = table.roadsOf(to.number);
    const holder = carriers.roadOf(push.heldBy) ?? doubts.of(push.id);
    const held = holder !== undefined && list.includes(holder);
    let left = held ? [holder] : carriers.usable(list);
    if (left.length === 0 || (held && carriers.roadIsSuspended(holder))) throw suspendedError(list);
    if (!held) tellPassedOver(list, left);
    const failed: string[] = [];
    for (;;) {
      const name = carriers.next(left);
      left = left.filter((other) => other !== name);
      // Whoever gives up waiting while it is under way asks which road may have it. What it may have had before, it still may.
      const { binding, mayHave } = roadOf(name);
      const doubt = doubts.begin(push.id, name, () => held || mayHave(push.id));
      try {
        const elsewhere = (): boolean => left.some((other) => carriers.takes(other));
        const result = await watch.attempt(name, push.id, elsewhere, signal, (until) =>
          binding.send(push, to, until),
        );
        doubts.settle(push.id, doubt);
        return ofRoad(name, result);
      } catch (error) {
        const passing = error instanceof PushError && error.retryable;
        // Where it was held, nothing new is known of what that road may have taken before.
        if (!passing || (error.notTaken && !held)) doubts.settle(push.id, doubt);
        else doubts.keep(push.id, doubt);
        if (!passing || !error.notTaken || signal.aborted) throw error;
        left = left.filter((other) => !carriers.roadIsSuspended(other));
        if (left.length === 0) throw failed.length === 0 ? error : allFailed(failed, name, error);
        failed.push(`${name}: ${error.message}`);
        const { code: reason, message: detail } = error;
        onFallOver?.({ from: name, to: carriers.next(left), reason, detail });
      }
    }
  };
  /** Tells of the first road of the list, where another one gets the push unasked. */
  const tellPassedOver = (list: readonly string[], left: readonly string[]): void => {
    const [from] = list;
    const to = carriers.next(left);
    if (from === undefined || onFallOver === undefined || to === from) return;
    const detail = roads.get(from)?.binding.status?.()[0]?.lastError;
    if (carriers.roadIsSuspended(from)) onFallOver({ from, to, reason: 'suspended' });
    else if (left.includes(from)) onFallOver({ from, to, reason: 'full' });
    else onFallOver({ from, to, reason: 'down', ...(detail !== undefined && { detail }) });
  };
  const roadOf = (name: string): SmsRoad => {
    const road = roads.get(name);
    if (road === undefined) throw new ValueError('BAD_FORMAT', `there is no road ${name}`, 'reference');
    return road;
  };

  return {
    name: 'sms',
    maxPayload: Math.max(...[...roads.values()].map(({ binding }) => binding.maxPayload)),
    carriers,
    send,
    expectReport(pushId, reference, to) {
      const [, name = '', own = ''] = /^([A-Za-z0-9_-]{1,32})\/(.+)$/s.exec(reference) ?? [];
      if (name === '') {
        const shown = JSON.stringify(reference.slice(0, 80));
        throw new ValueError('BAD_FORMAT', `${shown} does not name its road`, 'reference');
      }
      roadOf(name).binding.expectReport(pushId, own, to);
    },
    status: () => carriers.status(),
    async close() {
      watch.close();
      await Promise.all([...roads.values()].map(({ binding }) => binding.close()));
    },
  };
}

function referenceOf(name: string, reference: string): string {
  return `${name}/${reference}`;
}

function ofRoad(name: string, result: SendResult): SendResult {
  return 'reference' in result && result.reference !== undefined
    ? { ...result, reference: referenceOf(name, result.reference) }
    : result;
}

/** Every road that the push could go by is suspended. */
function suspendedError(list: readonly string[]): PushError {
  const names = list.map(carrierOfRoad).join(', ');
  return new PushError(carrierSuspendedCode, `${names}: suspended`, true, { notTaken: true });
}

/** What all roads said, with the code of the last one. */
function allFailed(failed: readonly string[], name: string, last: PushError): PushError {
  const text = [...failed, `${name}: ${last.message}`].join('; ');
  return new PushError(last.code, text, true, { cause: last, notTaken: true });
}
