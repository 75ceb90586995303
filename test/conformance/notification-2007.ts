// The rows of DM-NOTI-1.2 (2007): what each asks for, what shows it, and the fault that its tests have to notice.
import { deviceOfText, packageZero, reader } from './peers.ts';
import type { Row } from './row.ts';

export const notification2007Rows: readonly Row[] = [
  {
    id: 'N12-C-001',
    printed: 'SCR-DM-NOTI-C-001',
    status: 'O',
    section: '§5',
    what: 'a notification makes the device open a management session',
    shownWith: [packageZero],
    plant: {
      file: 'session/client/package-one.ts',
      find: "content.trigger === 'server' ?",
      replace: "content.trigger !== 'server' ?",
    },
  },
  {
    id: 'N12-C-002',
    printed: 'SCR-DM-NOTI-C-002',
    status: 'O',
    section: '§6',
    what: 'the device reads the notification and believes it',
    shownWith: [packageZero],
    plant: {
      file: 'codec/notification/md5-form.ts',
      find: '        signed: bytes.subarray(md5DigestSize),',
      replace: '        signed: bytes.subarray(md5DigestSize + 1),',
    },
  },
  {
    id: 'N12-C-003',
    printed: 'SCR-DM-NOTI-C-003',
    status: 'O',
    section: '§5.1',
    what: 'a digest under the default nonce is taken, and both nonces are renewed',
    shownWith: [packageZero],
    plant: {
      file: 'session/client/client-session.ts',
      find: 'const resynchronise = options.defaultNonce ?? false;',
      replace: 'const resynchronise = false;',
    },
  },
  {
    id: 'N12-S-001',
    printed: 'SCR-DM-NOTI-S-001',
    status: 'O',
    section: '§5',
    what: 'the session that the notification asked for is recognised, served and told as completed',
    shownWith: [deviceOfText],
    plant: {
      file: 'server/session/session-record.ts',
      find: "changes.push({ event: 'answered', node, detail: `authenticated",
      replace: "if (effect.defaultNonce) changes.push({ event: 'answered', node, detail: `authenticated",
    },
  },
  {
    id: 'N12-S-002',
    printed: 'SCR-DM-NOTI-S-002',
    status: 'O',
    section: '§6',
    what: 'the notification goes out with every field that was asked for',
    shownWith: [reader],
    plant: {
      file: 'codec/notification/md5-form.ts',
      find: '      writeDigestMd5(hash, key.nonce ?? defaultNonce,',
      replace: '      writeDigestMd5(hash, defaultNonce,',
    },
  },
  {
    id: 'N12-S-003',
    printed: 'SCR-DM-NOTI-S-003',
    status: 'M',
    section: '§6.2.6',
    what: 'its version is 11',
    shownWith: [reader],
    plant: {
      file: 'codec/notification/dm12.ts',
      find: "version: fixed(10, '6.2.6', 11,",
      replace: "version: fixed(10, '6.2.6', 12,",
    },
  },
  {
    id: 'N12-S-004',
    printed: 'SCR-DM-NOTI-S-004',
    status: 'O',
    section: '§5.1',
    what: 'the server offers the default nonce, takes it once, and both nonces are renewed',
    shownWith: [deviceOfText],
    plant: {
      file: 'server/engine/signing-nonce.ts',
      find: 'push.resynchronise && push.sends === 0',
      replace: 'push.resynchronise && push.sends > 0',
    },
  },
];
