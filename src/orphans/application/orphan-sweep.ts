import { Injectable, Logger } from '@nestjs/common';
import { Installation, type Turn } from '../../event-store';
import { FleetClock } from '../../kernel/clocks';
import { ComputeError, type WorkerRecord } from '../../workers';
import { isForeign, type Leftover, suspectOf, whyNoOrphan } from '../domain/leftover';
import { type OrphanKind, RESOURCE_KINDS, type ResourceKind, type Suspect } from '../domain/orphan';
import { type CompleteListing, LeftoverSource, SightingStore } from '../domain/ports';
import { LivingWorkers } from './living-workers';

/** `statusReason.code` of a worker whose instance EC2 does not know any more. */
const LOST = 'lost';

/** Looks for orphans in a region. It only ever notes what it sees: what is done about it is a person's to say. */
@Injectable()
export class OrphanSweep {
  private readonly logger = new Logger('Orphans');
  /** code of the latest failure of each kind and region, so that each is told once */
  private readonly failing = new Map<string, string>();

  constructor(
    private readonly source: LeftoverSource,
    private readonly sightings: SightingStore,
    private readonly workers: LivingWorkers,
    private readonly installation: Installation,
    private readonly clock: FleetClock,
  ) {}

  /** Each kind by a listing of its own: one that fails, or is not read to its end, counts for nothing. */
  async sweep(region: string, turn: Turn): Promise<void> {
    for (const kind of RESOURCE_KINDS) {
      if (turn.stillHeld()) await this.look(kind, region, turn);
    }
    if (turn.stillHeld()) await this.lookForLostWorkers(region);
  }

  private async look(kind: ResourceKind, awsRegion: string, turn: Turn): Promise<void> {
    const listedAt = this.clock.now();
    const found = await this.list(kind, awsRegion);
    if (!found || !turn.stillHeld()) return;
    const installationId = await this.installation.id();
    // read after AWS, so that a worker that got its instance meanwhile is among them
    const { living } = await this.workers.listed();
    const surroundings = { awsRegion, workers: living, installationId, now: this.clock.now() };
    const suspects = found
      .filter((leftover) => whyNoOrphan(kind, leftover, surroundings) === null)
      .map((leftover) => suspectOf(kind, awsRegion, leftover));
    const foreign = found
      .filter(({ isLoose }) => isLoose)
      .filter((it) => isForeign(it, installationId)).length;
    await this.record({ kind, awsRegion, listedAt, suspects, foreign });
  }

  private async lookForLostWorkers(awsRegion: string): Promise<void> {
    const listedAt = this.clock.now();
    const { records } = await this.workers.listed();
    const suspects = records
      .filter((worker) => worker.awsRegion === awsRegion && worker.statusReason?.code === LOST)
      .map(lostWorker);
    await this.record({ kind: 'worker-without-instance', awsRegion, listedAt, suspects, foreign: 0 });
  }

  private async record(listing: CompleteListing): Promise<void> {
    for (const { id, kind, awsRegion, resourceId, details } of await this.sightings.record(listing)) {
      const { workerId, name } = details;
      this.logger.warn({ orphanId: id, kind, region: awsRegion, resourceId, workerId, name }, 'a new orphan');
    }
  }

  /** Null when AWS did not let us read it to its end. */
  private async list(kind: ResourceKind, region: string): Promise<Leftover[] | null> {
    const place = `${kind}|${region}`;
    try {
      const found = await this.source.list(kind, region);
      this.failing.delete(place);
      return found;
    } catch (error) {
      if (!(error instanceof ComputeError)) throw error;
      if (this.failing.get(place) !== error.awsCode) {
        const about = { region, kind, code: error.awsCode, detail: error.message };
        this.logger.warn(about, 'orphans cannot be looked for');
      }
      this.failing.set(place, error.awsCode);
      return null;
    }
  }
}

function lostWorker(worker: WorkerRecord): Suspect {
  const { id, awsRegion, awsInstanceId, name, instanceType, status } = worker;
  const kind: OrphanKind = 'worker-without-instance';
  const about = { name, workerId: id, awsInstanceId, instanceType, status };
  const details = { ...about, sizeGiB: null, publicIp: null, since: worker.createdAt };
  return { kind, awsRegion, resourceId: id, installationId: null, details };
}
