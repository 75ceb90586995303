// Push over short messages keeps the contract of bindings, in each form that centres take.
import { createSmsSender, SmsReceiver } from '../../../src/push/sms/index.ts';
import { bindingContract, SmscSimulator, TcpGate } from '../../../src/testing/index.ts';
import { centre, number } from './support.ts';

for (const form of ['udh', 'payload', 'sar'] as const) {
  bindingContract(`sms, ${form}`, {
    outcome: 'accepted',
    answered: true,
    sizes: [48, 133, 134, 12_288],
    async open() {
      const received: Uint8Array[] = [];
      const handler = ({ body }: { readonly body: Uint8Array }): void => {
        received.push(body);
      };
      const simulator = new SmscSimulator();
      const port = await simulator.start();
      const receiver = new SmsReceiver({
        smsc: centre(port, { systemId: 'phone' }),
        number,
        handler,
        backOffMs: 10,
      });
      receiver.start();
      const gate = await TcpGate.open(() => port);
      const times = { linkWaitMs: 200, pushMs: 1000, closeMs: 1000, responseMs: 300, connectMs: 300 };
      return {
        binding: createSmsSender({
          smscs: [centre(gate.port)],
          form,
          window: 100,
          backOffMs: 10,
          maxBackOffMs: 20,
          ...times,
        }),
        to: { number },
        received,
        peer: (mode) => gate.set(mode),
        close: async () => {
          await receiver.close();
          await simulator.close();
          await gate.close();
        },
      };
    },
  });
}
