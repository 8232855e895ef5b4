import { type Timeline } from '../../timeline';
import { AwsError } from '../aws-error';
import { type Tags, withoutTags, withTags } from '../model/tags';
import { type Ec2Action, type Ec2Call } from './ec2-action';
import { tagsOf } from './run-instances';

const MAX_RESOURCES = 1000;

/** Adds and overwrites tags of instances, volumes, addresses and Spot requests: of all that are named, or of none. */
export const createTags: Ec2Action = (call) => {
  const { now } = call.region;
  const added = tagsOf(call.params.structures('Tag'));
  const changes = resources(call).map((tags) => [tags, withTags(tags.at(now), added)] as const);
  for (const [tags, after] of changes) tags.set(now, after);
  return { return: true };
};

/** Takes tags away; one that is not there is no error. */
export const deleteTags: Ec2Action = (call) => {
  const { now } = call.region;
  const removed = call.params
    .structures('Tag')
    .map((tag): [string, string | null] => [tag.get('Key') ?? '', tag.get('Value')]);
  for (const tags of resources(call)) tags.set(now, withoutTags(tags.at(now), removed));
  return { return: true };
};

/** @throws AwsError <kind>.NotFound */
function resources(call: Ec2Call): readonly Timeline<Tags>[] {
  const ids = call.params.list('ResourceId');
  if (ids.length === 0) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet');
  }
  if (ids.length > MAX_RESOURCES) {
    throw new AwsError('InvalidParameterValue', `At most ${MAX_RESOURCES} resources can be tagged at once.`);
  }
  return ids.map((id) => tagsOfResource(id, call));
}

function tagsOfResource(id: string, { region, reading }: Ec2Call): Timeline<Tags> {
  const { now } = region;
  const volume = region.volumes.get(id);
  if (volume?.stateAt(now)) return volume.tags;
  const address = region.addresses.get(id);
  if (address?.existsAt(now)) return address.tags;
  const request = region.spotRequests.get(id);
  if (request) return request.tags;
  const kind = /^(vol|eipalloc|sir)-/.exec(id)?.[1];
  if (kind === 'vol') throw new AwsError('InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
  if (kind === 'eipalloc') {
    throw new AwsError('InvalidAllocationID.NotFound', `The allocation ID '${id}' does not exist`);
  }
  if (kind === 'sir') {
    throw new AwsError('InvalidSpotInstanceRequestID.NotFound', `The request ID '${id}' does not exist`);
  }
  const [instance] = reading.existing([id]);
  if (!instance) throw new AwsError('InternalError', 'No such instance.', 500);
  return instance.tags;
}
