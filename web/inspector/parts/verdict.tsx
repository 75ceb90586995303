// What follows from a message: its format, whether the digest holds, what is odd, what a family would refuse.
import { type Place, placeNamed } from '../state/places.ts';
import type { FamilyVerdict, MessageView } from '../worker/protocol.ts';

/** What the verdict needs. */
export interface VerdictProps {
  readonly view: MessageView;
  /** It is being explained anew: what it was held against is no longer what stands on the page. */
  readonly isExplaining: boolean;
  readonly choose: (place: Place) => void;
}

/** The verdict, in one strip above the octets. */
export function Verdict({ view, isExplaining, choose }: VerdictProps) {
  const { error, format, verified, deviations = [], alternatives = [], message } = view.explanation;
  return (
    <section class="verdict" aria-label="Verdict">
      <p class="chips">
        <strong class="format">{format ?? 'not read to the end'}</strong>
        {typeof message === 'object' && message !== null && (
          <Digest view={view} isExplaining={isExplaining} verified={verified ?? null} />
        )}
        {alternatives.length > 0 && (
          <span class="chip doubt">
            also reads as {alternatives.map((each) => formatOf(each)).join(', ')}
          </span>
        )}
        {error === undefined && <span class="quiet">{view.row.text}</span>}
      </p>
      {view.seen.length > 0 && <p class="quiet seen">{view.seen.join(' · ')}</p>}
      {error !== undefined && (
        <p class="bad" data-code={error.code}>
          <strong>Error</strong> {error.message}{' '}
          {error.line !== undefined && ` Line ${error.line}, column ${error.column ?? 1}.`}
          {error.offset !== null && view.parts !== undefined && (
            <button type="button" onClick={() => choose(placeNamed(view, error.field, error.offset ?? 0))}>
              Show octet {error.offset}
            </button>
          )}
        </p>
      )}
      {deviations.length > 0 && (
        <ul class="deviations">
          {deviations.map(({ field, offset, message: what, section }) => (
            <li key={`${field} ${offset} ${what}`}>
              <strong>Deviation</strong> {field}: {what} <span class="quiet">({section})</span>{' '}
              <button type="button" onClick={() => choose(placeNamed(view, field, offset))}>
                Show octet {offset}
              </button>
            </li>
          ))}
        </ul>
      )}
      {view.family !== undefined && !isExplaining && <Refusals verdict={view.family} />}
    </section>
  );
}

function formatOf(alternative: object): string {
  return 'format' in alternative ? String(alternative.format) : 'something else';
}

interface DigestProps {
  readonly view: MessageView;
  readonly isExplaining: boolean;
  readonly verified: boolean | null;
}

function Digest({ view, isExplaining, verified }: DigestProps) {
  if (isExplaining) return <span class="chip">digest is being checked</span>;
  if (verified === null) return <span class="chip">digest not checked: type the secret in</span>;
  if (!verified) return <span class="chip bad">digest does not hold under this secret and nonce</span>;
  const { nonce } = view.explanation;
  const under =
    nonce === 'given'
      ? ' under the nonce given'
      : nonce === 'default'
        ? ' under the default nonce AAAAAA== (four zero octets)'
        : '';
  return <span class="chip good">digest holds{under}</span>;
}

function Refusals({ verdict: { family, what, findings } }: { readonly verdict: FamilyVerdict }) {
  return (
    <div class="refusals" data-family={family}>
      <p>
        <strong>{family}</strong>{' '}
        {findings.length === 0 ? `takes it, as far as is known (${what})` : `and ${what}:`}
      </p>
      {findings.length > 0 && (
        <ul>
          {findings.map(({ row, field, effect, detail, remedy, source }) => (
            <li key={`${row} ${field} ${detail}`} class={effect}>
              <strong>{effect}</strong> {field}: the family {detail}
              {remedy === undefined ? '' : `; ${remedy}`} <span class="quiet">({source})</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
