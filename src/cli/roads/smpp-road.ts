// A road over SMPP 3.4, and the section `sms` where it is the only one.
import { LogSummary, systemClock } from '../../core/index.ts';
import { createSmsSender, type SmsSender, type UnknownReceiptState } from '../../push/sms/index.ts';
import { type RoadContext, roadKind } from './road.ts';
import { type SmppSection, smppSection } from './smpp-shape.ts';

/** What is told of it. */
export type SmppEvents = Pick<RoadContext, 'connect' | 'onReport' | 'onTrouble' | 'onWarning'>;

/** The kind `smpp`. */
export const smppRoad = roadKind({
  shape: smppSection,
  open(settings, context) {
    const binding = openSmpp({ ...settings, carrier: context.carrier }, context);
    const isUp = (): boolean =>
      binding.links().some(
        ({ role, state, lastError }) =>
          // One that is tried for the first time may come up in a moment.
          role !== 'receiver' && (state === 'bound' || (state === 'down' && lastError === undefined)),
      );
    return { binding, isUp, mayHave: (pushId) => binding.mayHave(pushId) };
  },
});

/** Opens the sender. @throws {ValueError} for a setting that cannot be */
export function openSmpp(
  settings: SmppSection & { readonly carrier?: string },
  { connect, onReport, onTrouble, onWarning }: SmppEvents,
): SmsSender {
  return createSmsSender({
    ...settings,
    connect,
    onReceipt: onReport,
    onUnmatchedReceipt: ({ smsc, ids, state }) =>
      onTrouble(`${smsc}: receipt for an unknown message ${ids.join(', ')}: ${state}`),
    onUnknownState: unknownStates(onTrouble),
    onLink: (smsc, error, role) => {
      const connected = role === 'transceiver' ? 'connected' : `${role} connected`;
      onTrouble(error?.message ?? `${smsc}: ${connected}`);
    },
    onWarning,
  });
}

/** Tells of the first receipt of a centre whose state nobody knows, and sums up the others. */
function unknownStates(tell: (detail: string) => void): (receipt: UnknownReceiptState) => void {
  const summary = new LogSummary<UnknownReceiptState>({
    clock: systemClock({ unref: true }),
    write: ({ smsc, state }) =>
      tell(`${smsc}: receipt with the state "${state}", of which nothing can be made`),
    writeSum: ({ kind, count, latest, withinMs }) =>
      tell(
        `${kind}: ${count} more receipts with unknown states within ${withinMs} ms, last "${latest.state}"`,
      ),
  });
  return (receipt) => summary.note(receipt.smsc, receipt);
}
