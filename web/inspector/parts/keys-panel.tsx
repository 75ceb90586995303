// What opens what is protected in a capture. It stays in the memory of this page and its worker.
import { useState } from 'preact/hooks';
import { wtlsSecretFault } from '../state/wtls-secret.ts';
import type { CaptureKeys } from '../worker/protocol.ts';

/** What the panel needs. */
export interface KeysPanelProps {
  readonly openWith: (keys: CaptureKeys) => void;
}

/** Largest key log that is read, in octets. */
const largestLog = 16 * 1024 * 1024;

/** Identity and secret of WTLS, and a key log of TLS; the capture is read anew with them, and forgets them when it is. */
export function KeysPanel({ openWith }: KeysPanelProps) {
  const [identity, setIdentity] = useState('');
  const [secret, setSecret] = useState('');
  const [hex, setHex] = useState(false);
  const [fault, setFault] = useState('');
  const [log, setLog] = useState<File>();
  const hasWtls = identity !== '' && secret !== '';
  const isLarge = (log?.size ?? 0) > largestLog;
  return (
    <details class="keys">
      <summary>Read through WTLS and TLS</summary>
      <form
        autocomplete="off"
        onSubmit={async (event) => {
          event.preventDefault();
          const wtls = { identity, secret, hex };
          const found = hasWtls ? wtlsSecretFault(wtls) : undefined;
          setFault(found ?? '');
          // The capture stays as it is read, and what was typed stays to be mended.
          if (found !== undefined) return;
          const tlsKeyLog = await log?.text();
          openWith({
            ...(hasWtls ? { wtls } : {}),
            ...(tlsKeyLog === undefined ? {} : { tlsKeyLog }),
          });
          setSecret('');
        }}
      >
        <label>
          WTLS identity{' '}
          <input
            type="text"
            autocomplete="off"
            value={identity}
            onInput={(event) => setIdentity(event.currentTarget.value)}
          />
        </label>
        <label>
          WTLS secret, text as in <code>waps</code>{' '}
          <input
            type="password"
            autocomplete="off"
            value={secret}
            onInput={(event) => setSecret(event.currentTarget.value)}
          />
        </label>
        <label>
          <input type="checkbox" checked={hex} onChange={(event) => setHex(event.currentTarget.checked)} />{' '}
          The secret is in hex
        </label>
        <label>
          Key log of TLS <input type="file" onChange={(event) => setLog(event.currentTarget.files?.[0])} />
        </label>
        <button type="submit" disabled={isLarge || (!hasWtls && log === undefined)}>
          Read anew
        </button>
        {fault !== '' && (
          <span class="bad" role="alert">
            {fault}
          </span>
        )}
        {isLarge && <span class="bad">The key log has more than {largestLog} octets.</span>}
      </form>
    </details>
  );
}
