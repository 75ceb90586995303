// A road of short messages: one account with one carrier, of the several that `sms:` may go by.
import type { ReportingBinding } from '../index.ts';
import type { SmsTarget } from './sms-target.ts';

/** A request of a carrier to the road that it carries for: a delivery report. */
export interface RoadCallback {
  /** Such as `GET`. */
  readonly method: string;
  /** What follows the path of the road, without a slash in front: the token, where there is one. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Value of a header field, the first where there are several. `name` in lower case. */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
  /** IP address of who asks. */
  readonly peer: string;
}

/** What it is answered. */
export interface RoadAnswer {
  readonly status: number;
  /** One line for whoever reads logs of the carrier. Without secrets. */
  readonly text: string;
  /**
   * True when it had a token or a signature of ours, or was about what is waited for. What is not proved counts against its
   * source, as a stranger's guess.
   */
  readonly proved: boolean;
}

/** How callbacks of a road are answered. */
export interface RoadCallbacks {
  /** Octets of a body, at most; 0 where they have none. */
  readonly maxBody: number;
  /** Never rejects for what a stranger sends. Whoever compares secrets does so in constant time. */
  take(request: RoadCallback): Promise<RoadAnswer>;
}

/** A road. Its binding has one carrier, named `sms:NAME`. */
export interface SmsRoad {
  readonly binding: ReportingBinding<SmsTarget>;
  /** False while it is known to reach nobody, so that pushes need not wait for it to say so. Default: always true. */
  readonly isUp?: (() => boolean) | undefined;
  /**
   * Calls back each time it is found to reach nobody, so that what waits there for a connection may go by another road. Gives what
   * ends that. The listener must not throw. Absent: what waits there is refused by itself.
   */
  readonly onDown?: ((listener: () => void) => () => void) | undefined;
  /**
   * False while it is certain that nothing of a push that is under way has left, or that none of what left was taken, and that nothing
   * will leave once it is aborted: then it is not in doubt (`PushesOut`).
   */
  readonly mayHave: (pushId: string) => boolean;
  /** Absent for one whose reports come otherwise. */
  readonly callbacks?: RoadCallbacks | undefined;
}
