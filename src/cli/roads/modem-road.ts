// A road through a modem on the desk.
import { AtModem, createModemSender } from '../../push/modem/index.ts';
import { modemSection } from './modem-shape.ts';
import { roadKind } from './road.ts';

/** The kind `modem`. */
export const modemRoad = roadKind({
  shape: modemSection,
  open(settings, { name, clock, connect, onReport, onTrouble, onWarning }) {
    const modem = new AtModem({ ...settings, clock });
    const sender = createModemSender({
      ...settings,
      modem,
      name,
      onReceipt: onReport,
      onUnmatchedReceipt: ({ ids, state }) =>
        onTrouble(`report for an unknown message ${ids.join(', ')}: ${state}`),
    });
    modem.listen({
      onReady: () => onTrouble('the modem is ready'),
      onDown: ({ message, retryable }) => onTrouble(`${message}${retryable ? '; trying again' : ''}`),
      onWarning,
    });
    if (connect) modem.start();
    return {
      binding: {
        ...sender,
        async close() {
          await sender.close();
          await modem.close();
        },
      },
      mayHave: (pushId) => sender.mayHave(pushId),
      // One that is opened for the first time may be ready in a moment.
      isUp: () => !['waiting', 'failed', 'closed'].includes(modem.status().state),
    };
  },
});
