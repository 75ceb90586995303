// A device's end of sessionless messages alone: a tree, a user, and what was told.
import type { DmCommand } from '../../../src/codec/syncml/index.ts';
import type { MessageHost } from '../../../src/device/message/message-run.ts';
import { processMessage } from '../../../src/device/message/process-message.ts';
import type { MessageRemark } from '../../../src/device/report/events.ts';
import { QuestionDesk } from '../../../src/device/user/question-desk.ts';
import type { UserInteraction, UserResponse } from '../../../src/session/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import {
  ManagementTree,
  type TreeStorage,
  writeAccount,
  writeStandardObjects,
} from '../../../src/tree/index.ts';

export const serverId = 'com.example.dm';

/** What the user does, given how often he was asked before; `wait` leaves it open. */
export type Answers = (request: UserInteraction, before: number) => UserResponse | 'wait';

/** Messages of one server; `nobody`: the device has no user who could be asked. */
export async function scene(
  answers: Answers | undefined = () => ({ response: 'accepted' }),
  nobody = false,
  storage?: TreeStorage,
) {
  const clock = new ManualClock();
  const ender = new AbortController();
  const tree = new ManagementTree(storage === undefined ? {} : { storage });
  await tree.run((own) => {
    writeStandardObjects(
      own,
      { devId: 'IMEI:1', man: 'Example', mod: 'One', dmV: '1.3', lang: 'en' },
      { devTyp: 'phone', oem: 'Example', fwV: '1', swV: '2', hwV: '3' },
    );
    writeAccount(own, { serverId, addresses: [], credentials: [] });
    for (const name of ['Run', 'Walk']) own.set(`./App/${name}`, { value: '', acl: `Exec=${serverId}` });
  });
  // What goes round without end is a failure, not a wait.
  let begun = 0;
  const begin = tree.transaction.bind(tree);
  tree.transaction = () => {
    begun += 1;
    if (begun > 200) throw new Error('it does not end');
    return begin();
  };
  const remarks: MessageRemark[] = [];
  const asked: string[] = [];
  const logged: (readonly [fields: object, text: string])[] = [];
  const log = (fields: object, text: string): void => void logged.push([fields, text]);
  const limits = { timeoutMs: 1000, maxQuestions: 4, maxQuestionsPerServer: 2 };
  const user = {
    inform: () => undefined,
    confirm: async () => true,
    interact: async (request: UserInteraction) => {
      asked.push(request.text);
      const answer = answers(request, asked.length - 1);
      return answer === 'wait' ? await new Promise<never>(() => undefined) : answer;
    },
  };
  const host: MessageHost = {
    tree,
    clock,
    signal: ender.signal,
    logger: { debug: log, info: log, warn: log, error: log },
    remark: (remark) => remarks.push(remark),
    maxObjSize: 1000,
    confirmTimeoutMs: 1000,
    questions: new QuestionDesk({ clock, signal: ender.signal, ...limits }),
    ...(!nobody && { user }),
  };
  let sent = 0;
  /** Takes a message of these commands; the digest of the first is 01 in every octet, and so on. */
  const process = (commands: readonly DmCommand[], msgId = '7') => {
    sent += 1;
    const source = { uri: serverId };
    const header = { verDtd: '1.2', verProto: 'DM/1.2', sessionId: '1', target: { uri: 'IMEI:1' }, source };
    const message = { header: { ...header, msgId }, commands, final: true } as const;
    const contentDigest = new Uint8Array(32).fill(sent);
    return processMessage(
      { verdict: 'accepted', algorithm: 'hmac-sha256', serverId, message, contentDigest },
      host,
    );
  };
  const details = () => remarks.map(({ detail }) => detail);
  return { clock, ender, tree, remarks, details, asked, logged, process, host };
}
