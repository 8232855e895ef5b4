import { HOUR, latest } from '../../kernel/clocks';
import { type LicensedWorker } from './license-pool-ports';
import { type LicensePoolState, type SeatHolding } from './license-pool-state';
import { isRegistered, type LicenseStatusValue } from './license-reading';

/** A registration takes minutes; a server that is not registered for so long while it has a seat will not be by itself. */
export const LEAKED_AFTER_MS = HOUR;

/** A seat beside what the worker's server says. */
export interface ComparedSeat extends Omit<SeatHolding, 'state' | 'reported'> {
  /** leaked: taken by a worker that is gone, or that has not been registered for long */
  readonly state: 'taken' | 'stranded' | 'leaked';
  /** null: there is no such worker */
  readonly workerName: string | null;
  /** what its server last said; null: there is no such worker */
  readonly licenseStatus: LicenseStatusValue | null;
}

export interface PoolMismatch {
  readonly workerId: string;
  readonly kind: 'registered-without-seat' | 'leaked';
  /** what is so, and what to do */
  readonly message: string;
}

export interface PoolComparison {
  readonly seats: readonly ComparedSeat[];
  readonly mismatches: readonly PoolMismatch[];
}

/**
 * What the pool counts, held against what the servers say.
 * @param elsewhere ids of workers with a seat in another pool, which may have the same token
 */
export function compareWithServers(
  pool: LicensePoolState,
  workers: ReadonlyMap<string, LicensedWorker>,
  elsewhere: ReadonlySet<string>,
  now: Date,
): PoolComparison {
  const leaks = new Map<string, string>();
  const seats = pool.seats.map(({ reported, ...seat }): ComparedSeat => {
    const worker = workers.get(seat.workerId) ?? null;
    const why = seat.state === 'taken' ? leakOf({ ...seat, reported }, worker, now) : null;
    if (why !== null) leaks.set(seat.workerId, why);
    return {
      ...seat,
      state: why === null ? seat.state : 'leaked',
      workerName: worker?.name ?? null,
      licenseStatus: worker?.licenseStatus ?? null,
    };
  });
  const seated = new Set([...elsewhere, ...seats.map(({ workerId }) => workerId)]);
  const uncounted = [...workers.values()].filter((worker) => !seated.has(worker.id) && uses(worker, pool));
  return {
    seats,
    mismatches: [
      ...[...leaks].map(([workerId, message]) => ({ workerId, kind: 'leaked' as const, message })),
      ...uncounted.map(({ id, name }) => ({
        workerId: id,
        kind: 'registered-without-seat' as const,
        message:
          `The worker "${name}" is registered with a token of this pool and has no seat: the pool counts one too few. ` +
          'License it from the pool, or give its licence back.',
      })),
    ],
  };
}

function leakOf(seat: SeatHolding, worker: LicensedWorker | null, now: Date): string | null {
  if (!worker) return 'There is no such worker: delete the pool by force, or raise its capacity.';
  if (worker.ended) return `The worker is ${worker.ended}: within minutes the seat is free, or stranded.`;
  const { reported } = seat;
  // a worker that was registered a moment ago is reported to the pool soon
  const said = [worker.licenseStatus, ...(reported ? [reported.licenseStatus] : [])];
  if (said.some(isRegistered)) return null;
  const since = latest(seat.since, reported?.at ?? null) ?? seat.since;
  if (now.getTime() - since.getTime() < LEAKED_AFTER_MS) return null;
  return (
    `Its server says ${worker.licenseStatus} since ${since.toISOString()} at the latest: give the licence back (DELETE ` +
    `/api/v1/workers/${worker.id}/license), or license it again.`
  );
}

/** Whether its server is registered with a token that is, or was, the pool's. */
function uses({ ended, licenseStatus, licenseToken }: LicensedWorker, pool: LicensePoolState): boolean {
  if (ended || licenseStatus !== 'REGISTERED' || !licenseToken) return false;
  const { ref, fingerprint } = licenseToken;
  return [pool.token, ...pool.formerTokens].some((it) => it.ref === ref || it.fingerprint === fingerprint);
}
