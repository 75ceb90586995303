// Push over SIP keeps the contract of bindings.
import { createSipSender, SipListener } from '../../../src/push/sip/index.ts';
import { bindingContract, TcpGate, UdpGate } from '../../../src/testing/index.ts';

for (const protocol of ['tcp', 'udp'] as const) {
  bindingContract(`sip over ${protocol}`, {
    outcome: 'delivered',
    answered: true,
    sizes: [48, 700, 12_288],
    // How much fits 1300 octets of request depends on the device's address.
    ...(protocol === 'udp' && {
      tooLong: { size: 1300, message: /the request has \d{4} octets, at most 1300 go over UDP/ },
    }),
    async open() {
      const received: Uint8Array[] = [];
      const handler = ({ body }: { readonly body: Uint8Array }): void => {
        received.push(body);
      };
      const listener = new SipListener({ port: 0, address: '127.0.0.1', handler });
      const port = await listener.start();
      const gate = await (protocol === 'tcp' ? TcpGate : UdpGate).open(() => port);
      return {
        binding: createSipSender({
          from: 'sip:dms@example.com',
          outboundProxy: `sip:127.0.0.1:${gate.port};transport=${protocol}`,
          timers: { t1Ms: 10 },
          connectMs: 300,
        }),
        to: { uri: 'sip:device@example.com' },
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
