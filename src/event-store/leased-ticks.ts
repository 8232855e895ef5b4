import { type MachineClock, SECOND } from '../kernel/clocks';
import { Tick } from '../kernel/tick';
import { type LeaseOwner } from './lease-owner';
import { type Lease, type Leases } from './ports';
import { type ReportError } from './report-error';

/** After a crash the others wait this long at most; a holder renews while it works. Machine milliseconds. */
const LEASE_MS = 10 * SECOND;
const RENEW_MS = 3 * SECOND;

/** Makes ticks that one replica at a time takes: a turn without the lease does nothing. */
export class LeasedTicks {
  constructor(
    private readonly leases: Leases,
    private readonly owner: LeaseOwner,
    private readonly clock: MachineClock,
    private readonly report: ReportError,
  ) {}

  /** `name` names the lease, too. */
  tick(name: string, work: () => Promise<unknown>): Tick {
    return new Tick(
      name,
      () => this.turn(name, work),
      this.clock,
      (tick, error) => {
        this.report(error, `run the tick ${tick}; the next one comes all the same`);
      },
    );
  }

  private async turn(name: string, work: () => Promise<unknown>): Promise<void> {
    const lease = await this.leases.claim(name, this.owner.name, LEASE_MS);
    if (!lease) return;
    const renewal = setInterval(() => void this.renew(lease), RENEW_MS);
    try {
      await work();
    } finally {
      clearInterval(renewal);
      await this.leases.release(lease);
    }
  }

  private async renew({ job, owner }: Lease): Promise<void> {
    try {
      await this.leases.claim(job, owner, LEASE_MS);
    } catch (error) {
      this.report(error, `renew the lease ${job}`);
    }
  }
}
