// Writing what was judged of rows as they were read outside the transaction.
import { StoreError } from '../../../core/index.ts';

/**
 * Why a program was undone that found rows changed since they were read (`Query.expected`). One object for all: it is no trouble,
 * nobody but `optimistically` sees it, and it costs no stack.
 */
export const changedMeanwhile = new StoreError('CHANGED_MEANWHILE', 'a row was changed since it was read');

/** Does `quick`; where rows were changed meanwhile, does `surely`, which reads them within its transaction. */
export async function optimistically<Result>(
  quick: () => Promise<Result>,
  surely: () => Promise<Result>,
): Promise<Result> {
  try {
    return await quick();
  } catch (error) {
    if (error !== changedMeanwhile) throw error;
  }
  return await surely();
}
