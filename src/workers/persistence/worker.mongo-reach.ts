import { type QueryFilter } from 'mongoose';
import { FLEET, type Reach, type Scope } from '../../kernel/reach';
import { type WorkerDocument } from './worker.schema';

type Filter = QueryFilter<WorkerDocument>;

/** What documents of workers within reach fulfil, as `covers` has it; all of what it answers must hold. */
export function within(reach: Reach): Filter[] {
  if (reach === FLEET) return [];
  const [only, ...others] = reach.map(inScope);
  if (!only) return [NOTHING];
  return others.length === 0 ? [only] : [{ $or: [only, ...others] }];
}

const NOTHING: Filter = { _id: { $in: [] } };

function inScope({ regions, tags, workerIds }: Scope): Filter {
  return {
    ...(regions && { awsRegion: { $in: [...regions] } }),
    ...(workerIds && { _id: { $in: [...workerIds] } }),
    ...(tags && withAnyOf(tags)),
  };
}

/** An `$or` of nothing is refused by MongoDB. */
function withAnyOf(tags: NonNullable<Scope['tags']>): Filter {
  const pairs = tags.map(({ key, value }) => ({ tags: { $elemMatch: { key, value } } }));
  return pairs.length === 0 ? NOTHING : { $or: pairs };
}
