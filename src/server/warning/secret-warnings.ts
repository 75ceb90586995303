// What is worth saying of the secrets in a device's record: weak ones are taken, since deployed devices hold them, but
// whoever sees one message under them can guess them at home (docs/threat-model.md).
import { secretStrength, strongSecretBits } from '../../core/index.ts';
import type { DeviceRecord } from '../../store/index.ts';

/** One line for each weak secret of a device, by field and with what to do; nothing of the secret. */
export function secretWarnings(device: DeviceRecord): readonly string[] {
  const secrets: readonly (readonly [string, string | undefined])[] = [
    ['serverCredentials.secret', device.serverCredentials.secret],
    ['clientCredentials.secret', device.clientCredentials?.secret],
    ['notificationSecret', device.notificationSecret],
  ];
  return secrets.flatMap(([field, secret]) => {
    if (secret === undefined) return [];
    const { bits, strong } = secretStrength(secret);
    if (strong) return [];
    const estimate = `${field} is weak: about ${bits} bits of guessing, ${strongSecretBits} are needed`;
    return [`${estimate}. One who sees a message can find it; reveille secret makes a strong one`];
  });
}
