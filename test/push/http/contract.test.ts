// Push over HTTP keeps the contract of bindings.
import { createHttpPushSender, HttpPushListener } from '../../../src/push/http/index.ts';
import { bindingContract, TcpGate } from '../../../src/testing/index.ts';

for (const form of ['direct', 'envelope'] as const) {
  bindingContract(`http, ${form}`, {
    outcome: 'delivered',
    answered: true,
    sizes: [48, 12_288],
    async open() {
      const received: Uint8Array[] = [];
      const handler = ({ body }: { readonly body: Uint8Array }): void => {
        received.push(body);
      };
      const address = '127.0.0.1';
      const listener = new HttpPushListener({ port: 0, address, messages: 'any', handler });
      const port = await listener.start();
      const gate = await TcpGate.open(() => port);
      return {
        binding: createHttpPushSender({ push: { form }, messages: 'any', responseMs: 300, connectMs: 300 }),
        to: { uri: `http://127.0.0.1:${gate.port}/` },
        received,
        peer: (mode) => gate.set(mode),
        close: async () => {
          await listener.close();
          await gate.close();
        },
      };
    },
  });
}
