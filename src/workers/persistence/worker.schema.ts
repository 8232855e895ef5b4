import { Schema } from 'mongoose';
import { readModelOptions } from '../../event-store';
import { type WorkerRecord } from '../domain/ports';
import { completeEarlier } from './worker.earlier-documents';

export const WORKER_MODEL = 'Worker';
export const WORKER_COLLECTION = 'workers';

interface TagPair {
  readonly key: string;
  readonly value: string;
}

/** One worker as it is stored for lists: the state, flat; tags as pairs, since a tag's key may hold a dot. */
export interface WorkerDocument extends Omit<WorkerRecord, 'id' | 'tags' | 'appliedTags'> {
  readonly _id: string;
  /** version of the stream that the record was made of */
  readonly v: number;
  readonly nameFolded: string;
  readonly tags: readonly TagPair[];
  readonly appliedTags: readonly TagPair[] | null;
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
    market: text,
    appliedTags: part,
    idlePolicyId: text,
    driftPolicy: text,
    desired: part,
    convergedAt: time,
    launchAttempt: number,
    nextPlacement: number,
    launchRequest: part,
    statusReason: part,
    status: { type: String, required: true },
    statusAt: { type: Date, required: true },
    overdue: part,
    checks: part,
    scheduledEvents: { type: [Schema.Types.Mixed], default: [] },
    interruption: part,
    answered: part,
    serviceStatus: { type: String, required: true },
    serviceReason: part,
    certificateMayChange: { type: Boolean, required: true },
    runningSince: time,
    cmlVersion: text,
    licenseStatus: { type: String, required: true },
    licenseToken: part,
    httpsEndpoint: text,
    certificate: part,
    cmlCredentials: part,
    publicIp: text,
    privateIp: text,
    lastActivityAt: time,
    lastActivitySource: text,
    lastActivityKind: text,
    activeLabsCount: number,
    cpuUtilization: number,
    memoryUtilization: number,
    snooze: part,
    protection: part,
    plannedStop: part,
    fence: part,
    lastUse: part,
    terminationPrepared: part,
    stopPrepared: part,
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
workerSchema.index({ awsRegion: 1, releasedAt: 1, terminatedAt: 1, _id: 1 }, { name: 'active-by-region' });

workerSchema.index({ 'tags.key': 1, 'tags.value': 1 }, { name: 'by-tag' });

export function toDocument(record: WorkerRecord, version: number): WorkerDocument {
  const { id, tags, appliedTags, ...rest } = record;
  return {
    ...rest,
    _id: id,
    v: version,
    nameFolded: record.name.toLowerCase(),
    tags: pairsOf(tags),
    appliedTags: appliedTags && pairsOf(appliedTags),
  };
}

/** Makes the record of the document itself, which is nobody else's: a copy of so many members costs more than its reading. */
export function toRecord(document: WorkerDocument): WorkerRecord {
  completeEarlier(document);
  const { _id, tags, appliedTags } = document;
  const own = document as Partial<WorkerDocument>;
  const tagged = { id: _id, tags: tagsOf(tags), appliedTags: appliedTags && tagsOf(appliedTags) };
  const record = Object.assign(own as Omit<WorkerDocument, 'tags' | 'appliedTags'>, tagged);
  for (const field of ['_id', 'v', 'nameFolded'] as const) delete own[field];
  return record;
}

function pairsOf(tags: Readonly<Record<string, string>>): TagPair[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

function tagsOf(pairs: readonly TagPair[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
