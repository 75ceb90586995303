// Settings of the folder and of the doors: where the server listens, behind which certificates, and for whom.
import { sealKeyHelp } from '../io/seal-keys.ts';
import { address, integer, path, proxies, texts, yes } from './kinds.ts';
import { optional, setting } from './setting.ts';

/** In the order of the help. */
export const doorSettings = {
  data: setting({
    key: 'data.folder',
    flag: '--data',
    kind: path('<folder>'),
    summary: 'folder of the database',
    initial: 'reveille-data',
  }),
  sealKey: optional({
    key: 'data.sealKeyFile',
    flag: '--seal-key',
    variable: 'REVEILLE_SEAL_KEY_FILE',
    contents: 'REVEILLE_SEAL_KEY',
    kind: path('<file>'),
    summary: sealKeyHelp,
  }),
  dm: setting({
    key: 'dm.listen',
    flag: '--dm',
    kind: address(8080),
    summary: 'where devices open their sessions',
    initial: '127.0.0.1:8080',
  }),
  api: setting({
    key: 'api.listen',
    flag: '--api',
    kind: address(8081),
    summary: 'where the REST API listens',
    initial: '127.0.0.1:8081',
  }),
  metrics: optional({
    key: 'metrics.listen',
    flag: '--metrics',
    kind: address(9464, true),
    summary:
      'show metrics there without a token, beside /metrics of the REST API (127.0.0.1 unless you name another host)',
  }),
  tokenFile: optional({
    key: 'api.tokenFile',
    flag: '--token-file',
    kind: path('<file>'),
    contents: 'REVEILLE_API_TOKEN',
    summary:
      'tokens that may do everything, one a line, 16 characters or longer (see reveille secret); the environment variable ' +
      'REVEILLE_API_TOKEN works too',
    reloads: true,
  }),
  oidc: optional({
    key: 'api.oidcFile',
    flag: '--oidc',
    kind: path('<file>'),
    summary: 'an identity provider whose tokens the REST API takes (docs/access.md), as YAML or JSON',
    reloads: true,
  }),
  rateLimit: setting({
    key: 'api.requestsPerMinute',
    flag: '--rate-limit',
    kind: integer('<number>', 0, 100_000_000),
    summary: 'requests that each token without the scope admin may send in a minute; 0: any number',
    initial: '0',
    reloads: true,
  }),
  apiHost: setting({
    key: 'api.hosts',
    flag: '--api-host',
    kind: texts('<host>'),
    summary:
      'a further name of the REST API, HOST or HOST:PORT, such as that of a proxy in front of it (repeatable)',
    initial: '',
  }),
  apiTlsCertificate: optional({
    key: 'api.tls.certificateFile',
    flag: '--api-tls-certificate',
    kind: path('<file>'),
    summary: 'certificate chain (PEM): the REST API then speaks HTTPS',
    reloads: true,
  }),
  apiTlsKey: optional({
    key: 'api.tls.keyFile',
    flag: '--api-tls-key',
    kind: path('<file>'),
    summary: 'its private key (PEM)',
    reloads: true,
  }),
  apiWithoutTls: setting({
    key: 'api.withoutTls',
    flag: '--api-without-tls',
    kind: yes(),
    summary: 'let the REST API listen for other machines although it speaks plain HTTP',
    initial: 'false',
  }),
  tlsCertificate: optional({
    key: 'dm.tls.certificateFile',
    flag: '--tls-certificate',
    kind: path('<file>'),
    summary: 'certificate chain (PEM): the DM endpoint then speaks HTTPS',
    reloads: true,
  }),
  tlsKey: optional({
    key: 'dm.tls.keyFile',
    flag: '--tls-key',
    kind: path('<file>'),
    summary: 'its private key (PEM)',
    reloads: true,
  }),
  clientCa: optional({
    key: 'dm.tls.clientCaFile',
    flag: '--client-ca',
    kind: path('<file>'),
    summary: 'demand client certificates of these authorities (PEM) at the DM endpoint',
    reloads: true,
  }),
  trustProxy: optional({
    key: 'dm.trustProxy',
    flag: '--trust-proxy',
    kind: proxies('<addresses>'),
    summary: 'proxies in front of the DM endpoint, as addresses or networks with commas',
  }),
} as const;
