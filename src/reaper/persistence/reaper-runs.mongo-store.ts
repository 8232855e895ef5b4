import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, type QueryFilter } from 'mongoose';
import { answered } from '../../event-store';
import { MachineClock } from '../../kernel/clocks';
import { ReaperRuns, type RunPosition } from '../domain/ports';
import { type ReaperRun } from '../domain/reaper-run';
import { REAPER_RUN_MODEL, type ReaperRunDocument, toDocument, toRun } from './reaper-run.schema';

/** The collection `reaper_runs`; the server drops runs when their time is over. */
@Injectable()
export class MongoReaperRuns extends ReaperRuns {
  constructor(
    @InjectModel(REAPER_RUN_MODEL) private readonly model: Model<ReaperRunDocument>,
    private readonly clock: MachineClock,
  ) {
    super();
  }

  async put(run: ReaperRun): Promise<void> {
    const document = toDocument(run, this.clock.now());
    await answered(async () => this.model.replaceOne({ _id: run.id }, document, { upsert: true }));
  }

  async latestTurn({ finished }: { finished: boolean }): Promise<Date | null> {
    const found = await this.latest({ dryRun: false, ...(finished && { finishedAt: { $ne: null } }) });
    return found?.startedAt ?? null;
  }

  async latestEnd(): Promise<Date | null> {
    const found = await this.latest({ dryRun: false });
    return found?.finishedAt ?? found?.startedAt ?? null;
  }

  private latest(
    filter: QueryFilter<ReaperRunDocument>,
  ): Promise<Pick<ReaperRunDocument, 'startedAt' | 'finishedAt'> | null> {
    return answered(async () =>
      this.model
        .findOne(filter, { startedAt: 1, finishedAt: 1 })
        .sort({ startedAt: -1, _id: -1 })
        .lean<Pick<ReaperRunDocument, 'startedAt' | 'finishedAt'> | null>(),
    );
  }

  async find(id: string): Promise<ReaperRun | null> {
    const found = await answered(async () => this.model.findById(id).lean<ReaperRunDocument | null>());
    return found && toRun(found);
  }

  async page(limit: number, after: RunPosition | null): Promise<ReaperRun[]> {
    const found = await answered(async () =>
      this.model
        .find(after ? olderThan(after) : {})
        .sort({ startedAt: -1, _id: -1 })
        .limit(limit)
        .lean<ReaperRunDocument[]>(),
    );
    return found.map(toRun);
  }
}

function olderThan({ startedAt, id }: RunPosition): QueryFilter<ReaperRunDocument> {
  return { $or: [{ startedAt: { $lt: startedAt } }, { startedAt, _id: { $lt: id } }] };
}
