import { Injectable } from '@nestjs/common';
import { covers, FLEET, type Reach } from '../../kernel/reach';
import {
  EVERYWHERE,
  type RegionChoice,
  type WorkerCount,
  type WorkerFilter,
  type WorkerPagePosition,
  type WorkerPageRequest,
  WorkerReadModel,
  type WorkerRecord,
  type WorkerSort,
} from '../domain/ports';
import { positionOf, SORT_ORDER } from '../domain/worker-page';
import { type CMLWorkerStatus } from '../domain/worker-status';

/** The read model of a process that keeps nothing: for the demo and for tests. */
@Injectable()
export class MemoryWorkerReadModel extends WorkerReadModel {
  private readonly records = new Map<string, { record: WorkerRecord; version: number }>();

  put(record: WorkerRecord, version: number): Promise<void> {
    const known = this.records.get(record.id)?.version ?? 0;
    if (version > known) this.records.set(record.id, { record, version });
    return Promise.resolve();
  }

  page({ filter, sort, limit, after, reach = FLEET }: WorkerPageRequest): Promise<WorkerRecord[]> {
    const sorted = this.managed((record) => matches(record, filter) && covers(reach, record)).sort((a, b) =>
      compare(positionOf(a, sort), positionOf(b, sort), sort),
    );
    const rest = after
      ? sorted.filter((record) => compare(positionOf(record, sort), after, sort) > 0)
      : sorted;
    return Promise.resolve(rest.slice(0, limit));
  }

  byInstance(awsRegion: string, awsInstanceId: string): Promise<WorkerRecord | null> {
    const [record] = this.managed(
      (record) =>
        record.awsRegion === awsRegion &&
        record.awsInstanceId === awsInstanceId &&
        record.status !== 'TERMINATED',
    );
    return Promise.resolve(record ?? null);
  }

  byStatus(status: readonly CMLWorkerStatus[]): Promise<WorkerRecord[]> {
    return Promise.resolve(this.managed((record) => status.includes(record.status)));
  }

  active(where: RegionChoice): Promise<WorkerRecord[]> {
    const wanted = ({ awsRegion }: WorkerRecord) =>
      'in' in where ? awsRegion === where.in : !where.outside.includes(awsRegion);
    const active = this.managed((record) => record.status !== 'TERMINATED' && wanted(record));
    return Promise.resolve(active.sort((a, b) => compareValues(a.id, b.id)));
  }

  async activeCounts(): Promise<WorkerCount[]> {
    const counts = new Map<string, WorkerCount>();
    for (const { awsRegion, status } of await this.active(EVERYWHERE)) {
      const key = `${awsRegion}/${status}`;
      counts.set(key, { awsRegion, status, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    return [...counts.values()];
  }

  idleSince(before: Date, reach: Reach = FLEET): Promise<WorkerRecord[]> {
    const idle = this.managed((record) => {
      const { status, activeLabsCount, lastActivityAt } = record;
      const unused = activeLabsCount === 0 && lastActivityAt !== null && lastActivityAt < before;
      return status === 'RUNNING' && unused && covers(reach, record);
    });
    return Promise.resolve(
      idle.sort((a, b) =>
        compare(positionOf(a, 'lastActivityAt'), positionOf(b, 'lastActivityAt'), 'lastActivityAt'),
      ),
    );
  }

  idsWithin(reach: Reach): Promise<string[]> {
    return Promise.resolve(this.managed((record) => covers(reach, record)).map(({ id }) => id));
  }

  private managed(wanted: (record: WorkerRecord) => boolean): WorkerRecord[] {
    return [...this.records.values()]
      .map(({ record }) => record)
      .filter((record) => record.releasedAt === null && wanted(record));
  }
}

function matches(record: WorkerRecord, filter: WorkerFilter): boolean {
  const { status, serviceStatus, licenseStatus, awsRegion, tags = [], q, includeTerminated } = filter;
  const part = q?.toLowerCase();
  return (
    (status ? status.includes(record.status) : includeTerminated || record.status !== 'TERMINATED') &&
    (!serviceStatus || serviceStatus.includes(record.serviceStatus)) &&
    (!licenseStatus || licenseStatus.includes(record.licenseStatus)) &&
    (!awsRegion || awsRegion.includes(record.awsRegion)) &&
    tags.every(([key, value]) => record.tags[key] === value) &&
    (!part || [record.name, record.awsInstanceId].some((text) => text?.toLowerCase().includes(part)))
  );
}

function compare(a: WorkerPagePosition, b: WorkerPagePosition, sort: WorkerSort): number {
  const order = compareValues(a.value, b.value) || compareValues(a.id, b.id);
  return SORT_ORDER[sort].descending ? -order : order;
}

function compareValues(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
