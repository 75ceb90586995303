// A whole device with accounts of several servers: each server on real HTTP, pushes over real UDP, a user who answers when
// the test says so.
import type { TestContext } from 'node:test';
import { encodeNotification } from '../../src/codec/notification/index.ts';
import type { DmCommand, ManagementCommand } from '../../src/codec/syncml/index.ts';
import { bytesToBase64, utf8ToBytes } from '../../src/core/index.ts';
import {
  type Consent,
  Device,
  type DeviceEvent,
  type DeviceOptions,
  memoryState,
  provisionDevice,
  type UserInterface,
} from '../../src/device/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { SharedKey, signMessage } from '../../src/security/index.ts';
import type { UserInteraction, UserResponse } from '../../src/session/index.ts';
import { eventually, ManualClock } from '../../src/testing/index.ts';
import { sessionless } from '../security/message-keys.ts';
import { secret, sentAt, storedNonce } from './fixtures.ts';
import { deviceId, ScriptedServer } from './scripted-server.ts';
import { datagramOf, listenOnUdp, UdpPeer } from './udp-peers.ts';

const clientNonce = utf8ToBytes('client nonce');

/** A question that the user sees. */
export interface Shown {
  readonly about: string;
  readonly signal: AbortSignal;
  answer(value: UserResponse | Consent): void;
}

/** A user who sees questions and answers them when the test does. */
export class TestUser implements UserInterface {
  /** All questions so far; those that are still wanted have no aborted signal and no answer. */
  readonly shown: Shown[] = [];
  readonly told: string[] = [];

  inform(message: string): void {
    this.told.push(message);
  }

  confirm(question: string, signal: AbortSignal): Promise<Consent> {
    return this.#ask(question, signal);
  }

  interact(request: UserInteraction, signal: AbortSignal): Promise<UserResponse> {
    return this.#ask(request.text, signal);
  }

  #ask<Value>(about: string, signal: AbortSignal): Promise<Value> {
    return new Promise((resolve) => {
      this.shown.push({ about, signal, answer: (value) => resolve(value as Value) });
    });
  }
}

/** What a test sees. */
export interface World {
  readonly device: Device;
  readonly user: TestUser;
  readonly clock: ManualClock;
  readonly events: DeviceEvent[];
  readonly servers: readonly ScriptedServer[];
  readonly lines: string[];
  /** Sends a notification of a server over UDP. */
  notify(
    server: ScriptedServer | undefined,
    sessionId: number,
    uiMode?: 'background' | 'user-interaction',
  ): Promise<void>;
  /** Sends a signed message of a server over UDP; a number tells messages apart. */
  message(server: ScriptedServer | undefined, number: number, commands: readonly DmCommand[]): Promise<void>;
  /** The datagram of such a message. */
  messageDatagram(
    server: ScriptedServer | undefined,
    number: number,
    commands: readonly DmCommand[],
  ): Uint8Array;
  /** Times that the device wrote its state. */
  saves(): number;
  readonly peer: UdpPeer;
  readonly at: Awaited<ReturnType<typeof listenOnUdp>>;
}

/** Starts a device with accounts of `names`. */
export async function startWorld(
  t: TestContext,
  names: readonly string[],
  options: Partial<DeviceOptions> = {},
): Promise<World> {
  const servers = names.map(
    (name) => new ScriptedServer({ client: clientNonce, server: storedNonce }, 'md5', name),
  );
  for (const server of servers) await server.start();
  const clock = new ManualClock(sentAt * 1000);
  const storage = memoryState();
  await provisionDevice(
    storage,
    {
      deviceId,
      man: 'Example',
      mod: 'One',
      accounts: servers.map(({ serverId, url }) => ({
        serverId,
        address: url,
        client: {
          scheme: 'md5' as const,
          name: 'Bruce2',
          secret: 'OhBehave',
          nonceBase64: bytesToBase64(clientNonce),
        },
        server: { scheme: 'md5' as const, secret, nonceBase64: bytesToBase64(storedNonce) },
      })),
    },
    { clock },
  );
  const events: DeviceEvent[] = [];
  const lines: string[] = [];
  const line = (fields: object, text: string): void => void lines.push(`${text} ${JSON.stringify(fields)}`);
  const user = new TestUser();
  let saves = 0;
  const device = new Device({
    storage: {
      ...storage,
      save: (document) => {
        saves += 1;
        return storage.save(document);
      },
    },
    clock,
    user,
    logger: { debug: line, info: line, warn: line, error: line },
    onEvent: (event) => events.push(event),
    random: () => 0.5,
    ...options,
  });
  await device.start();
  const at = await listenOnUdp(device);
  const peer = await UdpPeer.open('127.0.0.2');
  t.after(async () => {
    for (const server of servers) server.interfere = () => undefined;
    await device.stop();
    await peer.close();
    for (const server of servers) await server.close();
  });
  const world: World = {
    ...{ device, user, clock, events, servers, lines, peer, at },
    saves: () => saves,
    async notify(server, sessionId, uiMode = 'background') {
      if (server === undefined) throw new Error('no such server');
      const body = encodeNotification(
        { format: 'dm1.2', serverId: server.serverId, sessionId, uiMode },
        { secret, nonce: server.nonces.server },
      );
      await peer.send(at.port, datagramOf(contentTypes['dm1.2'], body));
    },
    async message(server, number, commands) {
      await peer.send(at.port, world.messageDatagram(server, number, commands));
    },
    messageDatagram(server, number, commands) {
      if (server === undefined) throw new Error('no such server');
      const message = sessionless([], { from: server.serverId });
      const header = { ...message.header, sessionId: String(number) };
      const body = signMessage({ ...message, header, commands }, new SharedKey(utf8ToBytes(secret)));
      return datagramOf(contentTypes['dm+wbxml'], body);
    },
  };
  return world;
}

/** An alert that asks the user; 1101 unless another is given. */
export function question(cmdId: string, text: string, options = '', data = '1101'): ManagementCommand {
  return { name: 'Alert', cmdId, data, items: [{ data: options }, { data: text }] };
}

/** An Add of a leaf. */
export function add(cmdId: string, uri: string, data = 'x'): ManagementCommand {
  return { name: 'Add', cmdId, items: [{ target: { uri }, meta: { format: 'chr' }, data }] };
}

/** Waits for something that happens over sockets. */
export async function until(holds: () => boolean): Promise<void> {
  await eventually(holds, holds.toString());
}
