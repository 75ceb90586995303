// A client that says whatever a test wants to a server which has asked it for values.
import type { DmCommand, DmMessage, Item, Meta, Results, Status } from '../../src/codec/syncml/index.ts';
import type { SessionEffect, SessionStep } from '../../src/session/index.ts';
import { asIncoming, deviceId, effectsOf, get, line, serverUri, stage } from './conversation.ts';

/** A Status that is not numbered yet. */
export function status(msgRef: string, cmdRef: string, cmd: string, data: string): Status {
  return { name: 'Status', cmdId: '', msgRef, cmdRef, cmd, targetRefs: [], sourceRefs: [], data, items: [] };
}

/** A client in the middle of a session: the server has asked for `uris` in its message 1. */
export async function asked(uris: readonly string[], maxObjSize = 1000) {
  const scene = stage({ server: { maxObjSize }, packages: [uris.map((uri) => get(uri, uri))] });
  const effects: SessionEffect[] = [];
  let msgId = 0;
  let last: DmMessage | undefined;
  const say = async (commands: readonly DmCommand[], final: boolean): Promise<string> => {
    msgId += 1;
    const numbered = commands.map((command, index) => ({ ...command, cmdId: String(index + 1) }));
    const step: SessionStep = await scene.server.receive(
      asIncoming({
        message: {
          header: {
            verDtd: '1.2',
            verProto: 'DM/1.2',
            sessionId: '1234',
            msgId: String(msgId),
            target: { uri: serverUri },
            source: { uri: deviceId },
          },
          commands: numbered,
          final,
        },
      }),
    );
    effects.push(...step.effects);
    last = step.send?.message;
    return last === undefined ? '' : line({ from: 'server', message: last });
  };
  const [alert] = [{ name: 'Alert' as const, cmdId: '', data: '1201', items: [] }];
  await say([alert], true);
  const ids = new Map<string, string>();
  for (const command of last?.commands ?? []) {
    if (command.name === 'Get') ids.set(command.items[0]?.target?.uri ?? '', command.cmdId);
  }
  const cmdRef = (uri: string): string => ids.get(uri) ?? '';
  return {
    scene,
    say,
    effects,
    good: (...which: readonly string[]): Status[] => [
      status('1', '0', 'SyncHdr', '200'),
      ...which.map((uri) => status('1', cmdRef(uri), 'Get', '200')),
    ],
    piece: (uri: string, data: string, more: Partial<Item> = {}, meta?: Meta): Results => ({
      name: 'Results',
      cmdId: '',
      msgRef: '1',
      cmdRef: cmdRef(uri),
      ...(meta === undefined ? {} : { meta }),
      items: [{ source: { uri }, data, ...more }],
    }),
    goOn: (): Status[] => [
      status(String(msgId), '0', 'SyncHdr', '200'),
      status(String(msgId), last?.commands.at(-1)?.cmdId ?? '', 'Alert', '200'),
    ],
    /** What came of each Get: its values, or why there is none. */
    outcomes: () =>
      effectsOf(effects, 'answered').map(({ command, results, problem }) => [
        command.cmdId,
        problem ?? results.map(({ data }) => data),
      ]),
  };
}
