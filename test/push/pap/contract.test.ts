// The push initiator of PAP keeps the contract of bindings, with our own endpoint as the gateway.
import { createPapSender, PapEndpoint, PapListener } from '../../../src/push/pap/index.ts';
import { bindingContract, TcpGate } from '../../../src/testing/index.ts';
import { MemoryHost } from './memory-host.ts';

bindingContract('pap', {
  outcome: 'accepted',
  answered: true,
  sizes: [48, 12_288],
  async open() {
    const received: Uint8Array[] = [];
    const host = new MemoryHost();
    const endpoint = new PapEndpoint({
      host: Object.assign(Object.create(host), {
        submit: (submission: Parameters<MemoryHost['submit']>[0]) => {
          received.push(submission.body);
          return host.submit(submission);
        },
      }),
      initiators: [{ name: 'initiator', from: ['127.0.0.1'] }],
    });
    const listener = new PapListener({
      port: 0,
      address: '127.0.0.1',
      routes: { '/pap': { maxBody: endpoint.maxBody, handle: (request) => endpoint.handle(request) } },
    });
    const port = await listener.start();
    const gate = await TcpGate.open(() => port);
    return {
      binding: createPapSender({
        gateways: [
          { name: 'ppg.example', url: `http://127.0.0.1:${gate.port}/pap`, responseMs: 500, connectMs: 300 },
        ],
        initiator: 'dm.example',
      }),
      to: { address: 'WAPPUSH=+491701234567/TYPE=PLMN@ppg.example', gateway: 'ppg.example' },
      received,
      peer: (mode) => gate.set(mode),
      close: async () => {
        await gate.close();
        await listener.close();
      },
    };
  },
});
