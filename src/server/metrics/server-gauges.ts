// What is looked up when metrics are asked for: carriers, queues, sessions.
import type { PushCount } from '../../store/index.ts';
import { gauge, type MetricFamily, type MetricSample } from './instruments.ts';

/** How a carrier stands, as far as it is a number. */
export interface CarrierNumbers {
  readonly binding: string;
  readonly name: string;
  readonly state: 'up' | 'down' | 'unknown';
  readonly free?: number;
  readonly inFlight: number;
  /** Due and not handed over. */
  readonly due: number;
  /** For how long the oldest of them has been due, in milliseconds. */
  readonly oldestMs?: number;
  readonly perSecond: number;
  /** True while it gets no pushes by request. */
  readonly suspended: boolean;
  readonly signalDbm?: number;
}

/** Numbers of a server at one moment. */
export interface ServerNumbers {
  readonly version: string;
  readonly node: string;
  readonly startedAt: number;
  /** False while the store takes no writes. */
  readonly ready: boolean;
  readonly pushes: readonly PushCount[];
  readonly carriers: readonly CarrierNumbers[];
  /** Due, for which no carrier has been found yet. */
  readonly unplaced: number;
  readonly sessions: number;
  readonly sessionOctets: number;
}

/** The numbers as families. */
export function gaugesOf(numbers: ServerNumbers): readonly MetricFamily[] {
  const { carriers } = numbers;
  const ofCarriers = (
    name: string,
    help: string,
    value: (carrier: CarrierNumbers) => number | undefined,
  ): MetricFamily =>
    gauge(
      name,
      help,
      ['binding', 'carrier'],
      carriers.flatMap((carrier): readonly MetricSample[] => {
        const found = value(carrier);
        return found === undefined ? [] : [{ labels: [carrier.binding, carrier.name], value: found }];
      }),
    );
  const one = (name: string, help: string, value: number): MetricFamily =>
    gauge(name, help, [], [{ labels: [], value }]);
  return [
    gauge(
      'reveille_info',
      'Version of the server and name of this process on timelines.',
      ['version', 'node'],
      [{ labels: [numbers.version, numbers.node], value: 1 }],
    ),
    one('reveille_start_time_seconds', 'When the server started.', numbers.startedAt / 1000),
    one(
      'reveille_ready',
      '1 while what is given to the server comes to disk, else 0.',
      numbers.ready ? 1 : 0,
    ),
    gauge(
      'reveille_pushes',
      'Pushes that are kept, by purpose and state; each up to 10000.',
      ['purpose', 'state'],
      numbers.pushes.map(({ purpose, state, count }) => ({ labels: [purpose, state], value: count })),
    ),
    ofCarriers(
      'reveille_carrier_up',
      '1 while the link of a carrier stands, 0 while it does not; absent where there is no link to know of.',
      ({ state }) => (state === 'unknown' ? undefined : Number(state === 'up')),
    ),
    ofCarriers(
      'reveille_carrier_suspended',
      '1 while a carrier gets no pushes by request, else 0.',
      ({ suspended }) => Number(suspended),
    ),
    ofCarriers('reveille_carrier_free', 'Pushes that a carrier takes now without a wait.', ({ free }) =>
      free === undefined || !Number.isFinite(free) ? undefined : free,
    ),
    ofCarriers(
      'reveille_carrier_in_flight',
      'Pushes that are on their way to a carrier.',
      ({ inFlight }) => inFlight,
    ),
    ofCarriers(
      'reveille_carrier_taken_per_second',
      'Pushes that a carrier took in a second, over the last ten.',
      ({ perSecond }) => perSecond,
    ),
    ofCarriers(
      'reveille_queue_due',
      'Pushes that are due and wait for a carrier, up to 100000.',
      ({ due }) => due,
    ),
    ofCarriers(
      'reveille_queue_oldest_due_seconds',
      'For how long the oldest push that waits for a carrier has been due; 0 while none is.',
      ({ oldestMs = 0 }) => Math.max(0, oldestMs) / 1000,
    ),
    ofCarriers(
      'reveille_modem_signal_dbm',
      'Strength of the signal at a modem.',
      ({ signalDbm }) => signalDbm,
    ),
    one('reveille_queue_unplaced', 'Pushes that are due and have no carrier.', numbers.unplaced),
    one('reveille_dm_sessions', 'DM sessions that run.', numbers.sessions),
    one('reveille_dm_session_bytes', 'Octets that DM sessions hold in memory.', numbers.sessionOctets),
  ];
}
