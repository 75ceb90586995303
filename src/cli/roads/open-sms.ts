// Opens the section `sms`: SMPP alone, or several roads with routes and the port for what their carriers report.
import { Value } from 'typebox/value';
import { type Clock, ConfigError, systemClock, ValueError } from '../../core/index.ts';
import type { DeliveryReportHandler, ReportingBinding } from '../../push/index.ts';
import type { RoadCallbacks, SmsRoad, SmsTarget } from '../../push/short-message/index.ts';
import {
  carrierOfRoad,
  createSmsRoutes,
  reportOfRoad,
  requireRoadName,
} from '../../push/sms-routes/index.ts';
import { describeFault } from '../config/config-fault.ts';
import { CallbackPort } from './callback-port.ts';
import { FallOverLog } from './fall-over-log.ts';
import { roadKinds } from './road-kinds.ts';
import type { SmsRoadsSection } from './roads-shape.ts';
import { openSmpp } from './smpp-road.ts';
import type { SmppSection } from './smpp-shape.ts';

/** What is told of it. */
export interface SmsEvents {
  readonly clock: Clock;
  /** How long the server gives an attempt by `sms:`, in milliseconds. */
  readonly attemptMs: number;
  /** False makes everything, and reaches nothing. */
  readonly connect: boolean;
  /** What errors call the configuration. */
  readonly file?: string | undefined;
  readonly onReport: DeliveryReportHandler | undefined;
  readonly onTrouble: (detail: string) => void;
  readonly onWarning: (detail: string) => void;
}

/** An open binding for short messages. */
export interface OpenedSms {
  readonly binding: ReportingBinding<SmsTarget>;
  /** Where its carriers report; absent where the configuration names no place. */
  readonly callbacks?: CallbackPort | undefined;
}

/** Opens it. @throws {ValueError} {ConfigError} for what cannot be */
export function openSms(section: SmppSection | SmsRoadsSection, events: SmsEvents): OpenedSms {
  return 'roads' in section ? openRoads(section, events) : { binding: openSmpp(section, events) };
}

function openRoads({ roads: sections, routes, listen }: SmsRoadsSection, events: SmsEvents): OpenedSms {
  const opened = new Map<string, SmsRoad>();
  const callbacks = new Map<string, RoadCallbacks>();
  const { onTrouble } = events;
  const falls = new FallOverLog(systemClock({ unref: true }), onTrouble);
  const port = listen === undefined ? undefined : new CallbackPort(listen, callbacks, onTrouble);
  try {
    for (const [name, section] of Object.entries(sections)) {
      requireRoadName(name);
      const road = openRoad(name, section, events, () => port?.urlOf(name));
      opened.set(name, road);
      if (road.callbacks !== undefined) callbacks.set(name, road.callbacks);
    }
    const binding = createSmsRoutes({
      roads: opened,
      routes,
      onFallOver: (fallOver) => falls.note(fallOver),
    });
    return {
      binding: {
        ...binding,
        async close() {
          await binding.close();
          falls.end();
        },
      },
      callbacks: port,
    };
  } catch (error) {
    for (const { binding } of opened.values()) void binding.close();
    throw error;
  }
}

function openRoad(
  name: string,
  { kind, ...settings }: SmsRoadsSection['roads'][string],
  { file, clock, attemptMs, connect, onReport, onTrouble, onWarning }: SmsEvents,
  callbackUrl: () => string | undefined,
): SmsRoad {
  const { shape, open } = roadKinds[kind];
  const path = `roads.${name}`;
  if (!Value.Check(shape, settings)) {
    const fault = describeFault(shape, settings);
    throw new ConfigError(`${file === undefined ? '' : `${file}: `}sms.${path}.${fault}`);
  }
  try {
    return open(settings, {
      name,
      carrier: carrierOfRoad(name),
      clock,
      attemptMs,
      connect,
      onReport: onReport && ((report) => onReport(reportOfRoad(name, report))),
      callbackUrl,
      onTrouble: (detail) => onTrouble(`${name}: ${detail}`),
      onWarning: (detail) => onWarning(`${name}: ${detail}`),
    });
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const at = error.path === '' ? path : `${path}.${error.path}`;
    throw new ValueError(error.code, error.detail, at, error.spec, { cause: error });
  }
}
