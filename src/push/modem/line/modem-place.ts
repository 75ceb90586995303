// Where a modem is: a serial port, a TCP port that leads to one, or ModemManager on the system's bus.
import { ValueError } from '../../../core/index.ts';
import { parseHostPort } from '../../index.ts';

/** Where a modem is. */
export type ModemPlace =
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'manager';
      /** Object path of the modem; `undefined`: the first that there is. */
      readonly object: string | undefined;
    };

/**
 * Reads what follows `modem:`: `/dev/ttyUSB0` or `COM3`, `tcp:HOST:PORT`, `mm`, or
 * `/org/freedesktop/ModemManager1/Modem/0`.
 * @throws {ValueError} BAD_FORMAT
 */
export function parseModemPlace(text: string, path = 'port'): ModemPlace {
  if (text === 'mm') return { kind: 'manager', object: undefined };
  if (/^\/org\/freedesktop\/ModemManager1\/Modem\/[0-9]+$/.test(text))
    return { kind: 'manager', object: text };
  const tcp = /^tcp:(.*)$/i.exec(text)?.[1];
  if (tcp !== undefined) {
    const { host, port } = parseHostPort(tcp, 0, path);
    return { kind: 'tcp', host, port };
  }
  if (/^(?:\/[^\s\0]+|COM[0-9]{1,3})$/i.test(text)) return { kind: 'serial', path: text };
  const shown = JSON.stringify(text.slice(0, 100));
  throw new ValueError(
    'BAD_FORMAT',
    `${shown} is no modem; use a serial port such as /dev/ttyUSB0, tcp:HOST:PORT, mm, or the object path of a modem`,
    path,
  );
}

/** The place as `parseModemPlace` reads it. */
export function showModemPlace(place: ModemPlace): string {
  if (place.kind === 'serial') return place.path;
  if (place.kind === 'manager') return place.object ?? 'mm';
  return `tcp:${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`;
}
