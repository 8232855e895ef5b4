import { type MachineClock, plus } from '../../kernel/clocks';
import { type NewOperation, type Operation, type OperationSummary } from '../domain/operation';
import {
  type ClaimedOperation,
  type ClaimState,
  type OperationClaim,
  type OperationEnd,
  type OperationPage,
  type OperationPosition,
  type OperationProgress,
  OperationStore,
} from '../domain/ports';
import {
  changesOf,
  endOf,
  freshOperation,
  LIFE_MS,
  type StoredOperation,
  toOperation,
  toSummary,
} from './stored-operation';

/** Operations in the memory of one process. */
export class MemoryOperations extends OperationStore {
  private readonly rows = new Map<string, StoredOperation>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  add(given: NewOperation): Promise<Operation> {
    this.forgetOld();
    const row = this.rows.get(given.id) ?? freshOperation(given);
    this.rows.set(given.id, row);
    return Promise.resolve(toOperation(row));
  }

  find(id: string): Promise<Operation | null> {
    const row = this.rows.get(id);
    return Promise.resolve(row ? toOperation(row) : null);
  }

  page({ kinds, states, workerIds, after, limit }: OperationPage): Promise<OperationSummary[]> {
    const found = [...this.rows.values()]
      .filter(({ kind }) => kinds?.includes(kind) ?? true)
      .filter(({ state }) => states?.includes(state) ?? true)
      .filter(({ workerId }) => !workerIds || (workerId !== null && workerIds.includes(workerId)))
      .filter((row) => !after || newestFirst(row, after) > 0)
      .sort(newestFirst);
    return Promise.resolve(found.slice(0, limit).map((row) => toSummary(toOperation(row))));
  }

  claimDue(
    kinds: readonly string[],
    owner: string,
    lengthMs: number,
    now: Date,
  ): Promise<ClaimedOperation | null> {
    const machineNow = this.clock.now();
    const [row] = [...this.rows.values()]
      .filter(({ active, kind, dueAt }) => active && kinds.includes(kind) && dueAt <= machineNow)
      .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    if (!row) return Promise.resolve(null);
    const taken: StoredOperation = {
      ...row,
      ...{ owner, fence: row.fence + 1, dueAt: plus(machineNow, lengthMs) },
      state: 'running',
      startedAt: row.startedAt ?? now,
    };
    this.rows.set(row.id, taken);
    const claim = { id: row.id, owner, fence: taken.fence };
    return Promise.resolve({ operation: toOperation(taken), claim });
  }

  renew(claim: OperationClaim, lengthMs: number): Promise<ClaimState> {
    return Promise.resolve(this.change(claim, { dueAt: plus(this.clock.now(), lengthMs) }));
  }

  note(claim: OperationClaim, progress: OperationProgress): Promise<ClaimState> {
    return Promise.resolve(this.change(claim, changesOf(progress)));
  }

  finish(claim: OperationClaim, end: OperationEnd): Promise<boolean> {
    return Promise.resolve(this.change(claim, endOf(end, this.clock.now())) !== 'lost');
  }

  release(claim: OperationClaim, pauseMs: number): Promise<boolean> {
    const changes = { owner: null, dueAt: plus(this.clock.now(), pauseMs) };
    return Promise.resolve(this.change(claim, changes) !== 'lost');
  }

  requestCancel(id: string, by: string): Promise<void> {
    const row = this.rows.get(id);
    if (row?.active) this.rows.set(id, { ...row, cancelledBy: row.cancelledBy ?? by });
    return Promise.resolve();
  }

  private change({ id, owner, fence }: OperationClaim, changes: Partial<StoredOperation>): ClaimState {
    const row = this.rows.get(id);
    if (!row || row.owner !== owner || row.fence !== fence) return 'lost';
    this.rows.set(id, { ...row, ...changes });
    return row.cancelledBy !== null ? 'cancelled' : 'held';
  }

  private forgetOld(): void {
    const oldest = plus(this.clock.now(), -LIFE_MS);
    for (const { id, endedAt } of this.rows.values()) if (endedAt && endedAt <= oldest) this.rows.delete(id);
  }
}

function newestFirst(a: OperationPosition, b: OperationPosition): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : Number(a.id !== b.id) * -1);
}
