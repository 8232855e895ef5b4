import { Injectable } from '@nestjs/common';
import { Reservations, streamOf } from '../../event-store';
import { MachineClock, MINUTE, plus } from '../../kernel/clocks';
import { instanceKey } from '../../workers';
import { type Sighting } from '../domain/orphan';
import { OrphanChanged } from '../domain/orphan-errors';

/** Kind of the streams of orphans, who hold the keys. */
const ORPHAN = 'orphan';
const VERSION = 1;
/**
 * Machine milliseconds. A termination is over by then, or its process died; and EC2 has shown everywhere by then that
 * the instance goes, which an import looks at.
 */
const HELD_MS = 10 * MINUTE;

/**
 * Keeps an instance that a person ends from being imported at the same moment: its key is the one that each worker
 * takes for its instance. All methods throw StoreUnavailable.
 */
@Injectable()
export class InstancesBeingEnded {
  constructor(
    private readonly reservations: Reservations,
    private readonly machine: MachineClock,
  ) {}

  /** Before one looks whether the instance is nobody's. @throws OrphanChanged when it is a worker's, or about to be */
  async take({ id, awsRegion, resourceId }: Sighting): Promise<void> {
    const key = instanceKey(awsRegion, resourceId);
    if (await this.reservations.take(key, streamOf(ORPHAN, id), VERSION)) return;
    throw new OrphanChanged(`${resourceId} is a worker's, or is being adopted at this moment.`);
  }

  /** It was not ended. What was ended stays taken until its time is over: EC2's reads lag behind. */
  async giveBack({ id, awsRegion, resourceId }: Sighting): Promise<void> {
    await this.reservations.free(instanceKey(awsRegion, resourceId), streamOf(ORPHAN, id), VERSION);
  }

  /** Frees what is over, and what a process that died left behind. */
  async expire(): Promise<void> {
    const takenBefore = plus(this.machine.now(), -HELD_MS);
    for (const { key, stream } of await this.reservations.olderThan(ORPHAN, takenBefore, 200)) {
      await this.reservations.expire(key, stream, takenBefore);
    }
  }
}
