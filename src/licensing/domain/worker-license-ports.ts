import { type CommandContext } from '../../kernel/command-context';
import { type WorkerLicense } from './worker-license';

/** Licences by the streams of their workers. All methods throw StoreUnavailable. */
export abstract class WorkerLicenses {
  /** Of a worker that nothing was asked for yet: a new one. */
  abstract of(workerId: string): Promise<WorkerLicense>;

  /**
   * Lets `decide` act on the licence and stores what it recorded; decides again when somebody else was faster. A command
   * that was carried out before is not carried out again.
   * @throws VersionConflict, and what `decide` throws
   */
  abstract update(
    workerId: string,
    context: CommandContext,
    decide: (license: WorkerLicense) => void,
  ): Promise<WorkerLicense>;
}
