// The requests that a push would be sent by, for people to look at: every secret of the account is hidden, and nothing leaves.
import { bytesToUtf8 } from '../../core/index.ts';
import type { Push } from '../index.ts';
import { deviceNumber, hidden, PushSegments, secretsOut } from '../short-message/index.ts';
import { centreSettings } from './centre-settings.ts';
import { composeMessage } from './compose-message.ts';
import type { HttpCentreOptions } from './http-centre-options.ts';
import { literalSecrets, secretName } from './literal-secrets.ts';

/** A request as it is shown. */
export interface ShownRequest {
  readonly method: string;
  readonly url: string;
  /** Header fields in order, those that say who we are without their secret. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty when there is none. */
  readonly body: string;
  /** Octets of user data that the message carries, header included: 140 at most. */
  readonly octets: number;
}

/** Stands where a secret would; letters and digits, so that no place writes it otherwise. */
const secretMark = 'ASecretThatIsNotShown0';

/** Stands where a token of ours would, which is new for each message. */
const tokenMark = 'ATokenOfOurOwn0123456789';

/**
 * The requests of a push, one for each message.
 * @throws {ValueError} for settings that cannot be, or a push that is too long
 */
export function shownRequests(
  options: HttpCentreOptions,
  push: Push,
  number: string,
): readonly ShownRequest[] {
  const settings = centreSettings(options);
  const { preset, account, secrets } = settings;
  const masked = Object.fromEntries(
    Object.entries(account).map(([field, value]) => [
      field,
      preset?.account[field]?.secret === false ? value : secretMark,
    ]),
  );
  const { query = {}, form = {}, json = {} } = options.request ?? {};
  // What a template holds in the open is hidden too; header fields are by their names.
  const literal = [query, form, json].flatMap((part) => literalSecrets(part, ''));
  const out = secretsOut([...secrets, ...literal.map(({ value }) => value), secretMark, tokenMark]);
  const address = deviceNumber(number);
  const segments = new PushSegments(options, settings.random).cut(push, address.address);
  return segments.map((segment, index) => {
    const place = { push, number, address, part: index + 1, parts: segments.length };
    const { method, url, headers, body } = composeMessage(
      { ...settings, account: masked },
      segment,
      place,
      tokenMark,
    );
    const basic = options.credentials === undefined ? [] : [['Authorization', `Basic ${hidden}`] as const];
    const fields = Object.entries(headers).map(
      ([name, value]) => [name, shownHeader(name, out(value))] as const,
    );
    return {
      method,
      url: out(url.href),
      headers: [...basic, ...fields],
      body: out(body === undefined ? '' : (bytesToUtf8(body) ?? '')),
      octets: segment.userData.length,
    };
  });
}

/** What says who we are is hidden even where a template holds it in the open. */
function shownHeader(name: string, value: string): string {
  if (!secretName.test(name)) return value;
  const [, scheme = ''] = /^([A-Za-z]+ )/.exec(value) ?? [];
  return scheme + hidden;
}
