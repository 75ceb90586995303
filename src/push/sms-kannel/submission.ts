// Hands one message to Kannel: again as it was where the answer was lost, for it may have been taken, and so that the handset
// recognises it.
import { type Clock, PushError, sleep } from '../../core/index.ts';
import { type HttpClient, peerOf } from '../http/index.ts';
import { abortError } from '../index.ts';
import type { OutMark, RoadHealth } from '../short-message/index.ts';
import type { KannelSettings } from './kannel-options.ts';
import { readSendsmsAnswer } from './sendsms-answer.ts';

/** What messages are handed over with. */
export interface SubmitContext {
  readonly client: HttpClient;
  readonly settings: Pick<KannelSettings, 'url' | 'maxResends' | 'backOffMs'> & { readonly clock: Clock };
  /** Aborts where the road is being closed: what waits to be sent again does so no longer. */
  readonly closing: AbortSignal;
  /** Of the road: it could be reached, or not. */
  readonly health: RoadHealth;
  /** Takes our secrets out of what others wrote. */
  readonly withoutSecrets: (text: string) => string;
  readonly onWarning: (detail: string) => void;
}

/**
 * Resolves when Kannel has taken it. `url` gives the request, and is asked again each time; `mark` is that of the push.
 * @throws {PushError} when it refuses, or cannot be reached; `notTaken` where that is certain
 */
export async function submit(
  context: SubmitContext,
  url: () => URL,
  mark: OutMark,
  signal: AbortSignal,
): Promise<void> {
  const { settings, closing } = context;
  const { maxResends, backOffMs, clock } = settings;
  for (let sent = 1; ; sent += 1) {
    const error = await once(context, url(), mark, signal);
    if (error === undefined) return;
    // A refusal of what was sent before in vain says nothing about the first time.
    const certain = error.notTaken && sent === 1;
    if (error.notTaken || !error.retryable || signal.aborted || closing.aborted) {
      if (certain || !error.notTaken) throw error;
      throw new PushError(error.code, error.message, error.retryable, { cause: error });
    }
    if (sent > maxResends) {
      const text = `sent ${sent} times without an answer; last: ${error.message}`;
      const unanswered = new PushError('UNANSWERED', text, true, { cause: error });
      context.health.failed(unanswered);
      throw unanswered;
    }
    await sleep(clock, Math.min(backOffMs * 2 ** (sent - 1), 60_000), AbortSignal.any([signal, closing]));
    if (signal.aborted) throw abortError(signal);
  }
}

async function once(
  context: SubmitContext,
  url: URL,
  mark: OutMark,
  signal: AbortSignal,
): Promise<PushError | undefined> {
  const { client, settings, health, withoutSecrets, onWarning } = context;
  const peer = peerOf(settings.url);
  let started = false;
  const onStart = (): void => {
    started = true;
    mark.out = true;
  };
  try {
    const request = { method: 'GET', url, headers: {}, keepRefusal: true, onStart } as const;
    const answer = readSendsmsAnswer(await client.exchange(request, signal), peer, withoutSecrets);
    if (answer.taken) {
      health.answered();
      if (answer.warning !== undefined) onWarning(`${peer}: ${answer.warning}`);
      return undefined;
    }
    if (answer.down) health.failed(answer.error);
    else if (answer.error.notTaken) health.answered();
    return answer.error;
  } catch (error) {
    if (!(error instanceof PushError)) throw error;
    if (error.code === 'ABORTED') return error;
    const notTaken = !started;
    // Without an answer in time it takes other pushes no better; this one stays here, for it may have been taken.
    if (notTaken || error.code === 'TIMEOUT') health.failed(error);
    // Whatever is wrong with the way to Kannel, its operator mends it.
    return new PushError(error.code, error.message, true, { cause: error, notTaken });
  }
}
