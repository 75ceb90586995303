// Opens the line to a modem: a serial port, or TCP. The library for serial ports is loaded when one is opened.
import { type Clock, PushError } from '../../../core/index.ts';
import { openTcp, socketPushError } from '../../index.ts';
import { ModemError } from './modem-error.ts';
import { type ModemPlace, showModemPlace } from './modem-place.ts';

/** A line that is open. */
export interface ModemPort {
  /** Writes; what cannot be written ends the line. */
  write(octets: Uint8Array): void;
  /** Ends it. Never rejects. */
  close(): Promise<void>;
}

/** What a line tells. */
export interface PortEvents {
  readonly onData: (octets: Uint8Array) => void;
  /** It ended by itself. */
  readonly onClose: (why: string) => void;
}

/** How to open a line. */
export interface PortSettings {
  readonly place: Exclude<ModemPlace, { readonly kind: 'manager' }>;
  /** Of a serial port. */
  readonly baudRate: number;
  readonly connectMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Opens the line. @throws {PushError} when it cannot be had: PORT where trying again may help */
export function openPort(settings: PortSettings, events: PortEvents): Promise<ModemPort> {
  const { place } = settings;
  return place.kind === 'serial'
    ? openSerial(place.path, settings, events)
    : openSocket(place, settings, events);
}

async function openSocket(
  { host, port }: { readonly host: string; readonly port: number },
  { connectMs, clock, signal }: PortSettings,
  { onData, onClose }: PortEvents,
): Promise<ModemPort> {
  const peer = showModemPlace({ kind: 'tcp', host, port });
  try {
    return await openTcp({ host, port, tls: undefined, connectMs, clock, signal }, (socket) => {
      let ended = false;
      const end = (why: string): void => {
        if (ended) return;
        ended = true;
        socket.destroy();
        onClose(why);
      };
      socket.on('data', onData);
      socket.on('error', (error) => end(socketPushError(error, peer).message));
      socket.on('close', () => end(`${peer}: closed the connection`));
      return {
        write: (octets) => void socket.write(octets),
        close: async () => {
          ended = true;
          socket.destroy();
        },
      };
    });
  } catch (error) {
    const { message } = socketPushError(error, peer);
    throw new ModemError('PORT', message, true, { cause: error });
  }
}

async function openSerial(
  path: string,
  { baudRate }: PortSettings,
  { onData, onClose }: PortEvents,
): Promise<ModemPort> {
  const { SerialPort } = await loadSerialPort();
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error === null) resolve();
      else {
        const why = error.message.replace(/^Error: /, '');
        reject(new ModemError('PORT', `${path}: ${why}`, true, { cause: error }));
      }
    });
  });
  // A pseudo terminal and some adapters have no such lines: a modem that needs them says nothing, and that is noticed.
  port.set({ dtr: true, rts: true }, () => {});
  let ended = false;
  const end = (why: string): void => {
    if (ended) return;
    ended = true;
    onClose(why);
    if (port.isOpen) port.close(() => {});
  };
  port.on('data', onData);
  port.on('error', (error) => end(`${path}: ${error.message}`));
  port.on('close', () => end(`${path}: the port was closed`));
  return {
    write: (octets) => void port.write(octets),
    close: () =>
      new Promise((resolve) => {
        ended = true;
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      }),
  };
}

async function loadSerialPort(): Promise<typeof import('serialport')> {
  try {
    return await import('serialport');
  } catch (cause) {
    const detail = 'the package serialport cannot be loaded here: use tcp:HOST:PORT';
    throw new PushError('NO_SERIALPORT', detail, false, { cause });
  }
}
