// How far reading has come, and what went wrong on the way.
import type { OpenInput } from '../state/inspector-state.ts';

/** What the bar needs. */
export interface ProgressProps {
  readonly input: OpenInput;
  readonly cancel: () => void;
  readonly close: () => void;
}

/** Name of the input, progress with a way to stop it, and where reading ended. */
export function ProgressBar({ input: { name, progress }, cancel, close }: ProgressProps) {
  const { read, total, messages, state, form, trouble } = progress;
  const counted = `${messages.toLocaleString('en')} ${messages === 1 ? 'message' : 'messages'}`;
  return (
    <section class="opened" aria-label="Input">
      <div class="opened-line">
        <strong class="name" title={name}>
          {name}
        </strong>
        <span class="quiet">{form === undefined ? '' : `read as ${formNames[form] ?? form}`}</span>
        <span data-state={state} class="count">
          {state === 'reading' ? `reading: ${counted}` : counted}
          {state === 'cancelled' ? ', then stopped' : ''}
        </span>
        {state === 'reading' && (
          <button type="button" onClick={cancel}>
            Stop
          </button>
        )}
        <button type="button" onClick={close}>
          New input
        </button>
      </div>
      {state === 'reading' && total > 0 && (
        <progress max={total} value={read} aria-label={`Reading ${name}`}>
          {Math.floor((read / total) * 100)} %
        </progress>
      )}
      {trouble !== undefined && (
        <p class="bad" role="alert">
          {trouble.message}
        </p>
      )}
    </section>
  );
}

const formNames: Readonly<Record<string, string>> = {
  lines: 'lines of hex',
  hex: 'hex',
  dump: 'a hex dump',
  list: 'a list of numbers',
  escaped: 'a string of code',
  percent: 'percent escapes',
  base64: 'Base64',
  binary: 'octets as they are',
  capture: 'a capture',
};
