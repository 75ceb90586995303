// A road of short messages over HTTP: a company that takes them by a request and tells by another what became of them.

import { HttpClient } from '../http/index.ts';
import {
  closedError,
  PacedCarriers,
  type Push,
  paceDefaults,
  type ReportingBinding,
  type SendResult,
} from '../index.ts';
import {
  type AcceptedMessage,
  deviceNumber,
  joinReferences,
  messageReference,
  newToken,
  type OutMark,
  type PartCounters,
  PartTracker,
  PushesOut,
  PushSegments,
  parseReferences,
  type RoadAnswer,
  type RoadCallback,
  RoadHealth,
  type SmsTarget,
  secretsOut,
  tokenId,
  trackerSettings,
} from '../short-message/index.ts';
import { CentreCarriers } from './centre-carriers.ts';
import { centreFindings } from './centre-findings.ts';
import { CentrePause } from './centre-pause.ts';
import { centreSettings } from './centre-settings.ts';
import { composeMessage } from './compose-message.ts';
import type { HttpCentreOptions } from './http-centre-options.ts';
import { MessagePace } from './message-pace.ts';
import { answerCallback } from './receipt-desk.ts';
import { type Submitting, submitMessage } from './submit-message.ts';

/** What came of receipts. */
export interface CentreCounters extends PartCounters {
  /** Receipts that were about no message of ours: of another application at the same account, say. */
  readonly foreign: number;
}

/** A road. Its receipts say *accepted*, with the company's ids or what stands for our tokens; reports follow by `receive`. */
export interface HttpCentre extends ReportingBinding<SmsTarget> {
  /** Takes a request of the company. Never rejects. */
  receive(request: RoadCallback): Promise<RoadAnswer>;
  /** False for a while after it could not be reached, did not answer, or did not take the account. */
  isUp(): boolean;
  /** As `SmsRoad.onDown`. */
  onDown(listener: () => void): () => void;
  /** Whether a message of a push that is under way may be out: as `SmsRoad.mayHave`. */
  mayHave(pushId: string): boolean;
  /** What came of receipts. */
  receipts(): CentreCounters;
}

/**
 * Makes a road. Nothing is sent before the first push.
 * @throws {ValueError} for settings that cannot be, with their path
 */
export function createHttpCentre(options: HttpCentreOptions): HttpCentre {
  const settings = centreSettings(options);
  const { name, clock, random } = settings;
  for (const { path, what } of centreFindings(options)) options.onWarning?.(`${path}: ${what}`);
  const cutter = new PushSegments(options, random);
  const client = new HttpClient({ ...options, random: undefined, preemptiveBasic: true });
  const tracker = new PartTracker({
    binding: 'sms',
    clock,
    ...trackerSettings(options),
    parts: 'each',
    onReport: (report) => options.onReceipt?.(report),
    ...(options.onUnmatchedReceipt === undefined ? {} : { onUnmatched: options.onUnmatchedReceipt }),
  });
  const carrier = `sms:${name}`;
  const { places = paceDefaults.places, perSecond, throughput } = options;
  const messages =
    throughput === undefined ? undefined : new MessagePace(throughput, settings.attemptMs, clock);
  const pace = { places: Math.min(places, messages?.places ?? places), perSecond };
  const paced = new PacedCarriers<SmsTarget>(new Map([[carrier, pace]]), () => carrier, clock);
  const pause = new CentrePause(clock, () => carriers.resume());
  const carriers = new CentreCarriers(paced, () => pause.isOn);
  const secrets = [
    ...settings.secrets,
    ...(options.credentials === undefined ? [] : [options.credentials.password]),
  ];
  const withoutSecrets = secretsOut(secrets);
  const health = new RoadHealth(clock, settings.downMs, withoutSecrets);
  const submitting: Omit<Submitting, 'inTurn' | 'mark'> = {
    settings,
    client,
    credentials: options.credentials,
    names: { peer: `${name} (${settings.request.url.origin})`, withoutSecrets },
    pause,
    health,
  };
  const reporting = options.onReceipt !== undefined && settings.receipts !== undefined;
  /** Numbers by what stands for tokens that have left, before the push is tracked. */
  const leaving = new Map<string, string>();
  let foreign = 0;
  let closed = false;
  const underWay = new Set<Promise<unknown>>();
  const out = new PushesOut();

  const deliver = async (
    push: Push,
    { number }: SmsTarget,
    mark: OutMark,
    signal: AbortSignal,
  ): Promise<SendResult> => {
    const address = deviceNumber(number);
    const segments = cutter.cut(push, address.address);
    const turn = messages?.begin(segments.length) ?? 0;
    const inTurn: Submitting['inTurn'] = (work) =>
      messages === undefined ? work() : messages.run(turn, signal, work);
    const submission = tracker.submissions.begin(address.address);
    const own: string[] = [];
    const accepted: AcceptedMessage[] = [];
    try {
      for (const [index, segment] of segments.entries()) {
        const token = newToken();
        const standsFor = tokenId(token);
        const place = { push, number, address, part: index + 1, parts: segments.length };
        const request = composeMessage(settings, segment, place, token);
        own.push(standsFor);
        leaving.set(standsFor, address.address);
        const id = await submitMessage({ ...submitting, inTurn, mark }, request, index > 0, signal);
        const messageId = settings.receipts?.tie === 'token' ? standsFor : id;
        accepted.push({ smsc: name, messageId, answeredAt: tracker.submissions.moment });
      }
      const reference = joinReferences(accepted.map(messageReference));
      if (reporting) tracker.track(push.id, reference, accepted, submission);
      return { outcome: 'accepted', reference };
    } finally {
      tracker.submissions.end(submission);
      for (const one of own) leaving.delete(one);
    }
  };

  return {
    name: 'sms',
    maxPayload: cutter.maxPayload,
    carriers,
    send(push, to, signal) {
      if (closed) return Promise.reject(closedError('sms sender'));
      const sending = out.attempt(push.id, (mark) =>
        paced.run(to, signal, () => deliver(push, to, mark, signal)),
      );
      const settled = sending.then(
        () => undefined,
        () => undefined,
      );
      underWay.add(settled);
      void settled.then(() => underWay.delete(settled));
      return sending;
    },
    expectReport(pushId, reference, to) {
      tracker.expect(pushId, reference, parseReferences(reference), to?.number);
    },
    receive: (request) =>
      answerCallback(request, reporting ? settings.receipts : undefined, {
        numberOf: (id) => leaving.get(id),
        knows: (id) => leaving.has(id) || tracker.knows(name, id),
        take: (receipt) => tracker.take(name, receipt),
        foreign: (count) => {
          foreign += count;
          options.onForeignReceipts?.(count);
        },
        unknownState: (state) => options.onUnknownState?.({ smsc: name, state }),
      }),
    isUp: () => health.isUp,
    mayHave: (pushId) => out.has(pushId),
    onDown: (listener) => health.onDown(listener),
    status: () => [health.status(carrier)],
    receipts: () => ({ ...tracker.counters(), foreign }),
    async close() {
      closed = true;
      paced.close();
      await Promise.all(underWay);
      messages?.close();
      pause.close();
      await client.close();
    },
  };
}
