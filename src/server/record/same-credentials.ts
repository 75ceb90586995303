// Whether credentials that a caller gives are those that a device has already.
import { type DeviceRecord, isSealTrouble } from '../../store/index.ts';

/** True where credentials that are given are those that are there; a nonce that is not given is no difference. */
export function holds(
  current: DeviceRecord['clientCredentials'],
  given: DeviceRecord['serverCredentials'],
): boolean {
  if (current?.scheme !== given.scheme || current.name !== given.name) return false;
  if (openedSecret(current) !== given.secret) return false;
  const { nonce } = given;
  const known = current.nonce;
  return (
    nonce === undefined ||
    (known?.length === nonce.length && known.every((octet, index) => octet === nonce[index]))
  );
}

/** The secret of credentials; `undefined` where it does not open: given anew it takes that one's place. */
function openedSecret(credentials: DeviceRecord['serverCredentials']): string | undefined {
  try {
    return credentials.secret;
  } catch (error) {
    if (isSealTrouble(error)) return undefined;
    throw error;
  }
}
