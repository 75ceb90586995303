// What Kannel's smsbox answers to sendsms, by status and text (what Kannel 1.4.5 does): the same status stands for an account that it
// does not know and for a number that it has no way to.
import { PushError } from '../../core/index.ts';
import { type HttpResponse, statusPushError } from '../http/index.ts';

/** Characters of the text that are told. */
const longestText = 200;

/** What became of a message. */
export type SendsmsAnswer =
  | {
      readonly taken: true;
      /** What is odd about it. */
      readonly warning?: string | undefined;
    }
  | {
      readonly taken: false;
      readonly error: PushError;
      /** True when it would refuse whatever comes now: the account, or the path, is not right. */
      readonly down: boolean;
    };

/** Reads an answer; `peer` names Kannel, and `withoutSecrets` takes ours out of its words: it may repeat the request. */
export function readSendsmsAnswer(
  response: HttpResponse,
  peer: string,
  withoutSecrets: (text: string) => string,
): SendsmsAnswer {
  const { status } = response;
  const text = shown(response.body, withoutSecrets);
  const refused = (code: string, why: string, retryable: boolean, down = false): SendsmsAnswer => ({
    taken: false,
    error: new PushError(code, `${peer}: ${why}`, retryable, { notTaken: true }),
    down,
  });
  switch (status) {
    case 202:
      return { taken: true, warning: warningOf(text) };
    case 400:
      // Nothing is wrong with the message: neither we nor Kannel's configuration name a sender.
      if (/sender missing/i.test(text)) {
        const why = `has no sender: set from, or default-sender or global-sender in its configuration: ${text}`;
        return refused('KANNEL_SENDER', why, true, true);
      }
      return refused('KANNEL_REJECTED', `refused the message: ${text || 'bad request'}`, false);
    case 401:
      return refused('KANNEL_ACCOUNT', `does not take the account: ${text || 'unauthorized'}`, true, true);
    case 403:
      // "Not routable. Do not try again." is about the message, the other about the account: whoever runs it mends that.
      if (/not routable/i.test(text))
        return refused('KANNEL_NOT_ROUTABLE', `has no way to it: ${text}`, false);
      return refused('KANNEL_ACCOUNT', `does not take the account: ${text || 'forbidden'}`, true, true);
    case 404:
    case 405:
    case 410:
      return refused('KANNEL_PATH', 'there is no sendsms service under this path', true, true);
    case 407:
      return refused('KANNEL_PATH', 'a proxy before it wants credentials', true, true);
    case 429:
    case 503:
      return refused('KANNEL_BUSY', `takes no message now: ${text || status}`, true);
    case 500:
      // Kannel's own words are certain; with those of anybody else the message may be out.
      if (!/sending failed/i.test(text)) break;
      return refused('KANNEL_FAILED', `could not take the message: ${text || 'internal error'}`, true);
    default:
      break;
  }
  if (status >= 200 && status < 300) {
    const what = `answered ${status}${text === '' ? '' : ` (${text})`}, which sendsms never does`;
    return { taken: false, error: new PushError('PROTOCOL', `${peer}: ${what}`, false), down: false };
  }
  const { code, message, retryable } = statusPushError(response, peer);
  const detail = withoutSecrets(message);
  if (status < 400) {
    // Nothing of Kannel's: whoever set the url, or what stands before Kannel, mends that.
    return { taken: false, error: new PushError(code, detail, true, { notTaken: true }), down: true };
  }
  // Of what stands before Kannel and failed, nobody knows whether the request had passed.
  return { taken: false, error: new PushError(code, detail, retryable || status >= 500), down: false };
}

/** What is said of a message that was taken and should not have to be. */
function warningOf(text: string): string | undefined {
  if (/splits/i.test(text)) return `cut a message that was to go as it is: ${text}`;
  if (/^sent\b/i.test(text)) {
    return 'answers before its bearerbox has the message (immediate-sendsms-reply): a message may be lost unseen';
  }
  return undefined;
}

/** A peer's text, fit for one line of a log. */
function shown(body: Uint8Array, withoutSecrets: (text: string) => string): string {
  const text = withoutSecrets(new TextDecoder().decode(body))
    .replace(/[^\x20-\x7e•]+/g, ' ')
    .trim();
  // Cut last, so that no half of a secret is left.
  return text.length > longestText ? text.slice(0, longestText) : text;
}
