// Where octets come in: pasted, typed, chosen as a file, or one of the examples.
import { useRef, useState } from 'preact/hooks';
import { examples } from '../state/examples.ts';

/** What the panel needs. */
export interface InputPanelProps {
  readonly openText: (text: string, name: string) => void;
  readonly openFile: (file: File) => void;
}

/** The first thing that people see. */
export function InputPanel({ openText, openFile }: InputPanelProps) {
  const [text, setText] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const isEmpty = text.trim() === '';
  return (
    <section class="input" aria-labelledby="input-title">
      <h2 id="input-title">What went over the air?</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isEmpty) openText(text, 'what was pasted');
        }}
      >
        <label for="octets">Octets in any form, or drop a file anywhere on this page</label>
        <textarea
          id="octets"
          rows={8}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          value={text}
          aria-describedby="forms"
          placeholder="0605040b84c002 010603c4af87 4e94c58c36a8c50aabcdbe0c296b2ba7 02d0 …"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isEmpty) {
              event.preventDefault();
              openText(text, 'what was pasted');
            }
          }}
        />
        <p id="forms" class="quiet">
          Hex, hex dumps, Base64, arrays and strings of code; a file of these, octets as they are, pcap or
          pcapng. Segments of one short message stand on one line. All of it is read in this browser; nothing
          is sent anywhere.
        </p>
        <div class="actions">
          <button type="submit" class="first" disabled={isEmpty}>
            Explain
          </button>
          <button type="button" onClick={() => file.current?.click()}>
            Choose a file…
          </button>
          <input
            ref={file}
            type="file"
            class="hidden"
            tabIndex={-1}
            aria-label="File to read"
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              if (chosen !== undefined) openFile(chosen);
            }}
          />
        </div>
      </form>
      <h3>Examples</h3>
      <ul class="examples">
        {examples.map(({ name, about, text: octets }) => (
          <li key={name}>
            <button type="button" onClick={() => openText(octets, name)}>
              {name}
            </button>
            <span class="quiet">{about}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
