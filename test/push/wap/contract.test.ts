// WAP push over UDP keeps the contract of bindings.
import { createWapSender, WapListener } from '../../../src/push/wap/index.ts';
import { bindingContract } from '../../../src/testing/index.ts';

bindingContract('wap', {
  outcome: 'sent',
  answered: false,
  sizes: [41, 48, 1000],
  async open() {
    const received: Uint8Array[] = [];
    const handler = ({ body }: { readonly body: Uint8Array }): void => {
      received.push(body);
    };
    const listener = new WapListener({ port: 0, address: '127.0.0.1', handler });
    const port = await listener.start();
    return {
      binding: createWapSender(),
      to: { host: '127.0.0.1', port },
      received,
      peer: async () => {},
      close: () => listener.close(),
    };
  },
});
