import { Schema } from 'mongoose';
import { type RegionSweep } from '../domain/region-sweep';

export const REGION_SWEEP_MODEL = 'RegionSweep';

export interface RegionSweepDocument extends Omit<RegionSweep, 'region'> {
  /** the region */
  readonly _id: string;
}

export const regionSweepSchema = new Schema<RegionSweepDocument>(
  {
    _id: { type: String, required: true },
    sweptAt: { type: Date, default: null },
    lastError: { type: Schema.Types.Mixed, default: null },
    accountId: { type: String, default: null },
  },
  {
    collection: 'region_sweeps',
    versionKey: false,
    strict: 'throw',
    strictQuery: 'throw',
    minimize: false,
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
  },
);
