// The devices of the demonstration: what is special about each, and both sides of its account.
import { randomBytes } from 'node:crypto';
import type { NotificationFormat } from '../../codec/notification/index.ts';
import type { MessageForm } from '../../codec/syncml/index.ts';
import { bytesToBase64 } from '../../core/index.ts';
import type { ProvisioningInput } from '../../device/index.ts';

/** The server identifier of the demonstration. */
export const demoServerId = 'com.example.reveille';

/** One device of the demonstration, before it runs. */
export interface DemoDevice {
  readonly deviceId: string;
  readonly format: NotificationFormat;
  /** Encoding of its DM messages. */
  readonly form: MessageForm;
  /** What is special about it, for the table. */
  readonly remark: string;
  readonly provisioning: (dmUrl: string) => ProvisioningInput;
  /** Body of `POST /v1/devices`. */
  readonly record: (address: string) => Readonly<Record<string, unknown>>;
  /** Fields of its notification. */
  readonly message: Readonly<Record<string, unknown>>;
}

/** One device for each format, and one whose nonce differs from the server's. All secrets are new in each run. */
export function demoDevices(): readonly DemoDevice[] {
  return [
    demoDevice('IMEI:990000120000015', 'dm1.2', 'wbxml', '', {}),
    demoDevice('IMEI:990000201000019', 'dm1.3-2010', 'xml', '', {
      reason: 'Weekly check',
      transport: 'http',
    }),
    demoDevice('IMEI:990000130000013', 'dm1.3', 'wbxml', '', { reason: 'Weekly check', requestedMo: [2] }),
    demoDevice('IMEI:990000660000014', 'dm1.2', 'wbxml', 'nonce out of step', {}),
  ];
}

/** One device for each of so many bindings, over all formats. */
export function demoDevicesFor(count: number): readonly DemoDevice[] {
  const formats = ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const;
  return Array.from({ length: count }, (_, index) => {
    const format = formats[index % formats.length] ?? 'dm1.3';
    const deviceId = `IMEI:99000040000${String(index + 1).padStart(4, '0')}`;
    return demoDevice(deviceId, format, index % 2 === 0 ? 'wbxml' : 'xml', '', {});
  });
}

function demoDevice(
  deviceId: string,
  format: NotificationFormat,
  form: MessageForm,
  remark: string,
  message: Readonly<Record<string, unknown>>,
): DemoDevice {
  const name = `user-${deviceId.slice(-4)}`;
  const [clientSecret, serverSecret] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const [clientNonce, serverNonce] = [newNonce(), newNonce()];
  const nonceOfDevice = remark === '' ? serverNonce : newNonce();
  return {
    deviceId,
    format,
    form,
    remark,
    message: { uiMode: 'background', ...message },
    provisioning: (address) => ({
      deviceId,
      man: 'Reveille',
      mod: `Demo ${format}`,
      accounts: [
        {
          serverId: demoServerId,
          address,
          client: { scheme: 'md5', name, secret: clientSecret, nonceBase64: clientNonce },
          server: { scheme: 'md5', secret: serverSecret, nonceBase64: nonceOfDevice },
        },
      ],
    }),
    record: (address) => ({
      id: deviceId,
      serverId: demoServerId,
      addresses: [address],
      format,
      clientCredentials: { scheme: 'md5', name, secret: clientSecret, nonceBase64: clientNonce },
      serverCredentials: { scheme: 'md5', secret: serverSecret, nonceBase64: serverNonce },
    }),
  };
}

function newNonce(): string {
  return bytesToBase64(randomBytes(16));
}
