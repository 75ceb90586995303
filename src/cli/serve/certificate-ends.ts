// When certificates end, of the doors and of what the configuration names.
import { X509Certificate } from 'node:crypto';

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** When the first of the certificates in a PEM text ends, milliseconds since the POSIX epoch; `undefined` where there is none. */
export function endOfCertificates(text: string | Uint8Array): number | undefined {
  const ends = (Buffer.from(text).toString('latin1').match(pem) ?? []).flatMap((each) => {
    try {
      return new X509Certificate(each).validToDate.getTime();
    } catch {
      // Whoever uses it says what is wrong with it.
      return [];
    }
  });
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Ends of all certificates in a configuration, by where they stand, such as `sms.smscs[0].tls.ca`. */
export function certificateEndsIn(configuration: unknown): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  const look = (value: unknown, path: string): void => {
    if (typeof value === 'string' || value instanceof Uint8Array) {
      const end = endOfCertificates(value);
      if (end !== undefined) ends.set(path, end);
    } else if (Array.isArray(value)) {
      for (const [index, each] of value.entries()) look(each, `${path}[${index}]`);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, each] of Object.entries(value)) look(each, path === '' ? name : `${path}.${name}`);
    }
  };
  look(configuration, '');
  return ends;
}
