// The algorithms of encrypted parts and their identifiers in XML-Encryption: authenticated content encryption only.

/** How content is encrypted: AES in Galois/counter mode, with a fresh key for each part. */
export type ContentAlgorithm = 'aes128-gcm' | 'aes256-gcm';

/**
 * How the content key reaches an RSA key: `rsa-oaep-mgf1p` is OAEP with SHA-1, which every implementation has and where
 * collisions of SHA-1 do not matter; `rsa-oaep-sha256` has SHA-256 in both places.
 */
export type KeyTransport = 'rsa-oaep-mgf1p' | 'rsa-oaep-sha256';

/** Namespace of XML-Encryption 1.1. */
export const xmlenc11 = 'http://www.w3.org/2009/xmlenc11#';

/** Namespace of XML-Encryption. */
export const xmlenc = 'http://www.w3.org/2001/04/xmlenc#';

/** Type of EncryptedData whose plaintext is one element. */
export const elementType = `${xmlenc}Element`;

/** Media type of Data that holds EncryptedData. */
export const encryptedMediaType = 'application/xenc+xml';

/** What is known of each content algorithm. */
export const contentMethods: Readonly<
  Record<
    ContentAlgorithm,
    { readonly uri: string; readonly cipher: 'aes-128-gcm' | 'aes-256-gcm'; readonly keyOctets: number }
  >
> = {
  'aes128-gcm': { uri: `${xmlenc11}aes128-gcm`, cipher: 'aes-128-gcm', keyOctets: 16 },
  'aes256-gcm': { uri: `${xmlenc11}aes256-gcm`, cipher: 'aes-256-gcm', keyOctets: 32 },
};

/** Identifier and hash of each key transport. */
export const keyTransports: Readonly<
  Record<KeyTransport, { readonly uri: string; readonly hash: 'sha1' | 'sha256' }>
> = {
  'rsa-oaep-mgf1p': { uri: `${xmlenc}rsa-oaep-mgf1p`, hash: 'sha1' },
  'rsa-oaep-sha256': { uri: `${xmlenc11}rsa-oaep`, hash: 'sha256' },
};

/** The content algorithm of that identifier; `undefined` for one that is not taken. */
export function contentAlgorithmOf(uri: string): ContentAlgorithm | undefined {
  return (['aes128-gcm', 'aes256-gcm'] as const).find((name) => contentMethods[name].uri === uri);
}
