// All bindings of a server, as its configuration says, and what gateways reach them by.
import { addressSchemes, type Binding, type DeviceAddress } from '../../push/index.ts';
import { PapListener, type PapSender } from '../../push/pap/index.ts';
import type { BindingTable } from '../../server/index.ts';
import { openSender, type SectionName, type SenderEvents, sectionOf } from './open-senders.ts';
import type { SenderSections } from './sender-shapes.ts';

/** Bindings that are open. */
export interface OpenedBindings {
  readonly table: BindingTable;
  /**
   * Begins to take results of push gateways and reports of short messages, once somebody waits for them; gives where, for
   * each place that the configuration names.
   * @throws {ConfigError} when a port cannot be had
   */
  listen(): Promise<readonly ReportPlace[]>;
  /** Stops listening for results, then closes the bindings: pushes in flight are waited for. */
  close(): Promise<void>;
}

/** A port where carriers report. */
export interface ReportPlace {
  /** Name of the binding. */
  readonly binding: string;
  readonly url: string;
}

/** Octets of a result notification, at most. */
const maxResult = 131_072;

/**
 * Opens the binding of every section that there is, and WAP push over UDP in any case.
 * @throws {ConfigError} when a section says what cannot be, or a port cannot be had
 */
export async function openBindings(sections: SenderSections, events: SenderEvents): Promise<OpenedBindings> {
  const opened = new Map<SectionName, Binding<DeviceAddress>>();
  const table: Partial<Record<(typeof addressSchemes)[number], Binding<DeviceAddress>>> = {};
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  const places: (() => Promise<ReportPlace>)[] = [];
  try {
    for (const scheme of addressSchemes) {
      const name = sectionOf(scheme);
      if (name !== 'wap' && sections[name] === undefined) continue;
      const known = opened.get(name);
      if (known !== undefined) {
        table[scheme] = known;
        continue;
      }
      const { binding, pap, callbacks } = openSender(name, sections, events);
      closers.push(() => binding.close());
      opened.set(name, binding);
      table[scheme] = binding;
      const place = sections.pap?.listen;
      if (pap !== undefined && place !== undefined) {
        places.push(async () => {
          const listener = resultListener(pap, place, events);
          const port = await listener.start();
          closers.push(() => listener.close());
          const scheme = place.tls === undefined ? 'http' : 'https';
          return { binding: 'pap', url: `${scheme}://${place.address}:${port}` };
        });
      }
      if (callbacks !== undefined) {
        closers.push(() => callbacks.close());
        places.push(async () => ({ binding: 'sms', url: await callbacks.listen() }));
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  const listen = async (): Promise<readonly ReportPlace[]> => {
    const opened: ReportPlace[] = [];
    for (const place of places) opened.push(await place());
    return opened;
  };
  return { table, close, listen };
}

type ResultAddress = NonNullable<NonNullable<SenderSections['pap']>['listen']>;

/** What takes results of push gateways; does nothing before it is started. @throws {ValueError} {ConfigError} for what cannot be */
export function resultListener(
  pap: PapSender,
  listen: ResultAddress,
  { onTrouble }: SenderEvents,
): PapListener {
  const { resultPath = '/pap/results', kannelPath = '/pap/kannel', ...place } = listen;
  return new PapListener({
    ...place,
    onError: (error) => onTrouble?.({ binding: 'pap', detail: String(error) }),
    routes: {
      [resultPath]: { maxBody: maxResult, handle: (request) => pap.receiveResult(request) },
      [kannelPath]: { maxBody: 0, handle: (request) => pap.receiveKannelReport(request) },
    },
  });
}
