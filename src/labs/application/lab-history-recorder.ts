import { Injectable } from '@nestjs/common';
import { type CmlRead, type Observation } from '../../telemetry';
import { changesBy, type LabsSeen, whoAsked } from '../domain/lab-change';
import { LabActsRepository, LabHistory } from '../domain/ports';

/** Latest changes of a worker that are compared with what is read. */
const COMPARED = 500;

/**
 * Records how labs change from one reading to the next. A reading is stored before it is recorded, so one that could not
 * be would be lost: the next one in this process, and the first after its start, is held against the history as well.
 */
@Injectable()
export class LabHistoryRecorder {
  /** workers whose latest reading is recorded for sure */
  private readonly upToDate = new Set<string>();

  constructor(
    private readonly history: LabHistory,
    private readonly acts: LabActsRepository,
  ) {}

  /** @throws StoreUnavailable */
  async record({ worker: { id }, before, after }: CmlRead<'cml-labs'>): Promise<void> {
    const earlier = before ? seenIn(before) : null;
    const now = seenIn(after);
    if (!now) return;
    if (this.upToDate.has(id) && changesBy(id, earlier, [], now).length === 0) return;
    this.upToDate.delete(id);
    await this.compare(id, earlier, now);
    this.upToDate.add(id);
  }

  private async compare(workerId: string, earlier: LabsSeen | null, now: LabsSeen): Promise<void> {
    const recorded = await this.history.recent(workerId, COMPARED);
    const changes = changesBy(workerId, earlier, recorded, now);
    if (changes.length === 0) return;
    const acts = await this.acts.find(workerId);
    const by = (change: (typeof changes)[number]) => acts && whoAsked(change, acts.state, recorded);
    await this.history.add(changes.map((change) => ({ ...change, by: by(change) })));
  }
}

function seenIn({ values, observedAt }: Observation<'cml-labs'>): LabsSeen | null {
  return values && observedAt && { labs: values.labs, observedAt };
}
