// Package #0 and DM messages as short messages, over SMPP 3.4 (DM-NOTI-1.3 §7.1, DM-PUSH §5.1.1, SMPP 3.4).
import { commandStatuses, readReceipt, type SmppPdu, setRegisteredDelivery } from '../../codec/smpp/index.ts';
import { closedError, lifeLeftMs, type Push, type ReportingBinding, type SendResult } from '../index.ts';
import {
  type AcceptedMessage,
  deviceNumber,
  joinReferences,
  messageReference,
  type OutMark,
  PushesOut,
  parseReferences,
  ReferenceCounter,
  type SmsTarget,
  type Submission,
  trackerSettings,
} from '../short-message/index.ts';
import type { SmppLink } from './link/smpp-link.ts';
import { statusOfLinks } from './links-status.ts';
import { type ReceiptCounters, ReceiptTracker } from './receipt/receipt-tracker.ts';
import { sameAccount } from './receipt/same-account.ts';
import {
  composeSettings,
  dispatcherSettings,
  receiptIdRule,
  receiptParts,
  type SmsSenderOptions,
} from './sender-options.ts';
import { SmsCarrier } from './sms-carrier.ts';
import { Composer } from './submit/compose.ts';
import { Dispatcher } from './submit/dispatcher.ts';
import type { LinkStatus } from './submit/lanes.ts';

/** A sender of short messages. Its receipts say *accepted*, with the centres' references; reports follow. */
export interface SmsSender extends ReportingBinding<SmsTarget> {
  /** A snapshot of the links, in order of preference. */
  links(): readonly LinkStatus[];
  /** What came of receipts. */
  receipts(): ReceiptCounters;
  /** Whether a message of a push that is under way may be out: as `SmsRoad.mayHave`. */
  mayHave(pushId: string): boolean;
}

/**
 * Makes a sender and connects it. It sends to one centre or several, waits while no link is up, sends again what was
 * left without an answer, and slows down when a centre asks for it.
 * @throws {ValueError} for settings that cannot be
 */
export function createSmsSender(options: SmsSenderOptions): SmsSender {
  const settings = composeSettings(options);
  const composer = new Composer(settings);
  const { onReceipt, destination = {}, receiptIds = {} } = options;
  const sending = dispatcherSettings(options, {
    onRequest: (link, request) => answer(link, request),
    onRoom: () => carrier.look(),
  });
  const { clock, random } = sending.timing;
  const reporting = onReceipt !== undefined && options.receipts !== 'none';
  const references = new ReferenceCounter(settings.referenceBits, random);
  const parts = receiptParts(options);
  const tracker = new ReceiptTracker({
    binding: 'sms',
    clock,
    ...trackerSettings(options),
    textId: receiptIdRule(receiptIds.text, 'receiptIds.text'),
    parameterId: receiptIdRule(receiptIds.parameter, 'receiptIds.parameter'),
    parts,
    sameAccount: sameAccount(sending.smscs),
    onReport: (report) => onReceipt?.(report),
    onUnmatched: options.onUnmatchedReceipt ?? (() => {}),
    onUnknownState: options.onUnknownState ?? (() => {}),
  });

  const answer = (link: SmppLink, request: SmppPdu): void => {
    const { sequence } = request;
    if (request.command !== 'deliver_sm' && request.command !== 'data_sm') {
      const status = commandStatuses.ESME_RINVCMDID;
      link.respond({ command: 'generic_nack', status, sequence });
      return;
    }
    const command = `${request.command}_resp` as const;
    const receipt = readReceipt(request);
    if (receipt === undefined) {
      // A message from a device: nobody here reads it, and refusing it would only bring it back.
      link.respond({ command, sequence });
      return;
    }
    void tracker.take(link.name, receipt).then((taken) => {
      link.respond({ command, sequence, status: taken ? 0 : commandStatuses.ESME_RX_T_APPN });
    });
  };
  const carrier = new SmsCarrier(options.carrier ?? 'sms', () => dispatcher.room);
  const dispatcher = new Dispatcher(sending);
  const out = new PushesOut();
  let closed = false;

  const deliver = async (
    push: Push,
    to: SmsTarget,
    mark: OutMark,
    signal: AbortSignal,
  ): Promise<SendResult> => {
    const number = deviceNumber(to.number, destination);
    const pdus = composer.compose(push, number, () => references.next(number.address), clock.now());
    if (parts === 'last') for (const pdu of pdus.slice(0, -1)) setRegisteredDelivery(pdu, 0);
    const life = {
      leftMs: lifeLeftMs(push, clock.now()),
      stamp: (pdu: Uint8Array): void => composer.stamp(pdu, push, clock.now()),
    };
    let submission: Submission | undefined;
    const finish = (accepted: readonly AcceptedMessage[]): SendResult => {
      const reference = joinReferences(accepted.map(messageReference));
      if (reporting && submission !== undefined) tracker.track(push.id, reference, accepted, submission);
      return { outcome: 'accepted', reference };
    };
    try {
      const begin = (): void => {
        submission = tracker.submissions.begin(number.address);
      };
      const moment = (): number => tracker.submissions.moment;
      return await dispatcher.send(
        { number: number.address, pdus, life, mark },
        signal,
        finish,
        begin,
        moment,
      );
    } finally {
      if (submission !== undefined) tracker.submissions.end(submission);
    }
  };

  return {
    name: 'sms',
    maxPayload: composer.maxPayload,
    carriers: carrier,
    send(push, to, signal) {
      if (closed) return Promise.reject(closedError('sms sender'));
      return out.attempt(push.id, (mark) => deliver(push, to, mark, signal));
    },
    expectReport(pushId, reference, to) {
      tracker.expect(pushId, reference, parseReferences(reference), to?.number);
    },
    links: () => dispatcher.links(),
    status: () => [statusOfLinks(carrier.of(), dispatcher.links())],
    receipts: () => tracker.counters(),
    mayHave: (pushId) => out.has(pushId),
    async close() {
      closed = true;
      await dispatcher.close();
    },
  };
}
