import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { type Model } from 'mongoose';
import { answered } from '../../event-store';
import { RegionSweepStore } from '../domain/ports';
import { type RegionSweep } from '../domain/region-sweep';
import { putUnlessNewer } from './put-unless-newer';
import { REGION_SWEEP_MODEL, type RegionSweepDocument } from './region-sweep.schema';

/** What documents of earlier versions do not have. */
const OF_EARLIER_VERSIONS = { sweep: null, healthError: null, size: null, shrunk: null };

/** The collection `region_sweeps`: one document per region. */
@Injectable()
export class MongoRegionSweepStore extends RegionSweepStore {
  constructor(@InjectModel(REGION_SWEEP_MODEL) private readonly model: Model<RegionSweepDocument>) {
    super();
  }

  save({ region, ...rest }: RegionSweep): Promise<void> {
    return putUnlessNewer(this.model, 'fence', [{ _id: region, ...rest }]);
  }

  async all(): Promise<ReadonlyMap<string, RegionSweep>> {
    const found = await answered(async () => this.model.find().lean<RegionSweepDocument[]>());
    return new Map(found.map(({ _id, ...rest }) => [_id, { region: _id, ...OF_EARLIER_VERSIONS, ...rest }]));
  }
}
