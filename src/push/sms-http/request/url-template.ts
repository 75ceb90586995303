// URLs with slots: the host may hold fields of the account, the path anything; neither can become something else by a value.
import { ValueError } from '../../../core/index.ts';
import type { MessageValues } from './slots.ts';
import { type AccountFields, fill, parseTemplate, type Template } from './template.ts';

/** A URL that has been taken apart. */
export interface UrlTemplate {
  /** Scheme, host and port, with the account's fields in it. */
  readonly origin: string;
  /** Segments of the path. */
  readonly path: readonly Template[];
}

/** Takes a URL apart. @throws {ValueError} BAD_FORMAT or UNKNOWN_FIELD */
export function compileUrl(text: string, account: AccountFields, path: string): UrlTemplate {
  const [, scheme = '', host = '', rest = ''] = /^(https?:\/\/)([^/?#]*)([^?#]*)$/.exec(text) ?? [];
  if (scheme === '' || host === '') {
    throw new ValueError('BAD_FORMAT', 'is not an http: or https: URL without a query: use query', path);
  }
  const hostTemplate = parseTemplate(host, account, path);
  if (hostTemplate.parts.some((part) => typeof part !== 'string' && !part.account)) {
    throw new ValueError('BAD_FORMAT', 'the host holds no slot but fields of the account', path);
  }
  for (const part of hostTemplate.parts) {
    // A field names a part of a host, and is never another host, a port or a user.
    if (typeof part !== 'string' && !/^[A-Za-z0-9-]{1,63}$/.test(account[part.name] ?? '')) {
      const detail = `account.${part.name} stands in the host: letters, digits and - are taken`;
      throw new ValueError('BAD_FORMAT', detail, path);
    }
  }
  const origin =
    scheme +
    hostTemplate.parts.map((part) => (typeof part === 'string' ? part : account[part.name])).join('');
  if (!URL.canParse(origin) || new URL(origin).username !== '' || new URL(origin).password !== '') {
    throw new ValueError('BAD_FORMAT', 'is not a URL with a host and without a user name', path);
  }
  const segments = rest.split('/').slice(1);
  const templates = segments.map((segment) => parseTemplate(segment, account, path));
  if (templates.some(({ optional }) => optional)) {
    throw new ValueError('BAD_FORMAT', 'holds a slot that may be empty: use query', path);
  }
  return { origin, path: templates };
}

/** The URL for a message. @throws {ValueError} BAD_FORMAT for a value that would be no name in a path */
export function urlOf({ origin, path }: UrlTemplate, values: MessageValues, account: AccountFields): URL {
  const segments = path.map((template) => {
    const literal = template.parts.every((part) => typeof part === 'string');
    const segment = fill(template, values, account, encodeURIComponent) ?? '';
    if (!literal && /^\.{0,2}$/.test(segment)) {
      throw new ValueError(
        'BAD_FORMAT',
        'a value is empty or dots alone where the path wants a name',
        'request.url',
      );
    }
    return segment;
  });
  return new URL(`${origin}/${segments.join('/')}`);
}
