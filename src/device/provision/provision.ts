// Makes the state of a new device.
import { base64ToBytes, type Clock, ConfigError, ValueError } from '../../core/index.ts';
import { ManagementTree, writeAccount, writeStandardObjects } from '../../tree/index.ts';
import { digestIdentifierLeaf, typeOfScheme } from '../account/account.ts';
import { noteProvisioned, noteTrustTransport } from '../account/account-notes.ts';
import { writeMessageKeys } from '../account/message-keys.ts';
import { writeFirmwareObject } from '../firmware/firmware-object.ts';
import { nameFirmwareServers } from '../firmware/firmware-rights.ts';
import { stateDocument } from '../state/state-document.ts';
import type { StateStorage } from '../state/state-storage.ts';
import {
  type AccountInput,
  type CredentialInput,
  type ProvisioningInput,
  parseProvisioning,
} from './provisioning-input.ts';

/** How a device is provisioned. */
export interface ProvisionOptions {
  /** True replaces a state that is there, with all it remembers. Default false. */
  readonly replace?: boolean;
  /** For time stamps in the tree. Default the machine's. */
  readonly clock?: Clock;
}

/**
 * Creates the state of a device: DevInfo, DevDetail, Inbox, one DMAcc object for each account, and a firmware update
 * object when it is asked for.
 * @throws {ValueError} for what cannot be used; {ConfigError} when there is a state already, or it cannot be written
 */
export async function provisionDevice(
  storage: StateStorage,
  input: ProvisioningInput,
  options: ProvisionOptions = {},
): Promise<void> {
  const device = parseProvisioning(input);
  if (options.replace !== true && storage.load() !== undefined) {
    throw new ConfigError(
      `${storage.name} holds a device already; use another one, or replace it on purpose`,
    );
  }
  const tree = new ManagementTree(options.clock === undefined ? {} : { clock: options.clock });
  await tree.run((transaction) => {
    writeStandardObjects(
      transaction,
      {
        devId: device.deviceId,
        man: device.man,
        mod: device.mod,
        dmV: device.dmV ?? '1.3',
        lang: device.lang ?? 'en',
      },
      {
        devTyp: 'device',
        oem: device.man,
        fwV: device.fwV ?? '1.0',
        swV: device.swV ?? '1.0',
        hwV: device.hwV ?? '1.0',
      },
    );
    for (const [index, account] of device.accounts.entries()) {
      const path = `accounts[${index}]`;
      try {
        const uri = writeAccount(transaction, newAccount(account));
        const { identifier } = account.notification ?? {};
        if (identifier !== undefined)
          transaction.set(`${uri}/${digestIdentifierLeaf}`, { value: identifier });
        if (account.messages !== undefined) writeMessageKeys(transaction, uri, account.messages);
        if (account.trustTransport === true) noteTrustTransport(transaction, uri);
        noteProvisioned(transaction, uri);
      } catch (error) {
        if (!(error instanceof ValueError)) throw error;
        throw new ValueError(error.code, error.detail, `${path}.${error.path}`, error.spec, { cause: error });
      }
    }
    const { firmwareUpdate, firmwareServers } = device;
    if (firmwareServers !== undefined) nameFirmwareServers(transaction, firmwareServers);
    if (firmwareUpdate !== undefined) {
      if (!/^[A-Za-z0-9_.-]{1,64}$/.test(firmwareUpdate) || /^\.+$/.test(firmwareUpdate)) {
        const detail = 'must be 1 to 64 letters, digits and _ . -';
        throw new ValueError('BAD_FORMAT', detail, 'firmwareUpdate');
      }
      const servers = firmwareServers ?? device.accounts.map(({ serverId }) => serverId);
      writeFirmwareObject(transaction, firmwareUpdate, servers);
    }
  });
  await storage.save(stateDocument(tree.snapshot(), new Map()));
}

/** The account as the tree takes it. @throws {ValueError} for a nonce that is not Base64 */
export function newAccount(account: AccountInput): Parameters<typeof writeAccount>[1] {
  const { serverId, name, client, server, notification } = account;
  return {
    serverId,
    ...(name === undefined ? {} : { name }),
    addresses: [account.address, ...(account.moreAddresses ?? [])].map((addr) => ({ addr })),
    authPreference: typeOfScheme(client.scheme),
    credentials: [
      { level: 'CLCRED', ...credential(client) },
      ...(server === undefined ? [] : [{ level: 'SRVCRED' as const, name: serverId, ...credential(server) }]),
      ...(notification?.secret === undefined
        ? []
        : [{ level: 'NOTICRED' as const, type: 'DIGEST', secret: notification.secret }]),
    ],
  };
}

function credential(input: CredentialInput): {
  readonly type: string;
  readonly name?: string;
  readonly secret: string;
  readonly data?: Uint8Array;
} {
  return {
    type: typeOfScheme(input.scheme),
    ...(input.name === undefined ? {} : { name: input.name }),
    secret: input.secret,
    ...(input.nonceBase64 === undefined ? {} : { data: base64ToBytes(input.nonceBase64, 'nonceBase64') }),
  };
}
