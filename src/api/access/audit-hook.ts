// What requests leave in the audit log: every write, what is marked so, and tries that were refused.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../core/index.ts';
import type { AuditLog, NewAuditEntry } from '../../server/index.ts';
import type { Problem } from '../request/problem.ts';
import type { Audited, RouteAudit } from './caller.ts';

const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Refusals that say that somebody tried what he may not. Anyone can cause them, so they are summed up. */
const tries: ReadonlySet<string> = new Set([
  'UNAUTHORIZED',
  'TOO_MANY_ATTEMPTS',
  'SCOPE',
  'ACCOUNTS',
  'RATE_LIMIT',
  'CROSS_SITE',
]);

/** Puts requests into the audit log. Without a log, nothing is done. */
export class AuditHook {
  readonly #log: AuditLog | undefined;
  readonly #logger: Logger;

  constructor(log: AuditLog | undefined, logger: Logger) {
    this.#log = log;
    this.#logger = logger;
  }

  /** For a reply that is about to be sent; `done` is called when it may go. */
  sending(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const when = auditOf(request);
    if (this.#log === undefined || when === 'never' || isTry(request)) {
      done();
      return;
    }
    const entry = entryOf(request, reply.statusCode, idOf(request, reply));
    if (when === 'behind') {
      this.#log.later(entry);
      done();
      return;
    }
    void this.#add(this.#log, entry).then(done);
  }

  /** For a request whose answer goes out in parts, before the first of what it does: nothing is done that no entry tells of. */
  async begun(request: FastifyRequest, detail: string): Promise<void> {
    request.audited.detail = begunWords(detail);
    if (this.#log !== undefined) await this.#add(this.#log, entryOf(request, 200, undefined));
  }

  /** The same at its end. */
  streamed(request: FastifyRequest, detail: string): void {
    request.audited.detail = detail;
    this.#log?.later(entryOf(request, 200, undefined));
  }

  /** For a problem that is the answer. */
  refused(request: FastifyRequest, problem: Problem): void {
    // What is of another account is told as what is not there, and is a try all the same.
    const code = request.audited.isHidden === true ? 'ACCOUNTS' : problem.code;
    request.audited.detail ??= code;
    if (!tries.has(code)) return;
    request.audited.detail = code;
    // Paths that there are not would be as many as a stranger likes.
    const { outcome: _, ...entry } = entryOf(request, 403, request.audited.id);
    this.#log?.refused(`${code} ${entry.actor ?? ''}`, request.socket.remoteAddress ?? '', {
      ...entry,
      outcome: 'refused',
    });
  }

  /** It is done, whatever becomes of the entry; a full disk is told in the log. */
  #add(log: AuditLog, entry: NewAuditEntry): Promise<void> {
    return log.add(entry).catch((error: unknown) => {
      this.#logger.error(
        { action: entry.action, error: String(error) },
        'the audit log could not be written',
      );
    });
  }
}

/** How an entry says that something has begun which another one tells the end of. */
export function begunWords(what: string): string {
  return `begun: ${what}`;
}

function isTry({ audited }: FastifyRequest): boolean {
  return audited.detail !== undefined && tries.has(audited.detail);
}

function auditOf({ method, audited, routeOptions: { config, url } }: FastifyRequest): RouteAudit {
  // What is wrong before a route is found has come to no hook.
  if (url === undefined || (audited as Audited | undefined) === undefined) return 'never';
  return config.audit ?? (readingMethods.has(method) ? 'never' : 'before');
}

/** `POST /v1/devices/{id}`: the words of the description, nothing that a caller chose. */
export function actionOf(method: string, url: string | undefined): string {
  return `${method} ${(url ?? 'no route').replaceAll(/:(\w+)/g, '{$1}')}`;
}

function entryOf(request: FastifyRequest, status: number, id: string | undefined): NewAuditEntry {
  const { method, routeOptions, audited } = request;
  // Not set where the request was refused before anyone knew whose it is.
  const caller: FastifyRequest['caller'] | undefined = request.caller;
  const tags = routeOptions.schema?.tags;
  const { account, detail } = audited;
  return {
    action: actionOf(method, routeOptions.url),
    outcome: status < 400 ? 'done' : status < 500 ? 'refused' : 'failed',
    ...(caller?.actor !== undefined && { actor: caller.actor }),
    ...(caller?.tokenId !== undefined && { tokenId: caller.tokenId }),
    source: request.socket.remoteAddress ?? '',
    ...(tags?.[0] !== undefined && { kind: tags[0] }),
    ...(id !== undefined && { id }),
    ...(account !== undefined && { account }),
    ...(detail !== undefined && { detail }),
  };
}

/** What the route said, what the path names, or what was created. */
function idOf({ audited, params }: FastifyRequest, reply: FastifyReply): string | undefined {
  if (audited.id !== undefined) return audited.id;
  const named = Object.values((params ?? {}) as Readonly<Record<string, string>>)[0];
  if (named !== undefined && named !== '') return named;
  const location = reply.getHeader('location');
  return typeof location === 'string' ? decodeURIComponent(location.split('/').at(-1) ?? '') : undefined;
}
