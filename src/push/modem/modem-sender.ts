// Package #0 and DM messages as short messages, through a modem in PDU mode (DM-NOTI-1.3 §7.1, DM-PUSH §5.1.1, 3GPP TS 27.005).
import { encodeSubmit, type SmsTpdu, statusText, withServiceCentre } from '../../codec/sms/index.ts';
import { PushError, sleep } from '../../core/index.ts';
import {
  abortError,
  type CarrierStatus,
  InFlight,
  type Push,
  type ReportingBinding,
  type SendResult,
} from '../index.ts';
import {
  type AcceptedMessage,
  deviceNumber,
  joinReferences,
  messageReference,
  type OutMark,
  type PartCounters,
  type PartReceipt,
  PartTracker,
  PushesOut,
  type PushSegment,
  PushSegments,
  parseReferences,
  partlyOut,
  type SmsTarget,
  type Submission,
  trackerSettings,
  validitySeconds,
} from '../short-message/index.ts';
import { LateAnswers } from './late-answers.ts';
import { ModemError } from './line/modem-error.ts';
import type { ModemStatus } from './modem/modem-status.ts';
import { readPdu } from './modem/read-answers.ts';
import { ModemCarrier } from './modem-carrier.ts';
import { type ModemSenderOptions, modemSenderDefaults, modemSenderSettings } from './sender-options.ts';
import { StoredReports } from './stored-reports.ts';

/** A sender through a modem. Its results say *accepted* with the modem's references; reports follow. */
export interface ModemSender extends ReportingBinding<SmsTarget> {
  /** How the modem is. */
  modem(): ModemStatus;
  /** What came of reports. */
  receipts(): PartCounters;
  /** Whether a message of a push that is under way is out: as `SmsRoad.mayHave`. */
  mayHave(pushId: string): boolean;
}

/** Pauses before a report is given again that could not be taken, in milliseconds. */
const againMs = [1000, 5000, 30_000, 120_000] as const;

/** The line was lost before the message went out. */
const lostCodes: ReadonlySet<string> = new Set(['RESET', 'LINK_LOST', 'TIMEOUT']);

/**
 * The message was taken, and nothing tells under which reference: the service centre has it already (3GPP TS 23.040 §9.2.3.22), or
 * the modem says OK and no number.
 */
const takenCodes: ReadonlySet<string> = new Set(['CMS_197', 'NO_REFERENCE']);

/** In place of that reference: no report is about it. */
const noReference = '';

/** Reports that wait for that, at most. */
const maxAgain = 1000;

/**
 * Makes a sender. It hands over one message at a time, waits a while for a modem that is not ready, and matches status reports
 * by the reference of the message and the number of the device: a reference has 8 bits, and comes back.
 * @throws {ValueError} for settings that cannot be
 */
