import { type CommandContext } from '../../kernel/command-context';
import { type WorkerRecord } from '../../workers';
import { type Observation } from '../domain/observation';

/** Hears what was read of a worker's licence; licensing says what it means. */
export abstract class LicenseListener {
  /** @param licensed `is_licensed` of the latest system reading; null: not known */
  abstract licenseRead(
    worker: WorkerRecord,
    reading: Observation<'cml-license'>,
    licensed: boolean | null,
    context: CommandContext,
  ): Promise<void>;
}
