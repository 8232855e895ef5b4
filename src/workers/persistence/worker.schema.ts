import { Schema } from 'mongoose';
import { readModelOptions } from '../../event-store';
import { type WorkerRecord } from '../domain/ports';

export const WORKER_MODEL = 'Worker';
export const WORKER_COLLECTION = 'workers';

/** One worker as it is stored for lists: the state, flat; tags as pairs, since a tag's key may hold a dot. */
export interface WorkerDocument extends Omit<WorkerRecord, 'id' | 'tags'> {
  readonly _id: string;
  /** version of the stream that the record was made of */
  readonly v: number;
  readonly nameFolded: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

const text = { type: String, default: null };
const time = { type: Date, default: null };
const number = { type: Number, default: null };
const part = { type: Schema.Types.Mixed, default: null };

export const workerSchema = new Schema<WorkerDocument>(
  {
    _id: { type: String, required: true },
    v: { type: Number, required: true },
    name: { type: String, required: true },
    nameFolded: { type: String, required: true },
    awsAccountId: text,
    awsRegion: { type: String, required: true },
    awsInstanceId: text,
    instanceType: { type: String, required: true },
    appliedInstanceType: { type: String, required: true },
    amiId: text,
    amiName: text,
    launch: part,
    tags: { type: [{ _id: false, key: String, value: String }], default: [] },
    idlePolicyId: text,
    desired: part,
    convergedAt: time,
    launchAttempt: number,
    launchRequest: part,
    statusReason: part,
    status: { type: String, required: true },
    answered: part,
    serviceStatus: { type: String, required: true },
    runningSince: time,
    cmlVersion: text,
    licenseStatus: { type: String, required: true },
    licenseToken: part,
    httpsEndpoint: text,
    certificate: part,
    publicIp: text,
    privateIp: text,
    lastActivityAt: time,
    activeLabsCount: number,
    cpuUtilization: number,
    memoryUtilization: number,
    snooze: part,
    protection: part,
    plannedStop: part,
    revision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    createdBy: { type: String, required: true },
    terminatedAt: time,
    terminatedBy: text,
    releasedAt: time,
  },
  readModelOptions(WORKER_COLLECTION),
);

workerSchema.index(
  { status: 1, activeLabsCount: 1, lastActivityAt: 1, _id: 1 },
  { name: 'idle', partialFilterExpression: { status: 'RUNNING', activeLabsCount: 0 } },
);
workerSchema.index({ createdAt: -1, _id: -1 }, { name: 'newest' });
workerSchema.index({ nameFolded: 1, _id: 1 }, { name: 'by-name' });
workerSchema.index({ lastActivityAt: 1, _id: 1 }, { name: 'by-activity' });
workerSchema.index({ awsRegion: 1, awsInstanceId: 1 }, { name: 'by-instance' });

export function toDocument(record: WorkerRecord, version: number): WorkerDocument {
  const { id, tags, ...rest } = record;
  return {
    ...rest,
    _id: id,
    v: version,
    nameFolded: record.name.toLowerCase(),
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  };
}

export function toRecord(document: WorkerDocument): WorkerRecord {
  const { _id, v: _v, nameFolded: _nameFolded, tags, ...rest } = document;
  return { ...rest, id: _id, tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) };
}
