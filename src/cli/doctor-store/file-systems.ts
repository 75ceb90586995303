// File systems that a database should not lie on, by the numbers that statfs(2) gives them on Linux.

/** What is said of one. */
export interface FileSystemTrouble {
  readonly what: string;
  readonly remedy: string;
}

const local = 'give --data a folder on a disk of this machine';

const overNetwork = (kind: string): FileSystemTrouble => ({
  what: `it lies on a network file system (${kind}): its locks and its writes do not hold as SQLite needs them, and two machines could open one database`,
  remedy: local,
});

/** By their magic numbers (linux/magic.h). */
const troubles: ReadonlyMap<number, FileSystemTrouble> = new Map([
  [0x6969, overNetwork('NFS')],
  [0x517b, overNetwork('SMB')],
  [0xff534d42, overNetwork('CIFS')],
  [0xfe534d42, overNetwork('SMB2')],
  [0x564c, overNetwork('NCP')],
  [0x5346414f, overNetwork('AFS')],
  [0x6b414653, overNetwork('AFS')],
  [0x73757245, overNetwork('Coda')],
  [0x00c36400, overNetwork('Ceph')],
  [0x01021997, overNetwork('9P')],
  [
    0x01021994,
    { what: 'it lies in memory (tmpfs): everything is gone when the machine stops', remedy: local },
  ],
  [
    0x858458f6,
    { what: 'it lies in memory (ramfs): everything is gone when the machine stops', remedy: local },
  ],
]);

/** `undefined` for one that is as good as others, or not known. `type` as `statfs` gives it. */
export function fileSystemTrouble(type: number): FileSystemTrouble | undefined {
  // Where a number has 32 bits and a sign, it comes out negative.
  return troubles.get(type < 0 ? type + 2 ** 32 : type);
}
