// The request for one message as a template: method, URL, header fields, and a query, a form or JSON. Each value is written
// for the place where it stands, so that none can become anything else there.
import { utf8ToBytes, ValueError } from '../../../core/index.ts';
import type { HttpRequest } from '../../http/index.ts';
import { compileJson, type JsonNode, type JsonTemplate, jsonOf } from './json-template.ts';
import type { MessageValues } from './slots.ts';
import { type AccountFields, fill, holdsSlot, parseTemplate, type Template } from './template.ts';
import { compileUrl, type UrlTemplate, urlOf } from './url-template.ts';

/** A request as the configuration has it. Texts may hold slots. */
export interface RequestTemplate {
  /** Default `POST`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | undefined;
  /** `http:` or `https:` URL, without a query. */
  readonly url: string;
  /** Parameters behind the `?`, in order. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** How a blank is written in query and form: as everywhere in URLs, or as browsers do. Default `%20`. */
  readonly blank?: '%20' | '+' | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Body as `application/x-www-form-urlencoded`, in order. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** Body as JSON, in order; a text that is a slot with `#` stands there as a number. Not beside `form`. */
  readonly json?: Readonly<Record<string, JsonTemplate>> | undefined;
}

/** A template that has been checked. */
export interface CompiledRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: UrlTemplate;
  readonly query: readonly Field[];
  readonly blank: '%20' | '+';
  readonly headers: readonly Field[];
  readonly form: readonly Field[] | undefined;
  readonly json: JsonNode | undefined;
}

type Field = readonly [name: string, value: Template];

/** Header fields that are ours to set. */
const ownFields = /^(?:connection|content-.*|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/** Fields of one part of a request, at most. */
const maxFields = 100;

/**
 * Checks a template. `path` begins the paths of errors.
 * @throws {ValueError} for what cannot be sent, or a slot that there is not
 */
export function compileRequest(
  template: RequestTemplate,
  account: AccountFields,
  path = 'request',
): CompiledRequest {
  const { method = 'POST', form, json, blank = '%20' } = template;
  if (blank !== '%20' && blank !== '+')
    throw new ValueError('OUT_OF_RANGE', 'is none of %20, +', `${path}.blank`);
  if (form !== undefined && json !== undefined) {
    throw new ValueError('BAD_FORMAT', 'a body is a form or JSON, not both', `${path}.json`);
  }
  if (method === 'GET' && (form !== undefined || json !== undefined)) {
    throw new ValueError('BAD_FORMAT', 'a GET has no body: use query', `${path}.method`);
  }
  const fieldsOf = (fields: Readonly<Record<string, string>>, where: string): readonly Field[] => {
    const entries = Object.entries(fields);
    if (entries.length > maxFields) throw new ValueError('TOO_LONG', `more than ${maxFields} fields`, where);
    return entries.map(([name, text]) => [name, parseTemplate(text, account, `${where}.${name}`)]);
  };
  const headers = fieldsOf(template.headers ?? {}, `${path}.headers`);
  for (const [name] of headers) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || ownFields.test(name)) {
      throw new ValueError(
        'BAD_FORMAT',
        'is no header field that can be set here',
        `${path}.headers.${name}`,
      );
    }
  }
  return {
    method,
    url: compileUrl(template.url, account, `${path}.url`),
    query: fieldsOf(template.query ?? {}, `${path}.query`),
    blank,
    headers,
    form: form === undefined ? undefined : fieldsOf(form, `${path}.form`),
    json: json === undefined ? undefined : compileJson(json, account, `${path}.json`),
  };
}

/** A request that can be sent. */
export type BuiltRequest = Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>;

/** The request for a message. @throws {ValueError} BAD_FORMAT for a value that has no place where it is wanted */
export function buildRequest(
  request: CompiledRequest,
  values: MessageValues,
  account: AccountFields,
): BuiltRequest {
  const { method, query, blank, headers, form, json } = request;
  const url = urlOf(request.url, values, account);
  // There a colon stands for itself (RFC 3986 §3.4).
  const parameters = urlEncoded(query, values, account, blank).replaceAll('%3A', ':');
  if (parameters !== '') url.search = `?${parameters}`;
  const fields: Record<string, string> = {};
  for (const [name, template] of headers) {
    const value = fill(template, values, account);
    if (value === undefined) continue;
    if (!/^[\x20-\x7e]*$/.test(value)) {
      throw new ValueError('BAD_FORMAT', 'a header field takes printable ASCII', `request.headers.${name}`);
    }
    fields[name] = value;
  }
  if (form !== undefined) {
    fields['Content-Type'] = 'application/x-www-form-urlencoded';
    return { method, url, headers: fields, body: utf8ToBytes(urlEncoded(form, values, account, blank)) };
  }
  if (json !== undefined) {
    fields['Content-Type'] = 'application/json';
    return { method, url, headers: fields, body: utf8ToBytes(JSON.stringify(jsonOf(json, values, account))) };
  }
  return { method, url, headers: fields };
}

/** True when the request asks for that slot anywhere. */
export function requestHolds({ url, query, headers, form, json }: CompiledRequest, name: string): boolean {
  const templates = [...url.path, ...[...query, ...headers, ...(form ?? [])].map(([, template]) => template)];
  return (
    templates.some((template) => holdsSlot(template, name)) ||
    (json?.texts ?? []).some((template) => holdsSlot(template, name))
  );
}

/** `name=value&…`, percent-encoded. */
function urlEncoded(
  fields: readonly Field[],
  values: MessageValues,
  account: AccountFields,
  blank: string,
): string {
  const parts: string[] = [];
  for (const [name, template] of fields) {
    const value = fill(template, values, account);
    if (value !== undefined) parts.push(`${percentEncoded(name)}=${percentEncoded(value)}`);
  }
  // A plus sign of a value stands as %2B.
  return parts.join('&').replaceAll('%20', blank);
}

/** All but letters, digits, `-`, `.`, `_` and `~` (RFC 3986 §2.3). */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
