// What every road of short messages shares, whatever carries them (SMPP, HTTP, a modem): numbers, a push as segments, how long a
// carrier tries, and the receipts of each message made into the report of a push.
//
// A road is a `ReportingBinding<SmsTarget>` with carriers of its own. In `send` it checks the number (`deviceNumber`), cuts the
// push (`PushSegments.cut`), says `tracker.submissions.begin` when the first message leaves, hands over each segment with an
// id or a token (`newToken`) of its own, and, when all are taken, `tracker.track`s them under `joinReferences`, which is the
// reference of its result; in the end, whatever came, `tracker.submissions.end`. Receipts go to `tracker.take` as they come, early,
// late or doubled; `expectReport` is `tracker.expect` with `parseReferences`.
export { agreement, allDigits, deviceDigits } from './number/device-digits.ts';
export { deviceNumber, type NumberOptions, type SmsAddress, smsAddress } from './number/number.ts';
export { partlyOut } from './partly-out.ts';
export { type OutMark, PushesOut } from './pushes-out.ts';
export type { UnmatchedReceipt } from './report/early-receipts.ts';
export { joinReferences, messageReference, parseReferences } from './report/message-reference.ts';
export type { AcceptedMessage, PartReceipt } from './report/part-receipt.ts';
export { PartTracker } from './report/part-tracker.ts';
export type { Submission, Submissions } from './report/submissions.ts';
export { isToken, newToken, tokenId } from './report/token.ts';
export {
  type PartCounters,
  type TrackerOptions,
  type TrackerSettings,
  trackerDefaults,
  trackerSettings,
} from './report/tracker-settings.ts';
export { RoadHealth, roadDownMs } from './road-health.ts';
export { hidden, secretsOut } from './secrets-out.ts';
export { concatenatedOctets, type PushDatagram, PushDatagrams } from './segment/push-datagrams.ts';
export { type PushSegment, PushSegments } from './segment/push-segments.ts';
export { ReferenceCounter } from './segment/reference-counter.ts';
export {
  type SegmentOptions,
  type SegmentSettings,
  segmentDefaults,
  segmentSettings,
} from './segment/segment-options.ts';
export { longestValiditySeconds, validitySeconds } from './segment/validity.ts';
export type { RoadAnswer, RoadCallback, RoadCallbacks, SmsRoad } from './sms-road.ts';
export type { SmsTarget } from './sms-target.ts';
