// Accounts as the API shows them: no private keys.
import { createHash, createPublicKey } from 'node:crypto';
import type { Static } from 'typebox';
import type { AccountRecord, StoredMessageSigning } from '../../store/index.ts';
import type { AccountShape, MessageSigningShape } from './account-shapes.ts';
import { isoTime } from './iso-time.ts';

export function accountView(account: AccountRecord): Static<typeof AccountShape> {
  const { createdAt, updatedAt, messageSigning, revision: _, ...rest } = account;
  return {
    ...rest,
    ...(messageSigning !== undefined && { messageSigning: messageSigningView(messageSigning) }),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}

function messageSigningView(signing: StoredMessageSigning): Static<typeof MessageSigningShape> {
  const { algorithm, keyName, privateKey } = signing;
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    algorithm,
    ...(keyName !== undefined && { keyName }),
    publicKeySha256: createHash('sha256').update(spki).digest('hex'),
  };
}
