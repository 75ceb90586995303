// A road of short messages through Kannel's sendsms: one request for each message, cut and counted by ourselves, and a token of ours as
// the only tie between it and its reports (what Kannel 1.4.5 does).
import { HttpClient } from '../http/index.ts';
import { InFlight, PacedCarriers, type Push, type ReportingBinding, type SendResult } from '../index.ts';
import {
  deviceNumber,
  joinReferences,
  messageReference,
  newToken,
  type OutMark,
  PushesOut,
  PushSegments,
  parseReferences,
  partlyOut,
  RoadHealth,
  type SmsRoad,
  type SmsTarget,
  tokenId,
  validitySeconds,
} from '../short-message/index.ts';
import { type KannelRoadOptions, kannelDefaults, kannelSettings } from './kannel-options.ts';
import { type KannelCounters, ReportDesk } from './report-desk.ts';
import { requestSecretsOut } from './request-secrets.ts';
import { reportUrl, sendsmsUrl } from './sendsms-request.ts';
import { type SubmitContext, submit } from './submission.ts';

/** A road through Kannel. */
export interface KannelRoad extends SmsRoad {
  /** Its receipts say *accepted*; reports follow, where Kannel reaches `callbackUrl`. */
  readonly binding: ReportingBinding<SmsTarget>;
  isUp(): boolean;
  mayHave(pushId: string): boolean;
  readonly callbacks: NonNullable<SmsRoad['callbacks']>;
  reports(): KannelCounters;
}

/**
 * Makes it; nothing is connected before the first push.
 * @throws {ValueError} for settings that cannot be
 */
export function createKannelRoad(options: KannelRoadOptions): KannelRoad {
  const { name, carrier = `sms:${name}`, callbackUrl = () => undefined, onReport, tls } = options;
  const { random = Math.random, connectMs, responseMs = kannelDefaults.responseMs } = options;
  const { maxConnections = kannelDefaults.maxConnections, places, perSecond } = options;
  const settings = kannelSettings(options);
  const { clock } = settings;
  const segments = new PushSegments(options, random);
  const client = new HttpClient({ tls, connectMs, responseMs, maxConnections, clock });
  const carriers = new PacedCarriers<SmsTarget>(
    new Map([[carrier, { places, perSecond }]]),
    () => carrier,
    clock,
  );
  const inFlight = new InFlight('kannel road');
  const out = new PushesOut();
  const closing = new AbortController();
  const desk = new ReportDesk({ name, clock, options });
  const { tracker } = desk;
  const withoutSecrets = requestSecretsOut(options.password);
  const health = new RoadHealth(clock, settings.downMs, withoutSecrets);
  const warned = new Set<string>();
  const context: SubmitContext = {
    client,
    settings,
    closing: closing.signal,
    health,
    withoutSecrets,
    onWarning: (detail) => {
      const kind = detail.slice(0, 60);
      if (warned.has(kind)) return;
      warned.add(kind);
      options.onWarning?.(detail);
    },
  };

  const deliver = async (
    push: Push,
    to: SmsTarget,
    mark: OutMark,
    signal: AbortSignal,
  ): Promise<SendResult> => {
    const { address } = deviceNumber(to.number);
    const cut = segments.cut(push, address);
    const reportsTo = onReport === undefined ? undefined : callbackUrl();
    const tokens = cut.map(newToken);
    const accepted = tokens.map((token) => ({ smsc: name, messageId: tokenId(token) }));
    const reference = joinReferences(accepted.map(messageReference));
    const life = (): number | undefined => validitySeconds(push, settings.longestSeconds, clock.now());
    life();
    const submission = reportsTo === undefined ? undefined : desk.begin(address, accepted);
    try {
      for (const [index, segment] of cut.entries()) {
        const token = tokens[index] ?? '';
        const url = (): URL =>
          sendsmsUrl(settings, {
            to: to.number,
            segment,
            validitySeconds: life(),
            reportUrl: reportsTo === undefined ? undefined : reportUrl(reportsTo, token),
          });
        await submit(context, url, mark, signal).catch((error: unknown) => {
          throw partlyOut(error, index, cut.length);
        });
      }
      if (submission !== undefined) tracker.track(push.id, reference, accepted, submission);
      return { outcome: 'accepted', reference };
    } finally {
      if (submission !== undefined) desk.end(submission, accepted);
    }
  };

  return {
    binding: {
      name: 'sms',
      maxPayload: segments.maxPayload,
      carriers,
      send: (push, to, signal) =>
        out.attempt(push.id, (mark) =>
          carriers.run(to, signal, () => inFlight.run(() => deliver(push, to, mark, signal))),
        ),
      expectReport(pushId, reference, to) {
        tracker.expect(pushId, reference, parseReferences(reference), to?.number);
      },
      status: () => [health.status(carrier)],
      async close() {
        closing.abort();
        carriers.close();
        await inFlight.close();
        await client.close();
      },
    },
    isUp: () => health.isUp,
    mayHave: (pushId) => out.has(pushId),
    onDown: (listener) => health.onDown(listener),
    callbacks: { maxBody: 0, take: (request) => desk.take(request) },
    reports: () => desk.counters(),
  };
}
