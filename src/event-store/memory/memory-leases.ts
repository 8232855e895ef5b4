import { type MachineClock, plus } from '../../kernel/clocks';
import { type Lease, Leases } from '../ports';

/** Leases among the users of one process; a single owner always gets them. */
export class MemoryLeases extends Leases {
  private readonly leases = new Map<string, Lease & { readonly dueAt: Date }>();

  constructor(private readonly clock: MachineClock) {
    super();
  }

  claim(job: string, owner: string, lengthMs: number): Promise<Lease | null> {
    const now = this.clock.now();
    const present = this.leases.get(job);
    const held = present !== undefined && present.dueAt > now;
    if (held && present.owner !== owner) return Promise.resolve(null);
    const fence = held ? present.fence : (present?.fence ?? 0) + 1;
    this.leases.set(job, { job, owner, fence, dueAt: plus(now, lengthMs) });
    return Promise.resolve({ job, owner, fence });
  }

  release({ job, owner, fence }: Lease): Promise<boolean> {
    const present = this.leases.get(job);
    const ours = present?.owner === owner && present.fence === fence;
    if (ours) this.leases.set(job, { ...present, dueAt: new Date(0) });
    return Promise.resolve(ours);
  }
}
