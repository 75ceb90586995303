// A device as a process of its own, to be killed: state file and server as given, WAP push on a free port. Prints one JSON
// line for its port and one for each event. For device-restart.test.ts.
import { Device, openStateFile } from '../../src/device/index.ts';
import { WapListener } from '../../src/push/wap/index.ts';

const print = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const device = new Device({
  storage: openStateFile(process.argv[2] ?? ''),
  onEvent: print,
  backOff: { firstMs: 10 },
});
await device.start();
const listener = new WapListener({
  port: 0,
  address: '127.0.0.1',
  handler: device.receive,
  onDrop: device.dropped,
});
device.addReceiver(listener);
print({ port: await listener.start() });
