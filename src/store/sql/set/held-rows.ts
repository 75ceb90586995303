// Rows of pushes that are held, in the words of their index.
import { sql } from 'kysely';

/** A push, or its result, is held. */
export const isHeld = sql<boolean>`(held_due_at is not null or held_result_at is not null)`;
