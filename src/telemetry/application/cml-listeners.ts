import { Injectable } from '@nestjs/common';
import { type CommandContext } from '../../kernel/command-context';
import { type WorkerRecord } from '../../workers';
import { type Observation } from '../domain/observation';

/** A reading of one worker's CML server that succeeded and is stored. */
export interface CmlRead<S extends 'cml-labs' | 'cml-license'> {
  readonly worker: WorkerRecord;
  /** what was known before; undefined: nothing */
  readonly before: Observation<S> | undefined;
  readonly after: Observation<S>;
  /** `is_licensed` of the latest reading of the system; null: not known */
  readonly licensed: boolean | null;
  readonly context: CommandContext;
}

type Listener<S extends 'cml-labs' | 'cml-license'> = (read: CmlRead<S>) => Promise<void>;

/** Who else hears what was read. Modules register in onModuleInit; what a listener throws fails the observation. */
@Injectable()
export class CmlListeners {
  private readonly ofLabs: Listener<'cml-labs'>[] = [];
  private readonly ofLicenses: Listener<'cml-license'>[] = [];

  onLabs(listener: Listener<'cml-labs'>): void {
    this.ofLabs.push(listener);
  }

  onLicense(listener: Listener<'cml-license'>): void {
    this.ofLicenses.push(listener);
  }

  async labsRead(read: CmlRead<'cml-labs'>): Promise<void> {
    for (const listener of this.ofLabs) await listener(read);
  }

  async licenseRead(read: CmlRead<'cml-license'>): Promise<void> {
    for (const listener of this.ofLicenses) await listener(read);
  }
}
