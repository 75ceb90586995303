// A road through a company that takes short messages over HTTP.
import { LogSummary, systemClock } from '../../core/index.ts';
import { centrePresets, createHttpCentre, type HttpCentreOptions } from '../../push/sms-http/index.ts';
import { type HttpSection, httpSection } from './http-shape.ts';
import { type RoadContext, roadKind } from './road.ts';

/** Octets of a request that tells of receipts, at most. */
const maxBody = 262_144;

/** The kind `http`. */
export const httpRoad = roadKind({
  shape: httpSection,
  open(settings, context) {
    const { clock, onReport, onTrouble, onWarning } = context;
    const unknown = unknownStates(onTrouble);
    const foreign = foreignReceipts(onTrouble);
    const centre = createHttpCentre({
      ...centreOptions(settings, context),
      clock,
      ...(onReport === undefined ? {} : { onReceipt: onReport }),
      onUnmatchedReceipt: ({ ids, state }) =>
        onTrouble(`receipt for an unknown message ${ids.join(', ')}: ${state}`),
      onUnknownState: ({ state }) => unknown(state),
      onForeignReceipts: foreign,
      onWarning,
    });
    return {
      binding: centre,
      isUp: () => centre.isUp(),
      mayHave: (pushId) => centre.mayHave(pushId),
      onDown: (listener) => centre.onDown(listener),
      callbacks: { maxBody, take: (request) => centre.receive(request) },
    };
  },
});

/** What a section says, with the place where receipts come in. */
export function centreOptions(
  { receipts, ...settings }: HttpSection,
  { name, attemptMs, callbackUrl }: Pick<RoadContext, 'name' | 'attemptMs' | 'callbackUrl'>,
): HttpCentreOptions {
  // What a preset needs no more for than a port is asked for by itself.
  const known = settings.preset === undefined ? undefined : centrePresets[settings.preset].receipts;
  const byItself = known !== undefined && known.tie !== 'id';
  const wanted = receipts ?? (byItself ? {} : undefined);
  if (wanted === undefined) return { ...settings, name, attemptMs };
  return { ...settings, name, attemptMs, receipts: { ...wanted, callback: wanted.callback ?? callbackUrl } };
}

/** Tells of the first receipt with a state that nobody knows, and sums up the others. */
function unknownStates(tell: (detail: string) => void): (state: string) => void {
  const summary = new LogSummary<string>({
    clock: systemClock({ unref: true }),
    write: (state) => tell(`receipt with the state ${JSON.stringify(state)}, of which nothing can be made`),
    writeSum: ({ count, latest, withinMs }) =>
      tell(
        `${count} more receipts with unknown states within ${withinMs} ms, last ${JSON.stringify(latest)}`,
      ),
  });
  return (state) => summary.note('state', state);
}

/** Tells of the first request with receipts that are about no message of ours, and sums up the others. */
function foreignReceipts(tell: (detail: string) => void): (count: number) => void {
  const text =
    'about no message that is waited for: of another application, or receipts.token, id or state is wrong';
  const summary = new LogSummary<number>({
    clock: systemClock({ unref: true }),
    write: (count) => tell(`receipts (${count} in one request) ${text}`),
    writeSum: ({ count, withinMs }) =>
      tell(`${count} more requests within ${withinMs} ms with receipts ${text}`),
  });
  return (count) => summary.note('foreign', count);
}
