// Certificates as people have them made, right and wrong, by the openssl program.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a certificate is to say. */
export interface Wanted {
  /** Its names, such as `DNS:dm.example.com`. Default: `DNS:dm.example.com`. */
  readonly names?: string;
  /** Days from now at which it begins and ends. Default: yesterday, and in a year. */
  readonly from?: number;
  readonly to?: number;
  /** Bits of an RSA key. Default: a key of P-256. */
  readonly rsaBits?: number;
  readonly digest?: 'sha256' | 'sha1';
  readonly authority?: boolean;
  /** Who signs it. Default: itself. */
  readonly by?: Made;
}

/** Files of a certificate and its key. */
export interface Made {
  readonly certificate: string;
  readonly key: string;
}

/** Makes `NAME.pem` and `NAME.key` in a folder. */
export function makeCertificate(folder: string, name: string, wanted: Wanted = {}): Made {
  const { names = 'DNS:dm.example.com', from = -1, to = 365, rsaBits, digest = 'sha256', by } = wanted;
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', timeout: 60_000 });
  };
  const newKey =
    rsaBits === undefined
      ? ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
      : ['-newkey', `rsa:${rsaBits}`];
  openssl(
    'req',
    ...newKey,
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.req`,
    '-subj',
    `/CN=${name}`,
  );
  const use = wanted.authority === true ? 'CA:TRUE' : 'CA:FALSE';
  writeFileSync(join(folder, `${name}.index`), '');
  writeFileSync(
    join(folder, `${name}.cnf`),
    `[ca]\ndefault_ca=it\n[it]\ndatabase=${name}.index\nnew_certs_dir=.\nrand_serial=yes\npolicy=any\nunique_subject=no\n` +
      `[any]\ncommonName=supplied\n[with]\nbasicConstraints=${use}\nsubjectAltName=${names}\n`,
  );
  const signer =
    by === undefined
      ? ['-selfsign', '-keyfile', `${name}.key`]
      : ['-cert', by.certificate, '-keyfile', by.key];
  openssl(
    ...['ca', '-batch', '-notext', '-config', `${name}.cnf`, '-extensions', 'with', '-md', digest, ...signer],
    ...['-in', `${name}.req`, '-out', `${name}.pem`, '-startdate', moment(from), '-enddate', moment(to)],
  );
  return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
}

/** A moment so many days from now, as openssl takes it. */
function moment(days: number): string {
  const at = new Date(Date.now() + days * 86_400_000).toISOString();
  return `${at.slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
}
