// All rows, in the order of the table.
import type { Row } from '../lib/row.ts';
import { batches } from './batches.ts';
import { campaign, million } from './campaign.ts';
import { carriers } from './carriers.ts';
import { get } from './get.ts';
import { history } from './history.ts';
import { nonce } from './nonce.ts';
import { pap, rest } from './rest.ts';

export const rows: readonly Row[] = [campaign, million, rest, pap, batches, nonce, history, carriers, get];
