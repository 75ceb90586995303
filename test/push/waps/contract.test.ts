// Secure WAP push keeps the contract of bindings.
import { createWapsSender, WapsListener } from '../../../src/push/waps/index.ts';
import { bindingContract, UdpGate } from '../../../src/testing/index.ts';

const secrets = [{ identity: 'com.example.dm', secret: '9f27c4d1e06b83a5f1d24c7be8306a95' }];
const times = { retransmitMs: 50, tries: 3 };

bindingContract('waps', {
  outcome: 'sent',
  answered: true,
  sizes: [48, 1000],
  async open() {
    const received: Uint8Array[] = [];
    const handler = ({ body }: { readonly body: Uint8Array }): void => {
      received.push(body);
    };
    const listener = new WapsListener({ port: 0, address: '127.0.0.1', secrets, handler, ...times });
    const port = await listener.start();
    const gate = await UdpGate.open(() => port);
    return {
      binding: createWapsSender({ secrets: () => secrets, ...times }),
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
