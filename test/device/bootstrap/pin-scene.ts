// Bootstraps that wait for a PIN, on hosts that only a test answers for.
import type { BootstrapHost, BootstrapVerdict } from '../../../src/device/bootstrap/bootstrap-gate.ts';
import { PinDesk, type PinProof, type PinRefusal } from '../../../src/device/bootstrap/bootstrap-pins.ts';
import type { PinQuestion } from '../../../src/device/bootstrap/bootstrap-policy.ts';
import type { Asked } from '../../../src/device/user/question-desk.ts';
import { bootstrapMac } from '../../../src/security/index.ts';
import { ManagementTree } from '../../../src/tree/index.ts';

/** The verdict of a bootstrap that is taken. */
export const taken: BootstrapVerdict = { verdict: 'bootstrapped', serverId: 'a', uri: './DMAcc/a' };
/** A turn of everything that is ready. */
export async function turns(): Promise<void> {
  for (let count = 0; count < 10; count += 1) await new Promise(setImmediate);
}

/** One desk of PINs, each message with three tries. */
export function scene() {
  const tree = new ManagementTree();
  const asked: { readonly question: PinQuestion; readonly signal: AbortSignal }[] = [];
  const answers: ((asked: Asked<string | undefined>) => void)[] = [];
  const desk = new PinDesk({
    attempts: 3,
    askPin: (question, signal) => {
      asked.push({ question, signal });
      return new Promise(() => undefined);
    },
  });
  let taking: () => Promise<BootstrapVerdict> = async () => taken;
  let takes = 0;
  /** A bootstrap, or a copy of one, that comes in. */
  const comes = (
    text: string,
    {
      pin = '1234',
      refusal = async () => undefined,
      look = (work) => work(),
      ender = new AbortController(),
      letters = (mac) => mac,
    }: {
      readonly pin?: string;
      readonly refusal?: () => Promise<PinRefusal | undefined>;
      readonly look?: BootstrapHost['look'];
      readonly ender?: AbortController;
      readonly letters?: (mac: string) => string;
    } = {},
  ) => {
    const body = new TextEncoder().encode(text);
    let proved = 0;
    const host = {
      tree,
      signal: ender.signal,
      ask: (question: (unwanted: AbortSignal) => Promise<unknown>, signal: AbortSignal) => {
        void question(signal);
        return new Promise<Asked<never>>((resolve) => {
          answers.push((answer) => resolve(answer as Asked<never>));
        });
      },
      look,
      waits: () => undefined,
      proved: () => {
        proved += 1;
      },
    } as unknown as BootstrapHost;
    const mac = letters(bootstrapMac(body, { sec: 'USERPIN', pin }));
    const protection = { sec: 'USERPIN', mac, network: undefined } as const;
    const take = (): Promise<BootstrapVerdict> => {
      takes += 1;
      return taking();
    };
    let proof: PinProof | 'none yet' = 'none yet';
    void desk.prove({ body, protection, host, refusal, take }).then((found) => {
      proof = found;
    });
    return { ender, proof: () => proof, proved: () => proved };
  };
  const answer = async (given: Asked<string | undefined>): Promise<void> => {
    answers.shift()?.(given);
    await turns();
  };
  return {
    ...{ tree, asked, comes, answer },
    pin: (given: string | undefined) => answer({ given }),
    takes: () => takes,
    takeBy: (how: typeof taking) => {
      taking = how;
    },
  };
}
