// One message on its way: sent again where no answer came, and later where it is refused for now and others of its push
// have been taken already.
import { PushError, sleep } from '../../core/index.ts';
import type { HttpClient, HttpCredentials } from '../http/index.ts';
import { abortError } from '../index.ts';
import type { OutMark, RoadHealth } from '../short-message/index.ts';
import type { AnswerReading } from './answer/answer-rules.ts';
import { CentreError } from './answer/centre-error.ts';
import { type CentreNames, readAnswer } from './answer/read-answer.ts';
import type { CentrePause } from './centre-pause.ts';
import type { CentreSettings } from './centre-settings.ts';
import type { BuiltRequest } from './request/request-template.ts';

/** What messages are sent with. */
export interface Submitting {
  readonly settings: Pick<CentreSettings, 'maxResends' | 'backOffMs' | 'clock'> & {
    readonly answer: AnswerReading;
  };
  readonly client: HttpClient;
  readonly credentials: HttpCredentials | undefined;
  readonly names: CentreNames;
  readonly pause: CentrePause;
  readonly health: RoadHealth;
  /** Waits for the turn of a message by its pace. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Of the push. */
  readonly mark: OutMark;
}

/** Pauses of a message whose push has begun to leave, at most. */
const maxPauses = 8;

/** Longest pause between two of them, in milliseconds. */
const longestPauseMs = 30_000;

/**
 * Sends a message until it is taken; gives the company's id, which may be empty. `begun` says that others of its push were
 * taken: then it waits here rather than have all of them sent again.
 * @throws {CentreError} when it is refused, or nobody can say whether it was taken
 * @throws {PushError} when the company cannot be reached, or ABORTED
 */
export async function submitMessage(
  submitting: Submitting,
  request: BuiltRequest,
  begun: boolean,
  signal: AbortSignal,
): Promise<string> {
  const { settings, pause, health } = submitting;
  const { clock, maxResends, backOffMs } = settings;
  let resends = 0;
  let pauses = 0;
  for (;;) {
    await pause.over(signal);
    try {
      return await submitting.inTurn(() => once(submitting, request, signal));
    } catch (error) {
      if (!(error instanceof PushError) || signal.aborted) throw error;
      const { throttled, retryAfterMs, inDoubt } = stateOf(error);
      if (throttled) pause.begin(retryAfterMs ?? backOffMs);
      if (inDoubt) {
        if (error.code === 'PROTOCOL' || resends >= maxResends) {
          const ended = unanswered(error, resends);
          health.failed(ended);
          throw ended;
        }
        resends += 1;
        // The same octets: a handset knows the second from the first.
        continue;
      }
      if (!error.retryable || !begun || pauses >= maxPauses) throw ofPush(error, begun || resends > 0);
      const backOff = Math.min(backOffMs * 2 ** pauses, longestPauseMs);
      pauses += 1;
      if (!throttled) await sleep(clock, Math.max(backOff, retryAfterMs ?? 0), signal);
      if (signal.aborted) throw abortError(signal);
    }
  }
}

async function once(
  { client, credentials, settings, names, health, mark }: Submitting,
  request: BuiltRequest,
  signal: AbortSignal,
): Promise<string> {
  let started = false;
  const onStart = (): void => {
    started = true;
    mark.out = true;
  };
  try {
    const response = await client.exchange({ ...request, credentials, keepRefusal: true, onStart }, signal);
    const id = readAnswer(response, settings.answer, names, settings.clock.now());
    health.answered();
    return id;
  } catch (error) {
    if (!(error instanceof PushError) || signal.aborted) throw error;
    const seen = error instanceof CentreError ? error : ofConnection(error, started);
    if (takesNothing(seen)) health.failed(seen);
    else if (seen instanceof CentreError && !seen.inDoubt) health.answered();
    throw seen;
  }
}

/** True where the next message would fare no better: nobody there, no answer in time, or not for us. */
function takesNothing(error: PushError): boolean {
  if (error instanceof CentreError) return error.account;
  return error.code === 'TIMEOUT' || error.notTaken;
}

/** Whatever is wrong with the way to the company, whoever runs the road mends it: the push may be tried again. */
function ofConnection(error: PushError, started: boolean): PushError {
  const { code, message, cause } = error;
  if (code === 'ABORTED' || code === 'CLOSED') return error;
  const notTaken = !started || code === 'CREDENTIALS_UNPROTECTED';
  return new PushError(code, message, true, { cause, notTaken });
}

function stateOf(error: PushError): {
  readonly throttled: boolean;
  readonly retryAfterMs: number | undefined;
  readonly inDoubt: boolean;
} {
  if (error instanceof CentreError) return error;
  // Without an answer it may have come to the company, unless nothing has left us.
  const inDoubt = !error.notTaken && error.code !== 'CLOSED';
  return { throttled: false, retryAfterMs: undefined, inDoubt };
}

function unanswered(error: PushError, resends: number): CentreError {
  const times = resends === 0 ? 'once' : `${resends + 1} times`;
  const code = error.code === 'PROTOCOL' ? 'PROTOCOL' : 'UNANSWERED';
  const detail = `${error.message} (sent ${times}; it may have been taken)`;
  return new CentreError(code, detail, error.retryable, { inDoubt: true, cause: error });
}

/** The same for the push as a whole, of which something may have been taken before (`some`) although this message was not. */
function ofPush(error: PushError, some: boolean): PushError {
  if (error.notTaken !== some) return error;
  const { code, message, retryable } = error;
  const { retryAfterMs, throttled } = stateOf(error);
  return new CentreError(code, message, retryable, {
    retryAfterMs,
    throttled,
    notTaken: !some,
    cause: error,
  });
}
