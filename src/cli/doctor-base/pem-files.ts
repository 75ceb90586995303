// Certificates and keys as files and as texts: read without changing their modes, and taken apart.
import { X509Certificate } from 'node:crypto';

/** A block of a certificate. */
const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Certificates that one text may have, at most: a bundle of all public authorities has some hundred. */
export const mostCertificates = 1000;

/** The certificates of a text, the first ones of very many. @throws the error of OpenSSL for what is none */
export function certificatesIn(text: string): readonly X509Certificate[] {
  return (text.match(block) ?? []).slice(0, mostCertificates).map((each) => new X509Certificate(each));
}

/** What a certificate is for, as people write it: its common name, or all that its subject says. */
export function nameOf({ subject }: X509Certificate): string {
  return /(?:^|\n)CN=(.*)/.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');
}

/** A moment as people read it, to the minute. */
export function momentText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
