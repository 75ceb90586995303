// What a kind of road is: the shape of its section, and how it is opened. A new kind is one file with its shape, one that opens
// it, and a line in `road-kinds.ts`.
import type { Static, TObject } from 'typebox';
import type { Clock } from '../../core/index.ts';
import type { DeliveryReportHandler } from '../../push/index.ts';
import type { SmsRoad } from '../../push/short-message/index.ts';

/** What a road is opened with. */
export interface RoadContext {
  /** Its name in the configuration, which is that of its account in references and reports too. */
  readonly name: string;
  /** Name of its carrier: `sms:NAME`. */
  readonly carrier: string;
  readonly clock: Clock;
  /** How long the server gives an attempt by `sms:`, in milliseconds. */
  readonly attemptMs: number;
  /** False: it is made to see whether its settings are right, and reaches nothing until it is closed again. */
  readonly connect: boolean;
  /** Takes delivery reports; absent: none are to be asked for. */
  readonly onReport: DeliveryReportHandler | undefined;
  /**
   * Where the carrier reaches this road with callbacks, without a slash at its end, such as `https://dm.example.com/sms/NAME`.
   * `undefined` where `sms.listen` is not there, or its port is not known yet: then none can be asked for.
   */
  readonly callbackUrl: () => string | undefined;
  /** For the log: a link that came up or went down, receipts of unknown messages. Without secrets. */
  readonly onTrouble: (detail: string) => void;
  /** What a carrier or a setting does otherwise than asked, without harm. */
  readonly onWarning: (detail: string) => void;
}

/** A kind of road. */
export interface RoadKind<Shape extends TObject = TObject> {
  /** Its section without `kind`, closed. */
  readonly shape: Shape;
  /** Opens it. @throws {ValueError} for a setting that cannot be, with its path in the section; {ConfigError} */
  open(settings: Static<Shape>, context: RoadContext): SmsRoad;
}

/** A kind whose settings are checked before they are opened. */
export interface CheckedKind {
  readonly shape: TObject;
  open(settings: unknown, context: RoadContext): SmsRoad;
}

/** Lets kinds of different shapes stand in one table. Whoever calls `open` has checked the settings against the shape. */
export function roadKind<Shape extends TObject>(kind: RoadKind<Shape>): CheckedKind {
  return {
    shape: kind.shape,
    open: (settings, context) => kind.open(settings as Static<Shape>, context),
  };
}
