import { Injectable } from '@nestjs/common';
import { Installation } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { type LivingWorker, type Surroundings, whyNoOrphan } from '../domain/leftover';
import { type ResourceKind, type Sighting } from '../domain/orphan';
import { OrphanChanged, OrphanNotFound } from '../domain/orphan-errors';
import { LeftoverSource, SightingStore } from '../domain/ports';
import { LivingWorkers } from './living-workers';

/** Looks at an orphan again before anything is done about it: a listing is minutes old. */
@Injectable()
export class SecondLook {
  constructor(
    private readonly source: LeftoverSource,
    private readonly sightings: SightingStore,
    private readonly workers: LivingWorkers,
    private readonly installation: Installation,
    private readonly clock: FleetClock,
  ) {}

  /** @throws OrphanNotFound */
  async mustBeListed(id: string): Promise<Sighting> {
    const sighting = await this.sightings.find(id);
    if (!sighting) throw new OrphanNotFound(id);
    return sighting;
  }

  /**
   * What is on AWS: still there, tagged as ours, loose, and without a worker, but for the one that is excepted.
   * @throws OrphanChanged, ComputeError
   */
  async mustBeNobodys(
    { awsRegion, resourceId }: Sighting,
    kind: ResourceKind,
    except: string | null = null,
  ): Promise<void> {
    const found = await this.source.find(kind, awsRegion, resourceId);
    if (!found) throw new OrphanChanged(`AWS does not know ${resourceId} any more.`);
    const workers = await this.workers.withTruthOf(found.workerId);
    const why = whyNoOrphan(kind, found, await this.surroundings(awsRegion, workers, except));
    if (why) throw new OrphanChanged(why);
  }

  /** A worker: still there, and its instance still lost. @throws OrphanChanged */
  async mustBeLost({ resourceId }: Sighting): Promise<void> {
    const worker = await this.workers.find(resourceId);
    if (!worker || worker.status === 'TERMINATED') throw new OrphanChanged('The worker has ended.');
    if (worker.statusReason?.code === 'lost') return;
    throw new OrphanChanged(`${worker.name} has its instance again: it is ${worker.status}.`);
  }

  private async surroundings(
    awsRegion: string,
    workers: readonly LivingWorker[],
    except: string | null,
  ): Promise<Surroundings> {
    const others = workers.filter(({ id }) => id !== except);
    const installationId = await this.installation.id();
    return { awsRegion, workers: others, installationId, now: this.clock.now() };
  }
}
