// Push over OBEX keeps the contract of bindings.
import { createObexSender, ObexListener } from '../../../src/push/obex/index.ts';
import { bindingContract, TcpGate } from '../../../src/testing/index.ts';

bindingContract('obex', {
  outcome: 'delivered',
  answered: true,
  sizes: [48, 12_288],
  async open() {
    const received: Uint8Array[] = [];
    const handler = ({ body }: { readonly body: Uint8Array }): void => {
      received.push(body);
    };
    const listener = new ObexListener({ port: 0, address: '127.0.0.1', messages: 'any', handler });
    const port = await listener.start();
    const gate = await TcpGate.open(() => port);
    return {
      binding: createObexSender({ messages: 'any', responseMs: 300, connectMs: 300, abortMs: 50 }),
      to: { host: '127.0.0.1', port: gate.port },
      received,
      peer: (mode) => gate.set(mode),
      close: async () => {
        await listener.close();
        await gate.close();
      },
    };
  },
});
