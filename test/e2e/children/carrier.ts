// A simulated carrier as a process of its own, to be killed: `carrier.ts sip PORT` or `carrier.ts pap PORT UDP-PORT`.
import { SimulatedPushGateway, SimulatedRegistrar } from '../../../src/testing/index.ts';

const [kind, port, device] = process.argv.slice(2);
if (kind === 'sip') {
  // Short registrations: a device notices soon that its registrar has forgotten it.
  await SimulatedRegistrar.start({ users: { device: 'secret' }, port: Number(port), maxExpires: 2 });
} else {
  const gateway = await SimulatedPushGateway.start({ username: 'dms', password: 'secret' }, Number(port));
  gateway.route('+491707654321', Number(device));
}
console.log('ready');
