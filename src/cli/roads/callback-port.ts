// The port where carriers of short messages report, and how it is seen from outside.
import type { RoadCallbacks } from '../../push/short-message/index.ts';
import { CallbackListener, callbackPath } from '../../push/sms-routes/index.ts';
import type { SmsRoadsSection } from './roads-shape.ts';

/** A port; nothing is taken before `listen`. */
export class CallbackPort {
  readonly #place: NonNullable<SmsRoadsSection['listen']>;
  readonly #listener: CallbackListener;
  readonly #path: string;
  #port: number | undefined;
  #listening = false;

  /** `roads` may still grow. @throws {ValueError} {ConfigError} for what cannot be */
  constructor(
    place: NonNullable<SmsRoadsSection['listen']>,
    roads: ReadonlyMap<string, RoadCallbacks>,
    onTrouble: (detail: string) => void,
  ) {
    const { url: _, ...bounds } = place;
    this.#place = place;
    this.#path = callbackPath(place.path);
    this.#port = place.port === 0 ? undefined : place.port;
    this.#listener = new CallbackListener({
      ...bounds,
      roads,
      onError: (error) => onTrouble(`callbacks: ${String(error)}`),
    });
  }

  /** Where a road is reached; `undefined` while its port is not known, or where only `url` could say how it is seen. */
  urlOf(road: string): string | undefined {
    const base = this.#base();
    return base === undefined ? undefined : `${base}/${road}`;
  }

  /** Opens it; gives the URL that the paths of all roads are below. @throws {ConfigError} when it cannot be had */
  async listen(): Promise<string> {
    this.#port = await this.#listener.start();
    this.#listening = true;
    return this.#base() ?? this.#bound();
  }

  async close(): Promise<void> {
    if (this.#listening) await this.#listener.close();
  }

  #base(): string | undefined {
    const { url, address } = this.#place;
    if (url !== undefined) return url.replace(/\/+$/, '');
    return this.#port === undefined || /^(?:0\.0\.0\.0|::)$/.test(address) ? undefined : this.#bound();
  }

  #bound(): string {
    const { tls, address } = this.#place;
    const host = address.includes(':') ? `[${address}]` : address;
    return `${tls === undefined ? 'http' : 'https'}://${host}:${this.#port ?? 0}${this.#path}`;
  }
}