export function createModemSender(options: ModemSenderOptions): ModemSender {
  const { modem } = options;
  const { clock } = modem.settings;
  const settings = modemSenderSettings(options);
  const { name, serviceCentre, dataCoding, reporting, linkWaitMs, maxResends } = settings;
  const segments = new PushSegments(options, Math.random);
  const tracker = new PartTracker({
    binding: 'sms',
    clock,
    ...trackerSettings(options),
    parts: 'each',
    onReport: (report) => options.onReceipt?.(report),
    ...(options.onUnmatchedReceipt === undefined ? {} : { onUnmatched: options.onUnmatchedReceipt }),
  });
  const { places = modemSenderDefaults.places, perSecond } = options;
  const carrier = new ModemCarrier(`sms:${name}`, { places, perSecond }, modem, linkWaitMs, clock);
  const inFlight = new InFlight('modem sender');
  const closing = new AbortController();
  const out = new PushesOut();
  const late = new LateAnswers();
  let waitingAgain = 0;
  let attempts = 0;
  /** TP-MR that is written; a modem may put its own in its place. */
  let written = Math.floor(Math.random() * 256);

  /** Gives a report to the tracker until it is taken. */
  const take = async (tpdu: SmsTpdu): Promise<void> => {
    const receipt = receiptOf(tpdu);
    for (const pauseMs of againMs) {
      if ((await tracker.take(name, receipt)) || closing.signal.aborted) return;
      if (waitingAgain >= maxAgain) return;
      waitingAgain += 1;
      await sleep(clock, pauseMs, closing.signal);
      waitingAgain -= 1;
    }
  };
  const stored = new StoredReports(modem, async (listed, place) => {
    const tpdu = readPdu(listed.octets, listed.length);
    if (tpdu === undefined || 'fault' in tpdu || !isReport(tpdu)) return;
    // What is about the messages of somebody else is theirs.
    if (!tracker.knows(name, String(tpdu.reference))) return;
    await take(tpdu);
    await modem.delete(place);
  });
  const unlisten = modem.listen({
    onMessage: (tpdu) => {
      if (isReport(tpdu)) void take(tpdu);
    },
    onStored: (place) => {
      if (reporting) stored.tell(place);
    },
  });

  const submit = async (
    segment: PushSegment,
    to: string,
    push: Push,
    mark: OutMark,
    about: string,
    signal: AbortSignal,
  ): Promise<string> => {
    written = (written + 1) & 0xff;
    let doubt: ModemError | undefined;
    const onOut = (): void => {
      mark.out = true;
    };
    for (let resends = 0; ; resends += 1) {
      try {
        await modem.whenReady(linkWaitMs, signal).catch(unusable);
        const said = modem.takeLate(about);
        if (said !== undefined) return String(said);
        if (signal.aborted) throw abortError(signal);
        const now = clock.now();
        const seconds = validitySeconds(push, settings.validitySeconds, now);
        const tpdu = encodeSubmit({
          to,
          userData: segment.userData,
          hasHeader: true,
          dataCoding,
          report: reporting,
          reference: written,
          validity: validityOf(settings.validityForm, seconds, now),
        });
        const pdu = withServiceCentre(tpdu, serviceCentre);
        return String(await modem.submit(pdu, tpdu.length, { signal, onOut, about }));
      } catch (error) {
        if (error instanceof ModemError && takenCodes.has(error.code)) return noReference;
        if (error instanceof ModemError && error.inDoubt) doubt ??= error;
        const lost = error instanceof ModemError && (error.inDoubt || lostCodes.has(error.code));
        if (lost && resends < maxResends && !signal.aborted) continue;
        if (doubt === undefined) throw error;
        const detail = `${doubt.message}; whether the message went out, nobody can tell`;
        throw new ModemError('IN_DOUBT', detail, true, { inDoubt: true, cause: error });
      }
    }
  };

  const deliver = async (
    push: Push,
    { number }: SmsTarget,
    mark: OutMark,
    signal: AbortSignal,
  ): Promise<SendResult> => {
    const known = late.take(push.id);
    if (known !== undefined) return known;
    const device = deviceNumber(number).address;
    const parts = segments.cut(push, device);
    validitySeconds(push, settings.validitySeconds, clock.now());
    let submission: Submission | undefined;
    try {
      const accepted: AcceptedMessage[] = [];
      attempts += 1;
      for (const [index, segment] of parts.entries()) {
        // Parts of different attempts do not go together, so that an answer counts for its own; one that is whole, for the next too.
        const about = parts.length === 1 ? push.id : `${push.id} ${index} ${attempts}`;
        if (reporting) submission ??= tracker.submissions.begin(device);
        const messageId = await submit(segment, number, push, mark, about, signal).catch((error: unknown) => {
          throw partlyOut(error, accepted.length, parts.length);
        });
        accepted.push({ smsc: name, messageId, answeredAt: tracker.submissions.moment });
      }
      const reference = joinReferences(accepted.map(messageReference));
      if (submission !== undefined) tracker.track(push.id, reference, accepted, submission);
      const result: SendResult = { outcome: 'accepted', reference };
      // Nobody waits for it any more: it is the answer to the next attempt, which then sends nothing.
      if (signal.aborted) late.keep(push.id, result);
      return result;
    } finally {
      if (submission !== undefined) tracker.submissions.end(submission);
    }
  };

  return {
    name: 'sms',
    maxPayload: segments.maxPayload,
    carriers: carrier,
    send: (push, to, signal) =>
      out.attempt(push.id, (mark) =>
        inFlight.run(() =>
          carrier.run(signal, () => late.inTurn(push.id, () => deliver(push, to, mark, signal))),
        ),
      ),
    mayHave: (pushId) => out.has(pushId),
    expectReport(pushId, reference, to) {
      tracker.expect(pushId, reference, parseReferences(reference), to?.number);
    },
    modem: () => modem.status(),
    status: () => [statusOf(carrier.of(), modem.status())],
    receipts: () => tracker.counters(),
    async close() {
      carrier.close();
      await inFlight.close();
      closing.abort();
      unlisten();
      stored.close();
    },
  };
}

/** What stands in the way of the modem for good does not stand in the way of the push. */
function unusable(error: unknown): never {
  if (!(error instanceof PushError) || error.retryable) throw error;
  throw new PushError(error.code, error.message, true, { cause: error, notTaken: true });
}

type ReportTpdu = SmsTpdu & { readonly reference: number; readonly status: number };

function isReport(tpdu: SmsTpdu): tpdu is ReportTpdu {
  const { type, reference, status, aboutCommand } = tpdu;
  return (
    type === 'SMS-STATUS-REPORT' && reference !== undefined && status !== undefined && aboutCommand !== true
  );
}

/** TP-ST as what became of the message: below 32 it is settled, below 64 still tried (3GPP TS 23.040 §9.2.3.15). */
function receiptOf({ reference = 0, status = 0, address }: SmsTpdu): PartReceipt {
  // Forwarded without a word of delivery, and replaced: neither is known to have arrived.
  const delivered = status === 0;
  const outcome = delivered ? 'delivered' : status < 0x40 ? undefined : 'failed';
  const error = `0x${status.toString(16).toUpperCase().padStart(2, '0')}`;
  return {
    ids: [String(reference)],
    number: address,
    // A reference has 8 bits: without the number it says nothing.
    doubtful: true,
    outcome,
    state: delivered ? 'DELIVERED' : statusText(status),
    ...(delivered ? {} : { error }),
  };
}

function statusOf(
  name: string,
  { state, since, error, registration, signalDbm, pin }: ModemStatus,
): CarrierStatus {
  const known =
    state === 'ready' ? 'up' : state === 'opening' || state === 'initialising' ? 'unknown' : 'down';
  return {
    name,
    state: known,
    since,
    ...(error === undefined ? {} : { lastError: error }),
    modem: {
      ...(registration === undefined ? {} : { registration }),
      ...(signalDbm === undefined ? {} : { signalDbm }),
      ...(pin === undefined ? {} : { pin }),
    },
  };
}

function validityOf(
  form: 'relative' | 'absolute' | 'none',
  seconds: number | undefined,
  now: number,
): { readonly seconds: number } | { readonly until: number } | undefined {
  if (form === 'none' || seconds === undefined) return undefined;
  return form === 'relative' ? { seconds } : { until: now + seconds * 1000 };
}
