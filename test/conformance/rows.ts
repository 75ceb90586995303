// The rows of all five static conformance tables.
import { notification2007Rows } from './notification-2007.ts';
import { notification2010Rows } from './notification-2010.ts';
import { notification2012Rows } from './notification-2012.ts';
import { pushBindingRows } from './push-binding.ts';
import type { Row } from './row.ts';
import { sessionlessRows } from './sessionless.ts';

/** All rows, by document. */
export const rows: readonly Row[] = [
  ...notification2007Rows,
  ...notification2010Rows,
  ...notification2012Rows,
  ...sessionlessRows,
  ...pushBindingRows,
];
