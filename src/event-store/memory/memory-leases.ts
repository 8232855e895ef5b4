import { type MachineClock, plus } from '../../kernel/clocks';
import { type JobState, type Lease, Leases } from '../ports';

interface Row extends JobState {
  readonly fence: number;
  readonly held: boolean;
}

const AT_ONCE = new Date(0);

/** Leases among the users of one process; its machine clock takes the part of the database's. */
export class MemoryLeases extends Leases {
  private readonly rows = new Map<string, Row>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  plan(job: string, { first, latest }: { first: Date; latest: Date }): Promise<Date> {
    const row = this.row(job, first);
    const dueAt = !row.held && row.dueAt > latest ? latest : row.dueAt;
    this.rows.set(job, { ...row, dueAt });
    return Promise.resolve(this.clock.now());
  }

  states(jobs: readonly string[]): Promise<ReadonlyMap<string, JobState>> {
    const known = jobs.flatMap((job) => {
      const row = this.rows.get(job);
      return row ? [[job, { dueAt: row.dueAt, owner: row.owner }] as const] : [];
    });
    return Promise.resolve(new Map(known));
  }

  claim(job: string, owner: string, lengthMs: number, { early = false } = {}): Promise<Lease | null> {
    const claimedAt = this.clock.now();
    const row = this.row(job, AT_ONCE);
    if (row.dueAt > claimedAt && (row.held || !early)) return Promise.resolve(null);
    const fence = row.fence + 1;
    this.rows.set(job, { owner, fence, held: true, dueAt: plus(claimedAt, lengthMs) });
    return Promise.resolve({ job, owner, fence, claimedAt });
  }

  renew(lease: Lease, lengthMs: number): Promise<boolean> {
    return this.change(lease, { dueAt: plus(this.clock.now(), lengthMs) });
  }

  release(lease: Lease, dueAt = AT_ONCE): Promise<boolean> {
    return this.change(lease, { held: false, dueAt });
  }

  private change({ job, owner, fence }: Lease, change: Partial<Row>): Promise<boolean> {
    const row = this.rows.get(job);
    const ours = row?.held === true && row.owner === owner && row.fence === fence;
    if (ours) this.rows.set(job, { ...row, ...change });
    return Promise.resolve(ours);
  }

  private row(job: string, dueAt: Date): Row {
    return this.rows.get(job) ?? { dueAt, owner: '', fence: 0, held: false };
  }
}
