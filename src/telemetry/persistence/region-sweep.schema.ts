import { Schema } from 'mongoose';
import { readModelOptions } from '../../event-store';
import { type RegionSweep } from '../domain/region-sweep';

export const REGION_SWEEP_MODEL = 'RegionSweep';

export interface RegionSweepDocument extends Omit<RegionSweep, 'region'> {
  /** the region */
  readonly _id: string;
}

export const regionSweepSchema = new Schema<RegionSweepDocument>(
  {
    _id: { type: String, required: true },
    sweep: { type: Schema.Types.Mixed },
    sweptAt: { type: Date, default: null },
    lastError: { type: Schema.Types.Mixed, default: null },
    healthError: { type: Schema.Types.Mixed, default: null },
    accountId: { type: String, default: null },
    size: { type: Number, default: null },
    shrunk: { type: Schema.Types.Mixed, default: null },
    // absent in documents of versions without leases per region: any fence replaces them
    owner: { type: String },
    fence: { type: Number },
  },
  readModelOptions('region_sweeps'),
);
