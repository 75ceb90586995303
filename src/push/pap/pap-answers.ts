// Messages that answer push initiators.
import {
  type CancelMessage,
  type PapCodeName,
  type PapMessage,
  papCodeMeaning,
  papCodes,
  type StatusQueryMessage,
} from '../../codec/pap/index.ts';
import { badMessage } from './bad-message.ts';
import { type PapHttpResponse, papResponse } from './http-form.ts';
import type { PapCancellation, PapState } from './pap-host.ts';

/** A code with what it says. */
export function resultOf({ code, desc }: { readonly code: PapCodeName; readonly desc?: string }) {
  const number = papCodes[code];
  return { code: number, desc: desc ?? papCodeMeaning(number) };
}

/** What the host said of a cancellation; nothing means that the push is not known. */
export function cancelResponse(
  { pushId, addresses }: CancelMessage,
  outcomes: readonly PapCancellation[],
): PapMessage {
  const results = outcomes.map((outcome) => ({ ...resultOf(outcome), addresses: outcome.addresses }));
  const none = { ...resultOf({ code: 'pushIdNotFound' }), addresses };
  return { element: 'cancel-response', pushId, results: results.length === 0 ? [none] : results };
}

/** What the host said of a query; nothing means that the push is not known. */
export function statusQueryResponse(
  { pushId, addresses }: StatusQueryMessage,
  states: readonly PapState[],
): PapMessage {
  const results = states.map(({ state, eventTime, qualityOfService, ...outcome }) => ({
    messageState: state,
    ...resultOf(outcome),
    addresses: outcome.addresses,
    ...(eventTime === undefined ? {} : { eventTime }),
    ...(qualityOfService === undefined ? {} : { qualityOfService }),
  }));
  const none = { messageState: 'unknown', ...resultOf({ code: 'pushIdNotFound' }), addresses } as const;
  return { element: 'statusquery-response', pushId, results: results.length === 0 ? [none] : results };
}

/** The answer when the host failed: in the form that the request asks for. */
export function failureResponse(message: PapMessage, body: Uint8Array): PapHttpResponse {
  const result = resultOf({ code: 'internalServerError' });
  switch (message.element) {
    case 'push-message': {
      const { pushId } = message;
      return papResponse({ element: 'push-response', pushId, progressNotes: [], responseResult: result });
    }
    case 'cancel-message': {
      const { pushId, addresses } = message;
      return papResponse({ element: 'cancel-response', pushId, results: [{ ...result, addresses }] });
    }
    case 'statusquery-message': {
      const { pushId, addresses } = message;
      const results = [{ messageState: 'unknown', ...result, addresses } as const];
      return papResponse({ element: 'statusquery-response', pushId, results });
    }
    case 'ccq-message': {
      const { address, queryId } = message;
      const named = queryId === undefined ? {} : { queryId };
      return papResponse({ element: 'ccq-response', ...named, ...result, address });
    }
    default:
      return badMessage(papCodes.internalServerError, result.desc, body);
  }
}
