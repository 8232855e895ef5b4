import { type QueryBus } from '@nestjs/cqrs';
import { type AggregateStores } from '../../event-store';
import { GetActiveWorkers, WORKER_DEFINITION, type WorkerState } from '../../workers';
import { type LicensedWorker, LicensedWorkers } from '../domain/license-pool-ports';

/** One by its stream, which is there for ended workers as well; all by the list of workers. */
export class StoredLicensedWorkers extends LicensedWorkers {
  private readonly load: (id: string) => Promise<{ readonly state: WorkerState } | null>;

  constructor(
    stores: AggregateStores,
    private readonly queries: QueryBus,
  ) {
    super();
    const aggregates = stores.open(WORKER_DEFINITION);
    this.load = async (id) => (await aggregates.load(id))?.aggregate ?? null;
  }

  async of(workerId: string): Promise<LicensedWorker | null> {
    const worker = await this.load(workerId);
    return worker && licensed(worker.state);
  }

  async active(): Promise<LicensedWorker[]> {
    return (await this.queries.execute(new GetActiveWorkers())).map(licensed);
  }
}

function licensed({
  id,
  name,
  status,
  releasedAt,
  licenseStatus,
  licenseToken,
}: WorkerState): LicensedWorker {
  const ended = status === 'TERMINATED' ? 'terminated' : releasedAt ? 'released' : null;
  return { id, name, ended, licenseStatus, licenseToken };
}
