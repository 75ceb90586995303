// The answer to what a gateway POSTs for result notifications.
import { papCodeClass, papCodes, readPapEntities } from '../../codec/pap/index.ts';
import { DecodeError } from '../../core/index.ts';
import type { AwaitedResults } from './awaited-results.ts';
import { badMessage } from './bad-message.ts';
import { type PapHttpRequest, type PapHttpResponse, papResponse, plainResponse } from './http-form.ts';

/** Answers a request that can only be a result notification. Never rejects. */
export async function answerResult(
  request: PapHttpRequest,
  results: AwaitedResults,
): Promise<PapHttpResponse> {
  if (request.method !== 'POST') {
    return plainResponse(405, 'result notifications come by POST', { Allow: 'POST' });
  }
  try {
    const { document } = readPapEntities(request.contentType, request.body, { unknown: 'ignore' });
    const { message } = document;
    if (message.element !== 'resultnotification-message') {
      return badMessage(papCodes.badRequest, `a ${message.element} is not expected here`, request.body);
    }
    const answer = await results.receive(message);
    // A status that says "again" to gateways that look no further.
    const again = papCodeClass(answer.code) === 'service-failure';
    return papResponse(answer, undefined, again ? 503 : 202);
  } catch (error) {
    if (error instanceof DecodeError) return badMessage(papCodes.badRequest, error.message, request.body);
    throw error;
  }
}
