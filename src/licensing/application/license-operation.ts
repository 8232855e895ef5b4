import { DomainError, StoreUnavailable } from '../../kernel/domain-error';
import { MINUTE, plus } from '../../kernel/clocks';
import { type Operation, type OperationRun } from '../../operations';
import { CmlError } from '../../telemetry';
import { LicenseFailed, type LicenseFailureCode } from '../domain/license-errors';
import { type LicenseBooks } from './license-books';
import { laterOrNever } from './license-turn';
import { contextOf, contextOfTry, type LicenseServices } from './license-work';

/** How long an operation waits (fleet time) for a server that cannot be reached, or cannot do it now: as long as one boots. */
export const WAITS_FOR_SERVER_MS = 30 * MINUTE;

/**
 * What all operations on a licence do around their work: a server that cannot do it now is tried again later; what fails
 * for good is noted on the licence, and the seat is free where nothing is in use.
 */
export async function asLicenseOperation<T>(
  services: LicenseServices,
  books: LicenseBooks,
  run: OperationRun,
  work: (workerId: string) => Promise<T>,
): Promise<T> {
  const workerId = workerOf(run);
  const { operation } = run;
  try {
    await mustNotHaveFailed(services, run, workerId);
    return await work(workerId);
  } catch (error) {
    const until = plus(operation.createdAt, WAITS_FOR_SERVER_MS);
    const outcome =
      error instanceof CmlError ? laterOrNever(error, services, operation.createdAt, until) : error;
    const isFinal = outcome instanceof DomainError && !(outcome instanceof StoreUnavailable);
    if (isFinal) await noteFailure(services, books, run, workerId, outcome);
    else if (outcome !== error) await run.report({ progress: 0.1, message: waiting(outcome) });
    throw outcome;
  }
}

/**
 * Of an operation that was cancelled, or ended by a fault of ours: the seat is free where nothing was sent that may have
 * come true. Nothing else is asked for meanwhile, for the operation has not ended yet.
 */
export async function settleBrokenOff(
  { licenses, ids }: Pick<LicenseServices, 'licenses' | 'ids'>,
  books: LicenseBooks,
  operation: Operation,
): Promise<void> {
  const license = await licenses.of(workerOf({ operation }));
  if (license.isSeenToBy(operation.id)) await books.settleSeat(license, contextOfTry({ operation }, ids));
}

export function workerOf({ operation }: Pick<OperationRun, 'operation'>): string {
  if (operation.workerId === null) throw new Error(`the operation ${operation.id} names no worker`);
  return operation.workerId;
}

/** It may have failed in a run whose process died before it could say so. */
async function mustNotHaveFailed(
  services: LicenseServices,
  run: OperationRun,
  workerId: string,
): Promise<void> {
  const license = await services.licenses.of(workerId);
  const failure = license.failureOf(run.operation.id);
  if (failure) throw new LicenseFailed(failure.code as LicenseFailureCode, failure.message);
}

async function noteFailure(
  { licenses, clock, ids }: LicenseServices,
  books: LicenseBooks,
  run: OperationRun,
  workerId: string,
  error: DomainError,
): Promise<void> {
  const { id } = run.operation;
  const unused = error instanceof LicenseFailed && error.unused;
  const license = await licenses.update(workerId, contextOf(run, 'failed'), (it) => {
    if (it.isSeenToBy(id) && !it.failureOf(id)) it.failed(id, error, unused, clock.now());
  });
  // another registration may be about to use the seat; whatever else took the place of this operation does not
  const isAnothers = !license.isSeenToBy(id) && license.state.request?.kind === 'license-register';
  if (!isAnothers) await books.settleSeat(license, contextOfTry(run, ids));
}

function waiting(error: unknown): string {
  return `waits, then tries again: ${error instanceof Error ? error.message : String(error)}`;
}
