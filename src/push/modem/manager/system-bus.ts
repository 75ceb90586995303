// The bus that ModemManager is reached over: calls and signals, bounded. The library is loaded when it is opened.
import { messageOf, PushError } from '../../../core/index.ts';

/** Where the bus of the system listens unless its environment says otherwise. */
export const systemBusAddress = 'unix:path=/run/dbus/system_bus_socket';

/** Octets of one message on the bus at most. */
const maxMessage = 1024 * 1024;

const service = 'org.freedesktop.ModemManager1';

/** What the bus tells. */
export interface BusEvents {
  /** ModemManager said something: its path, interface and signal. */
  readonly onSignal: (path: string, name: string) => void;
  /** ModemManager began anew, or ended. */
  readonly onOwner: () => void;
  /** The bus is gone. */
  readonly onClose: () => void;
}

/** A connection to the bus. */
export interface SystemBus {
  /**
   * Calls a method of ModemManager and resolves with what it gives.
   * @throws {PushError} MODEM_MANAGER with what it said
   */
  call(path: string, method: string, signature?: string, body?: readonly unknown[]): Promise<unknown>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Opens the bus. @throws {PushError} BUS when it cannot be had, NO_DBUS when the library cannot be loaded */
export async function openBus(address: string, timeoutMs: number, events: BusEvents): Promise<SystemBus> {
  const { createClient } = await loadLibrary();
  const options = {
    busAddress: address,
    maxMessageSize: maxMessage,
    timeout: timeoutMs,
    authMethods: ['EXTERNAL'],
  };
  let bus: ReturnType<typeof createClient>;
  try {
    bus = createClient(options);
  } catch (cause) {
    throw busError(address, cause);
  }
  const { connection } = bus;
  // Without a listener an error of the socket would end the process; it closes too.
  let lastError: Error | undefined;
  connection.on('error', (error: Error) => {
    lastError = error;
  });
  connection.on('message', ({ type, path = '', interface: name = '', member = '' }) => {
    if (type !== signalType) return;
    if (member === 'NameOwnerChanged') events.onOwner();
    else events.onSignal(path, `${name}.${member}`);
  });
  try {
    await bus.watch(`type='signal',sender='${service}'`);
    await bus.watch(
      `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${service}'`,
    );
  } catch (cause) {
    bus.close().catch(() => {});
    throw busError(address, lastError ?? cause);
  }
  connection.on('close', events.onClose);
  return {
    async call(path, method, signature, body) {
      const dot = method.lastIndexOf('.');
      const message = {
        destination: service,
        path,
        interface: method.slice(0, dot),
        member: method.slice(dot + 1),
      };
      try {
        return await bus.invoke<unknown>(
          signature === undefined ? message : { ...message, signature, body: [...(body ?? [])] },
        );
      } catch (cause) {
        throw new PushError('MODEM_MANAGER', `ModemManager: ${messageOf(cause)}`, true, { cause });
      }
    },
    close: () => bus.close().catch(() => {}),
  };
}

/** D-Bus specification, "Message Format". */
const signalType = 4;

function busError(address: string, cause: unknown): PushError {
  return new PushError('BUS', `${address}: ${messageOf(cause)}`, true, { cause });
}

async function loadLibrary(): Promise<typeof import('dbus-native')> {
  try {
    return await import('dbus-native');
  } catch (cause) {
    const detail = 'the package dbus-native cannot be loaded here: name the serial port of the modem instead';
    throw new PushError('NO_DBUS', detail, false, { cause });
  }
}
