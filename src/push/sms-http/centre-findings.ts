// What is unwise about a road's settings although they work: told when it is opened, and by `reveille doctor`.
import { type CentreSettings, centreSettings } from './centre-settings.ts';
import type { HttpCentreOptions } from './http-centre-options.ts';
import { literalSecrets, secretName } from './literal-secrets.ts';
import { leavesInTime, leavingSeconds } from './message-pace.ts';
import { holdsAccount, type Template } from './request/template.ts';

/** One thing. */
export interface CentreFinding {
  /** Path of the setting. */
  readonly path: string;
  /** What about it. */
  readonly what: string;
  /** What to do. */
  readonly remedy: string;
  /** True for what nobody can mend, and should know. */
  readonly isNote?: boolean;
}

const standsInTemplate = {
  what: 'looks like a secret, and stands in the template itself',
  remedy: 'put it among "account", from a file or the environment, and name it as {account.NAME}',
};

/** Hosts of this machine: what goes there passes nobody. */
const ownHosts = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;

/** Looks the settings over. @throws {ValueError} for settings that cannot be */
export function centreFindings(options: HttpCentreOptions): readonly CentreFinding[] {
  const settings = centreSettings(options);
  return [
    ...inTheClear(settings),
    ...inTheQuery(settings),
    ...inTheOpen(settings),
    ...inTheJson(options),
    ...withoutReports(settings),
    ...unprotectedReceipts(settings),
    ...slowerThanAnAttempt(options, settings),
  ];
}

function inTheClear({ request, secrets }: CentreSettings): readonly CentreFinding[] {
  const { protocol, hostname } = new URL(request.url.origin);
  if (protocol === 'https:' || secrets.length === 0 || ownHosts.test(hostname)) return [];
  return [
    {
      path: 'request.url',
      what: 'the account goes over plain HTTP, where everybody on the way can read it',
      remedy: 'use https:',
    },
  ];
}

function inTheQuery({ request, preset }: CentreSettings): readonly CentreFinding[] {
  const isSecret = (field: string): boolean => preset?.account[field]?.secret !== false;
  const found = request.query.filter(([, template]) => holdsAccount(template, isSecret));
  return found.map(([name]) => ({
    path: `request.query.${name}`,
    what: 'a secret of the account stands in the query, which servers and proxies write into their logs',
    remedy: 'send it in a header field or a form where the company takes that',
  }));
}

/** Secrets that the template holds itself, and which are shown with it. */
function inTheOpen({ request: { query, headers, form = [] } }: CentreSettings): readonly CentreFinding[] {
  const places = [
    ['query', query],
    ['headers', headers],
    ['form', form],
  ] as const;
  return places.flatMap(([place, fields]) =>
    fields
      .filter(([name, template]) => secretName.test(name) && isLiteral(template))
      .map(([name]) => ({
        path: `request.${place}.${name}`,
        ...standsInTemplate,
      })),
  );
}

/** The same in a JSON body. */
function inTheJson({ request }: HttpCentreOptions): readonly CentreFinding[] {
  return literalSecrets(request?.json ?? {}, 'request.json').map(({ path }) => ({
    path,
    ...standsInTemplate,
  }));
}

function withoutReports({ receipts, answer, preset }: CentreSettings): readonly CentreFinding[] {
  if (receipts !== undefined) {
    if (receipts.tie !== 'id' || answer.id !== undefined) return [];
    return [
      {
        path: 'answer.id',
        what: 'receipts are tied by the id, and nothing says where an answer has it: no push is ever reported',
        remedy: 'name it by a JSON pointer',
      },
    ];
  }
  return [
    {
      path: 'receipts',
      what: 'no receipts are asked for: pushes are accepted, and what becomes of them is not known',
      ...(preset !== undefined && preset.receipts === undefined
        ? { remedy: `the documents of ${preset.company} tell of no receipts over HTTP`, isNote: true }
        : { remedy: 'name a callback that the company can reach' }),
    },
  ];
}

function unprotectedReceipts({ receipts }: CentreSettings): readonly CentreFinding[] {
  const callback = receipts?.callback();
  if (callback === undefined || callback.startsWith('https:') || ownHosts.test(new URL(callback).hostname))
    return [];
  return [
    {
      path: 'receipts.callback',
      what: 'receipts come over plain HTTP, with the tokens that keep strangers from writing them',
      remedy: 'let the company use https: (a reverse proxy, or "tls" of the listener)',
    },
  ];
}

/** Pushes of a few messages are common; of more than that only where the settings say so. */
const commonMessages = 10;

function slowerThanAnAttempt(
  { throughput, maxSegments = commonMessages }: HttpCentreOptions,
  { attemptMs }: CentreSettings,
): readonly CentreFinding[] {
  if (throughput === undefined || leavesInTime(maxSegments, throughput, attemptMs)) return [];
  const what = `a push of ${maxSegments} messages needs ${leavingSeconds(maxSegments, throughput)} s, more than the ${attemptMs / 1000} s that an attempt has, and does not go out here`;
  return [{ path: 'throughput', what, remedy: 'set more, or send only pushes of fewer messages this way' }];
}

function isLiteral({ parts }: Template): boolean {
  return parts.every((part) => typeof part === 'string') && parts.length > 0;
}
