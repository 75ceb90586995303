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
   * Begins to take results of push gateways, once somebody waits for them; gives where, or nothing when the
   * configuration names no place.
   * @throws {ConfigError} when the port cannot be had
   */
  listen(): Promise<string | undefined>;
  /** Stops listening for results, then closes the bindings: pushes in flight are waited for. */
  close(): Promise<void>;
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
  let listen = async (): Promise<string | undefined> => undefined;
  try {
    for (const scheme of addressSchemes) {
      const name = sectionOf(scheme);
      if (name !== 'wap' && sections[name] === undefined) continue;
      const known = opened.get(name);
      if (known !== undefined) {
        table[scheme] = known;
        continue;
      }
      const { binding, pap } = openSender(name, sections, events);
      closers.push(() => binding.close());
      opened.set(name, binding);
      table[scheme] = binding;
      const place = sections.pap?.listen;
      if (pap !== undefined && place !== undefined) {
        listen = async () => {
          const listener = resultListener(pap, place, events);
          const port = await listener.start();
          closers.push(() => listener.close());
          return `${place.tls === undefined ? 'http' : 'https'}://${place.address}:${port}`;
        };
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { table, close, listen };
}

type ResultAddress = NonNullable<NonNullable<SenderSections['pap']>['listen']>;

function resultListener(pap: PapSender, listen: ResultAddress, { onTrouble }: SenderEvents): PapListener {
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
