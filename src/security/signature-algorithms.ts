// The algorithms of signed DM messages (profile RV-SIG-1) and their identifiers in XML-Signature.

/** Signature methods. The two SHA-1 ones are for old peers and off unless an option says otherwise. */
export type SignatureAlgorithm = 'rsa-sha256' | 'ecdsa-sha256' | 'hmac-sha256' | 'rsa-sha1' | 'hmac-sha1';

/** Methods that a key pair is used with. */
export type PublicKeyAlgorithm = Exclude<SignatureAlgorithm, HmacAlgorithm>;

/** Methods that a shared secret is used with. */
export type HmacAlgorithm = 'hmac-sha256' | 'hmac-sha1';

/** Digest methods of a Reference. */
export type DigestAlgorithm = 'sha256' | 'sha1';

const xmldsig = 'http://www.w3.org/2000/09/xmldsig#';
const xmldsigMore = 'http://www.w3.org/2001/04/xmldsig-more#';

/** What is known of each signature method. */
export const signatureMethods: Readonly<
  Record<SignatureAlgorithm, { readonly uri: string; readonly hash: DigestAlgorithm }>
> = {
  'rsa-sha256': { uri: `${xmldsigMore}rsa-sha256`, hash: 'sha256' },
  'ecdsa-sha256': { uri: `${xmldsigMore}ecdsa-sha256`, hash: 'sha256' },
  'hmac-sha256': { uri: `${xmldsigMore}hmac-sha256`, hash: 'sha256' },
  'rsa-sha1': { uri: `${xmldsig}rsa-sha1`, hash: 'sha1' },
  'hmac-sha1': { uri: `${xmldsig}hmac-sha1`, hash: 'sha1' },
};

/** Identifier of each digest method. */
export const digestMethods: Readonly<Record<DigestAlgorithm, string>> = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha1: `${xmldsig}sha1`,
};

/** The transform that takes the Signature out of what it signs. */
export const envelopedTransform = `${xmldsig}enveloped-signature`;

/** Exclusive XML Canonicalization 1.0, without comments. */
export const exclusiveCanonicalization = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** The signature method of that identifier; `undefined` for one that the profile does not have. */
export function signatureAlgorithmOf(uri: string): SignatureAlgorithm | undefined {
  const names = Object.keys(signatureMethods) as SignatureAlgorithm[];
  return names.find((name) => signatureMethods[name].uri === uri);
}

/** The digest method of that identifier; `undefined` for one that the profile does not have. */
export function digestAlgorithmOf(uri: string): DigestAlgorithm | undefined {
  return (['sha256', 'sha1'] as const).find((name) => digestMethods[name] === uri);
}
