// What can be wrong with a certificate chain and its key.
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { type Finding, tellerOf } from '../doctor-base/finding.ts';
import { certificatesIn, momentText, nameOf } from '../doctor-base/pem-files.ts';

/** Name of the check. */
export const certificatesName = 'certificates';
const tell = tellerOf(certificatesName);

/** Milliseconds before its end from which a certificate is warned of. */
const soonMs = 30 * 86_400_000;

const renew = 'renew it; a running server reads the files again at SIGHUP';

/** A chain with what it is for. */
export interface Chain {
  /** The file, or the path in the configuration. */
  readonly where: string;
  readonly certificates: readonly X509Certificate[];
  /** `server`: we prove ourselves with it as a server; `client`: as a client; `authorities`: others are held against it. */
  readonly use: 'server' | 'client' | 'authorities';
}

/** Ends, beginnings and algorithms of all certificates. `now` in milliseconds since the POSIX epoch. */
export function datesAndAlgorithms({ where, certificates, use }: Chain, now: number): readonly Finding[] {
  return certificates.flatMap((certificate): readonly Finding[] => [
    ...dates(where, certificate, now),
    ...algorithms(where, certificate),
    ...(use === 'authorities' && !certificate.ca
      ? [
          tell.warning(
            where,
            `${nameOf(certificate)} is no authority (CA:FALSE): it proves no other certificate`,
            'give the certificate of the authority',
          ),
        ]
      : []),
  ]);
}

function dates(where: string, certificate: X509Certificate, now: number): readonly Finding[] {
  const { validFromDate: from, validToDate: to } = certificate;
  const name = nameOf(certificate);
  if (from.getTime() > now) {
    const what = `${name} is not valid before ${momentText(from)}; the clock says ${momentText(new Date(now))}`;
    return [tell.error(where, what, 'set the clock of this machine, or wait for the certificate to begin')];
  }
  if (to.getTime() <= now) return [tell.error(where, `${name} ended on ${momentText(to)}`, renew)];
  if (to.getTime() - now > soonMs) return [];
  const days = Math.floor((to.getTime() - now) / 86_400_000);
  return [tell.warning(where, `${name} ends on ${momentText(to)}, in ${days} days`, renew)];
}

function algorithms(where: string, certificate: X509Certificate): readonly Finding[] {
  const found: Finding[] = [];
  const name = nameOf(certificate);
  const { modulusLength, namedCurve } = certificate.publicKey.asymmetricKeyDetails ?? {};
  const type = certificate.publicKey.asymmetricKeyType;
  if ((type === 'rsa' || type === 'dsa') && modulusLength !== undefined && modulusLength < 2048) {
    const what = `the key of ${name} has ${modulusLength} bits: it can be broken, and most peers refuse it`;
    found.push(
      tell.error(where, what, 'make a new key of 2048 bits (RSA) or P-256, and a certificate for it'),
    );
  }
  if (namedCurve !== undefined && /(?:112|128|160|163|192)/.test(namedCurve)) {
    const what = `the key of ${name} is of the curve ${namedCurve}: it can be broken`;
    found.push(tell.error(where, what, 'make a new key of P-256, and a certificate for it'));
  }
  const { signatureAlgorithm } = certificate;
  // A root is trusted for what it is, not for its signature.
  if (!isSelfSigned(certificate) && /sha1|md5|md2/i.test(signatureAlgorithm ?? '')) {
    const what = `${name} is signed with ${signatureAlgorithm}, which can be forged: peers refuse it`;
    found.push(tell.error(where, what, 'have it signed again, with SHA-256'));
  }
  return found;
}

/** Whether each certificate is proved by the next one, and the last one by somebody that is known. */
export function chainFindings({ where, certificates }: Chain): readonly Finding[] {
  for (const [index, certificate] of certificates.entries()) {
    if (isSelfSigned(certificate)) return [];
    const next = certificates[index + 1];
    if (next !== undefined) {
      if (proves(next, certificate)) continue;
      const what = `${nameOf(next)} stands after ${nameOf(certificate)} and does not prove it: peers may find no chain`;
      const remedy = 'put the certificate first, then the one that proves it, and so on';
      return [tell.warning(where, what, remedy)];
    }
    if (isKnownRoot(certificate)) return [];
    const issuer = certificate.issuer.replaceAll('\n', ', ');
    const what = `the chain ends at ${nameOf(certificate)}, which ${issuer} proves, an authority that is not known here`;
    // An authority of its own tells nobody where its certificate is; a public one does.
    const isPublic = certificate.infoAccess?.includes('CA Issuers') === true;
    return isPublic
      ? [
          tell.warning(
            where,
            `${what}: a certificate in between is missing`,
            "add the authority's certificate to the file (fullchain.pem)",
          ),
        ]
      : [tell.note(where, what, 'see that whoever connects knows that authority')];
  }
  return [];
}

/** Whether a text is a key, and that of the first certificate of a chain, where there is one. */
export function keyFindings(chain: Chain | undefined, keyWhere: string, key: string): readonly Finding[] {
  let parsed: KeyObject;
  try {
    parsed = createPrivateKey(key);
  } catch {
    const what = 'it holds no private key that can be read; keys under a passphrase cannot be used';
    return [tell.error(keyWhere, what, 'give the key without a passphrase, with mode 0600')];
  }
  const first = chain?.certificates[0];
  if (chain === undefined || first === undefined || first.checkPrivateKey(parsed)) return [];
  const what = `the key is not that of ${nameOf(first)} in ${chain.where}`;
  const remedy =
    'give the key that the certificate was made for; the certificate has to stand first in its file';
  return [tell.error(keyWhere, what, remedy)];
}

/** Names that others know the door by, and that the certificate does not have. */
export function nameFindings(
  { where, certificates }: Chain,
  knownAs: readonly { readonly host: string; readonly where: string }[],
): readonly Finding[] {
  const [first] = certificates;
  if (first === undefined) return [];
  return knownAs.flatMap(({ host, where: said }): readonly Finding[] => {
    const matches = isIP(host) === 0 ? first.checkHost(host) : first.checkIP(host);
    if (matches !== undefined) return [];
    const names = first.subjectAltName ?? 'none';
    const what = `it is not for ${host} (${said}): its names are ${names}`;
    return [tell.error(where, what, `have a certificate made for ${host}, or use a name that it has`)];
  });
}

/** Reads a chain. Gives what is wrong where it cannot. */
export function readChain(where: string, text: string, use: Chain['use']): Chain | Finding {
  try {
    const certificates = certificatesIn(text);
    if (certificates.length > 0) return { where, certificates, use };
  } catch {
    return tell.error(
      where,
      'it holds a block that is no certificate',
      'give the certificate in PEM, as it was made',
    );
  }
  return tell.error(
    where,
    'it holds no certificate in PEM',
    'give the file with -----BEGIN CERTIFICATE-----',
  );
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.checkIssued(certificate);
}

function proves(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isKnownRoot(certificate: X509Certificate): boolean {
  return rootCertificates.some((text) => {
    const [root] = certificatesIn(text);
    return root !== undefined && certificate.issuer === root.subject && proves(root, certificate);
  });
}
