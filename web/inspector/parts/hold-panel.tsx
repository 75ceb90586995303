// What a message is held against: secret and nonce of the digest, and a family of devices.
import { useState } from 'preact/hooks';
import { contentTypeNames } from '../../../src/codec/wsp/index.ts';
import { type FamilyName, familyNames } from '../../../src/families/index.ts';
import type { Settings } from '../worker/protocol.ts';

/** What the panel needs. */
export interface HoldPanelProps {
  readonly settings: Settings;
  readonly hold: (settings: Settings) => void;
  readonly forget: () => void;
}

/** Content types that Package #0 and DM messages come with. */
const bodyTypes = [0x44, 0x58, 0x42, 0x43] as const;

/** The panel. What is typed stays in the memory of this page until it is forgotten or the page is closed. */
export function HoldPanel({ settings, hold, forget }: HoldPanelProps) {
  const [secret, setSecret] = useState(settings.secret ?? '');
  const [nonce, setNonce] = useState(settings.nonce ?? '');
  const [isEmpty, setEmpty] = useState(settings.nonce === '');
  const [identifier, setIdentifier] = useState(settings.identifier ?? '');
  const { secret: _, nonce: __, family: ___, identifier: _____, ...rest } = settings;
  const held = {
    ...(isEmpty ? { nonce: '' } : nonce.trim() === '' ? {} : { nonce: nonce.trim() }),
    ...(identifier === '' ? {} : { identifier }),
  };
  const withType = (code: number): Settings => {
    const { contentType: ____, ...others } = settings;
    return code === 0 ? others : { ...others, contentType: code };
  };
  const withFamily = (family: FamilyName | undefined): Settings => {
    const { family: ____, ...others } = settings;
    return family === undefined ? others : { ...others, family };
  };
  return (
    <section class="hold" aria-label="Hold against">
      <form
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          hold({
            ...rest,
            ...(settings.family === undefined ? {} : { family: settings.family }),
            ...(secret === '' ? {} : { secret, ...held }),
          });
        }}
      >
        <label>
          Secret{' '}
          <input
            type="password"
            autocomplete="off"
            value={secret}
            onInput={(event) => setSecret(event.currentTarget.value)}
          />
        </label>
        <label>
          Nonce (Base64){' '}
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={nonce}
            disabled={isEmpty}
            onInput={(event) => setNonce(event.currentTarget.value)}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={isEmpty}
            onChange={(event) => setEmpty(event.currentTarget.checked)}
          />{' '}
          Empty nonce
        </label>
        <label title="Some clients hash the name of their account (AAuthName) in place of the Server-ID">
          Identifier, if not the Server-ID{' '}
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={identifier}
            onInput={(event) => setIdentifier(event.currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={secret === '' && settings.secret === undefined}>
          Check digest
        </button>
        <button
          type="button"
          disabled={
            secret === '' &&
            nonce === '' &&
            identifier === '' &&
            !isEmpty &&
            settings.secret === undefined &&
            settings.opening === undefined
          }
          onClick={() => {
            setSecret('');
            setNonce('');
            setEmpty(false);
            setIdentifier('');
            forget();
          }}
        >
          Forget
        </button>
      </form>
      <label>
        Bare body is{' '}
        <select
          value={String(settings.contentType ?? 0)}
          onChange={(event) => hold(withType(Number(event.currentTarget.value)))}
        >
          <option value="0">found out</option>
          {bodyTypes.map((code) => (
            <option key={code} value={String(code)}>
              {`0x${code.toString(16)} ${contentTypeNames.get(code) ?? ''}`}
            </option>
          ))}
        </select>
      </label>
      <label>
        Device family{' '}
        <select
          value={settings.family ?? ''}
          onChange={(event) => {
            const name = familyNames.find((each) => each === event.currentTarget.value);
            hold(withFamily(name));
          }}
        >
          <option value="">none</option>
          {familyNames.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}
