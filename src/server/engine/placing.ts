// Pushes that wait for no carrier yet: handed in by others, from before an upgrade, or for a carrier that is configured no more.
import type { PushQueue } from '../../store/index.ts';
import { addressesOf, contentTypeOfPush, nextRoute, type RoutesContext } from '../push/routes.ts';
import type { Work } from '../work/work-loop.ts';

/** What pushes are placed with. */
export interface PlacingOptions extends RoutesContext {
  readonly queue: Pick<PushQueue, 'nextDueAt' | 'unplaced' | 'place'>;
  /** Name of the lane of those that have no route. */
  readonly nowhere: string;
  /** Called with the names of the carriers that something waits for now. */
  readonly placed: (carriers: ReadonlySet<string>) => void;
}

/** Says which carrier they wait for, as the work of a loop. */
export class Placing implements Work {
  readonly name = 'push engine (placing)';
  readonly #options: PlacingOptions;

  constructor(options: PlacingOptions) {
    this.#options = options;
  }

  nextDueAt(): Promise<number | undefined> {
    return this.#options.queue.nextDueAt({ carrier: null });
  }

  async start(limit: number): Promise<readonly Promise<void>[] | 'nothing'> {
    const { queue, nowhere, placed } = this.#options;
    const unplaced = await queue.unplaced(limit);
    if (unplaced.length === 0) return 'nothing';
    const placements = unplaced.map(({ push, device }) => {
      const addresses = addressesOf(push, device);
      const way = nextRoute(this.#options, push, contentTypeOfPush(push), addresses, push.failures);
      return { id: push.id, carrier: way.route?.carrier ?? nowhere };
    });
    await queue.place(placements);
    placed(new Set(placements.map(({ carrier }) => carrier)));
    return [];
  }
}
