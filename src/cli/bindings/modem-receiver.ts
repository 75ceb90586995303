// Starts what `--listen modem:…` names: a modem of one's own, or one that ModemManager holds.
import { ValueError } from '../../core/index.ts';
import type { Device } from '../../device/index.ts';
import {
  AtModem,
  ManagerReceiver,
  ModemReceiver,
  parseModemPlace,
  showModemPlace,
} from '../../push/modem/index.ts';
import { UsageError } from '../io/io.ts';
import type { ListenerSections } from './listener-shapes.ts';
import type { RouteNews, StartedReceiver } from './started-receiver.ts';

/** Starts it; a modem that is not there yet is tried again and again. @throws {UsageError} for a place or a setting that cannot be */
export function startModemReceiver(
  uri: string,
  text: string,
  device: Pick<Device, 'receive' | 'dropped'>,
  section: ListenerSections['modem'] = {},
  tell: RouteNews,
): StartedReceiver {
  const onDown = ({ message, retryable }: { readonly message: string; readonly retryable: boolean }): void =>
    tell(`sms: ${message}${retryable ? '; trying again' : ''}`, 'error');
  const handlers = {
    handler: device.receive,
    onDrop: device.dropped,
    onError: (error: unknown) => tell(`sms: ${String(error)}`, 'warn'),
  };
  const { busAddress, port, maxPending, maxPendingPerSource, ...line } = section;
  const pending = { maxPending, maxPendingPerSource };
  try {
    const place = parseModemPlace(text, '--listen');
    const at = `modem:${showModemPlace(place)}`;
    if (place.kind === 'manager') {
      const onReady = (modem: string): void => tell(`sms: ModemManager has ${modem}`, 'open');
      const { object } = place;
      const receiver = new ManagerReceiver({ ...handlers, ...pending, object, busAddress, onReady, onDown });
      receiver.start();
      return { receiver, at };
    }
    const modem = new AtModem({ ...line, port: showModemPlace(place) });
    const receiver = new ModemReceiver({ ...handlers, ...pending, modem, port });
    modem.listen({
      onReady: () => tell('sms: the modem is ready', 'open'),
      onDown,
      onWarning: (detail) => tell(`sms: ${detail}`, 'warn'),
    });
    modem.start();
    return {
      receiver: {
        name: receiver.name,
        counters: () => receiver.counters(),
        async close() {
          await receiver.close();
          await modem.close();
        },
      },
      at,
    };
  } catch (error) {
    if (error instanceof ValueError) throw new UsageError(`--listen ${uri}: ${error.message}`);
    throw error;
  }
}
