import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model, type QueryFilter, type SortOrder } from 'mongoose';
import { answered, isDuplicateKey } from '../../event-store';
import { FLEET, type Reach } from '../../kernel/reach';
import {
  type RegionChoice,
  type WorkerCount,
  type WorkerFilter,
  type WorkerPagePosition,
  type WorkerPageRequest,
  WorkerReadModel,
  type WorkerRecord,
  type WorkerSort,
} from '../domain/ports';
import { SORT_ORDER } from '../domain/worker-page';
import { type CMLWorkerStatus } from '../domain/worker-status';
import { within } from './worker.mongo-reach';
import { toDocument, toRecord, WORKER_MODEL, type WorkerDocument } from './worker.schema';

type Filter = QueryFilter<WorkerDocument>;

const SORT_FIELD = {
  '-createdAt': 'createdAt',
  name: 'nameFolded',
  lastActivityAt: 'lastActivityAt',
} as const;

/** Terminated and released ones stay for ever: the index leaves them out by the time of their end. */
const ACTIVE: Filter = { releasedAt: null, terminatedAt: null, status: { $ne: 'TERMINATED' } };

/** The collection `workers`. Documents are replaced whole under their version, so that a late writer changes nothing. */
@Injectable()
export class MongoWorkerReadModel extends WorkerReadModel {
  constructor(@InjectModel(WORKER_MODEL) private readonly model: Model<WorkerDocument>) {
    super();
  }

  async put(record: WorkerRecord, version: number): Promise<void> {
    const document = toDocument(record, version);
    if (await this.replaceOlder(document)) return;
    try {
      await answered(() => this.model.collection.insertOne(document as never));
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // it is there: newer than ours, or inserted by somebody else just now and perhaps older
      await this.replaceOlder(document);
    }
  }

  async page({ filter, sort, limit, after, reach = FLEET }: WorkerPageRequest): Promise<WorkerRecord[]> {
    const direction: SortOrder = SORT_ORDER[sort].descending ? -1 : 1;
    const conditions = [matching(filter), ...within(reach), ...(after ? [beyond(sort, after)] : [])];
    return this.find({ $and: conditions }, { [SORT_FIELD[sort]]: direction, _id: direction }, limit);
  }

  async byInstance(awsRegion: string, awsInstanceId: string): Promise<WorkerRecord | null> {
    const [record] = await this.find(
      { awsRegion, awsInstanceId, releasedAt: null, status: { $ne: 'TERMINATED' } },
      { _id: 1 },
      1,
    );
    return record ?? null;
  }

  byStatus(status: readonly CMLWorkerStatus[]): Promise<WorkerRecord[]> {
    return this.find({ status: { $in: [...status] }, releasedAt: null }, { _id: 1 });
  }

  active(where: RegionChoice): Promise<WorkerRecord[]> {
    const region = 'in' in where ? { awsRegion: where.in } : outside(where.outside);
    return this.find({ ...region, ...ACTIVE }, { _id: 1 });
  }

  async activeCounts(): Promise<WorkerCount[]> {
    const rows = await answered(() =>
      this.model.aggregate<{ _id: Omit<WorkerCount, 'count'>; count: number }>([
        { $match: ACTIVE },
        { $group: { _id: { awsRegion: '$awsRegion', status: '$status' }, count: { $sum: 1 } } },
      ]),
    );
    return rows.map(({ _id, count }) => ({ ..._id, count }));
  }

  idleSince(before: Date, reach: Reach = FLEET): Promise<WorkerRecord[]> {
    return this.find({ $and: [idleFilter(before), ...within(reach)] }, IDLE_ORDER);
  }

  async idsWithin(reach: Reach): Promise<string[]> {
    const wanted = { $and: [{ releasedAt: null }, ...within(reach)] };
    const query = this.model.find(wanted, { _id: 1 }).lean<Pick<WorkerDocument, '_id'>[]>();
    return (await answered(async () => query)).map(({ _id }) => _id);
  }

  private async replaceOlder(document: WorkerDocument): Promise<boolean> {
    const filter = { _id: document._id, v: { $lt: document.v } };
    const { matchedCount } = await answered(() =>
      this.model.collection.replaceOne(filter as never, document),
    );
    return matchedCount > 0;
  }

  private async find(
    filter: Filter,
    sort: Record<string, SortOrder>,
    limit?: number,
  ): Promise<WorkerRecord[]> {
    const query = this.model.find(filter).sort(sort).lean<WorkerDocument[]>();
    const found = await answered(async () => (limit === undefined ? query : query.limit(limit)));
    return found.map(toRecord);
  }
}

/** Workers that are idle since before a time: what the index `idle` is for. */
export function idleFilter(before: Date): Filter {
  const lastActivityAt = { $ne: null, $lt: before };
  return { status: 'RUNNING', activeLabsCount: 0, lastActivityAt, releasedAt: null };
}

/** The one that is idle for the longest time first. */
export const IDLE_ORDER: Record<string, SortOrder> = { lastActivityAt: 1, _id: 1 };

function outside(regions: readonly string[]): Filter {
  return regions.length > 0 ? { awsRegion: { $nin: [...regions] } } : {};
}

function matching(filter: WorkerFilter): Filter {
  const { status, serviceStatus, licenseStatus, awsRegion, tags = [], q, includeTerminated } = filter;
  const conditions: Filter[] = [{ releasedAt: null }];
  if (status) conditions.push({ status: { $in: [...status] } });
  else if (!includeTerminated) conditions.push({ status: { $ne: 'TERMINATED' } });
  if (serviceStatus) conditions.push({ serviceStatus: { $in: [...serviceStatus] } });
  if (licenseStatus) conditions.push({ licenseStatus: { $in: [...licenseStatus] } });
  if (awsRegion) conditions.push({ awsRegion: { $in: [...awsRegion] } });
  for (const [key, value] of tags) conditions.push({ tags: { $elemMatch: { key, value } } });
  if (q) {
    const part = { $regex: q.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' };
    conditions.push({ $or: [{ name: part }, { awsInstanceId: part }] });
  }
  return { $and: conditions };
}

/** Workers after a position, in the order of the sort; unknown values stand first. */
function beyond(sort: WorkerSort, { value, id }: WorkerPagePosition): Filter {
  const field = SORT_FIELD[sort];
  const at = value !== null && sort !== 'name' ? new Date(value) : value;
  const next = SORT_ORDER[sort].descending ? '$lt' : '$gt';
  const sameValue = { [field]: at, _id: { [next]: id } } as Filter;
  const later = { [field]: at === null ? { $ne: null } : { [next]: at } } as Filter;
  return { $or: [sameValue, later] };
}
