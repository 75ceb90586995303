// The memory of a server: what it makes for a request or a set of rows is rubbish a moment later.
import { setFlagsFromString } from 'node:v8';

/**
 * Has the engine make all objects where it sweeps often. Left to itself it watches where those come from that last for a while, and
 * makes the next ones of there at once among what lasts: in an import, half of all that is made, which then waits for the sweep that
 * comes seldom. A version of Node that does not know the flag does nothing.
 */
export function keepRubbishYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
