import { type AggregateStore } from '../../event-store';
import { type CommandContext } from '../../kernel/command-context';
import { VersionConflict } from '../../kernel/domain-error';
import { WorkerLicense } from '../domain/worker-license';
import { WorkerLicenses } from '../domain/worker-license-ports';
import { type WorkerLicenseState } from '../domain/worker-license-state';

/** Licences by their streams; the first thing that is asked for begins one. */
export class EventSourcedWorkerLicenses extends WorkerLicenses {
  constructor(private readonly store: AggregateStore<WorkerLicense, WorkerLicenseState>) {
    super();
  }

  async of(workerId: string): Promise<WorkerLicense> {
    return (await this.store.load(workerId))?.aggregate ?? WorkerLicense.none(workerId);
  }

  async update(
    workerId: string,
    context: CommandContext,
    decide: (license: WorkerLicense) => void,
  ): Promise<WorkerLicense> {
    const begun = (await this.store.load(workerId)) ? null : await this.begin(workerId, context, decide);
    return begun ?? (await this.store.change(workerId, context, decide)).aggregate;
  }

  /** Null when another command began it meanwhile. */
  private async begin(
    workerId: string,
    context: CommandContext,
    decide: (license: WorkerLicense) => void,
  ): Promise<WorkerLicense | null> {
    const license = WorkerLicense.none(workerId);
    decide(license);
    if (license.uncommitted.length === 0) return license;
    try {
      return (await this.store.create(license, context)).aggregate;
    } catch (error) {
      if (error instanceof VersionConflict) return null;
      throw error;
    }
  }
}
