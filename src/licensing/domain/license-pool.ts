import { AggregateRoot } from '../../kernel/aggregate-root';
import {
  LicensePoolExhausted,
  LicensePoolInUse,
  LicensePoolNotFound,
  LicenseSeatNotFound,
  LicenseSeatNotStranded,
} from './license-pool-errors';
import {
  LicensePoolCreated,
  LicensePoolDeleted,
  type LicensePoolEvent,
  LicensePoolTokenReplaced,
  LicensePoolUpdated,
  LicenseSeatFreed,
  LicenseSeatReleased,
  LicenseSeatReported,
  LicenseSeatStranded,
  LicenseSeatTaken,
  type PoolDetails,
  type PoolToken,
} from './license-pool-events';
import { evolvePool, type LicensePoolState, NO_POOL, type SeatHolding } from './license-pool-state';
import { type LicenseStatusValue } from './license-reading';

/**
 * A token of Cisco's Smart Licensing and how many workers may be registered with it at once. Who has a seat stands in
 * its stream: two who want the last one want the same version of it. Times are fleet time.
 */
export class LicensePool extends AggregateRoot<LicensePoolState, LicensePoolEvent> {
  static create(id: string, given: LicensePoolCreated['data']): LicensePool {
    const pool = new LicensePool(id, NO_POOL, 0);
    pool.record(new LicensePoolCreated(id, given));
    return pool;
  }

  /** Replays events, from the first or from a state at a version. */
  static restore(
    id: string,
    events: readonly LicensePoolEvent[],
    { state, version }: { state: LicensePoolState; version: number } = { state: NO_POOL, version: 0 },
  ): LicensePool {
    return new LicensePool(id, events.reduce(evolvePool, state), version + events.length);
  }

  /**
   * A smaller capacity takes nobody's seat; no further one is given until enough are free.
   * @throws LicensePoolNotFound when it is deleted, as every change by people does
   */
  update(changes: Partial<PoolDetails>, now: Date): void {
    this.mustBeThere();
    const before = detailsOf(this.state);
    const after = { ...before, ...changes };
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    this.record(new LicensePoolUpdated(this.id, { ...after, updatedAt: now }));
  }

  /** For registrations from now on; who is registered already stays so, for Cisco asks no token of them. */
  replaceToken(token: PoolToken, now: Date): void {
    this.mustBeThere();
    this.record(new LicensePoolTokenReplaced(this.id, { token, updatedAt: now }));
  }

  /**
   * Gives the worker a seat, or the pool's present token to one that has a seat: it is to be registered (again), so that
   * a stranded seat is a taken one from now on.
   * @throws LicensePoolNotFound, LicensePoolExhausted
   */
  take(workerId: string, now: Date): void {
    this.mustBeThere();
    const { name, capacity, token, seats } = this.state;
    const seat = this.seatOf(workerId);
    if (!seat && seats.length >= capacity) {
      throw new LicensePoolExhausted({ id: this.id, name, capacity });
    }
    if (seat?.state === 'taken' && seat.token.ref === token.ref) return;
    this.record(new LicenseSeatTaken(this.id, { workerId, token, at: now }));
  }

  /** The licence was given back. No effect without a seat. */
  release(workerId: string, now: Date): void {
    if (this.seatOf(workerId)) this.record(new LicenseSeatReleased(this.id, { workerId, at: now }));
  }

  /** The licence could not be given back. No effect without a seat; the first reason stands. */
  strand(workerId: string, reason: string, now: Date): void {
    if (this.seatOf(workerId)?.state !== 'taken') return;
    this.record(new LicenseSeatStranded(this.id, { workerId, reason, at: now }));
  }

  /** A person has seen to it that Cisco does not count it. @throws LicenseSeatNotFound, LicenseSeatNotStranded */
  free(workerId: string, reason: string, by: string, now: Date): void {
    this.mustBeThere();
    const seat = this.seatOf(workerId);
    if (!seat) throw new LicenseSeatNotFound(this.id, workerId);
    if (seat.state !== 'stranded') throw new LicenseSeatNotStranded(workerId);
    this.record(new LicenseSeatFreed(this.id, { workerId, reason, by, at: now }));
  }

  /** What the worker's server said. No effect without a seat, and by what is older than what is known. */
  report(workerId: string, licenseStatus: LicenseStatusValue, at: Date): void {
    const seat = this.seatOf(workerId);
    if (!seat || at < seat.since) return;
    const { reported } = seat;
    if (reported && (reported.licenseStatus === licenseStatus || at <= reported.at)) return;
    this.record(new LicenseSeatReported(this.id, { workerId, licenseStatus, at }));
  }

  /** @param force also with seats: who is registered stays so, and nobody counts them any more. @throws LicensePoolInUse */
  delete(force: boolean, now: Date): void {
    const { name, seats, deletedAt } = this.state;
    if (deletedAt) return;
    const holders = seats.map(({ workerId }) => workerId);
    if (holders.length > 0 && !force) throw new LicensePoolInUse({ id: this.id, name }, holders);
    this.record(new LicensePoolDeleted(this.id, { at: now }));
  }

  seatOf(workerId: string): SeatHolding | null {
    return this.state.seats.find((seat) => seat.workerId === workerId) ?? null;
  }

  protected evolve(state: LicensePoolState, event: LicensePoolEvent): LicensePoolState {
    return evolvePool(state, event);
  }

  private mustBeThere(): void {
    if (this.state.deletedAt) throw new LicensePoolNotFound(this.id);
  }
}

function detailsOf({ name, capacity, productLicense, features, smartServer }: PoolDetails): PoolDetails {
  return { name, capacity, productLicense, features, smartServer };
}
