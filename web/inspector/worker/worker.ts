// The worker of the page: all reading and explaining happens here, so that the page stays responsive.
import type { Answer, Request } from './protocol.ts';
import { Session } from './session.ts';

/** What of the worker's global scope is used. */
interface WorkerScope {
  onmessage: ((event: { readonly data: Request }) => void) | null;
  postMessage(answer: Answer): void;
}

const scope = self as unknown as WorkerScope;
const session = new Session((answer) => scope.postMessage(answer));
scope.onmessage = ({ data }) => void session.take(data);
