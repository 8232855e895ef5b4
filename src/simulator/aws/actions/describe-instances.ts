import { AwsError } from '../aws-error';
import { type Ec2Instance } from '../model/ec2-instance';
import { STATE_CODES } from '../model/instance-state';
import { type Reading } from '../model/reading';
import { type FilterValues, filterOf, tagFilterValues } from '../wire/filters';
import { type Page, pageOf } from '../wire/pagination';
import { items, type Xml } from '../wire/xml';
import { type Ec2Action, type Ec2Call } from './ec2-action';
import { instanceXml, reservationXml } from './instance-xml';

export const describeInstances: Ec2Action = (call) => {
  const { reading } = call;
  const page = selectInstances(call, () => true);
  return {
    reservationSet: items(reservations(reading.listing(page.items)), (instances) => {
      const described = items(instances, (instance) => describe(instance, reading));
      return instances[0] && reservationXml(instances[0], described);
    }),
    nextToken: page.nextToken,
  };
};

/** What a call may be limited by besides what all listings of instances know. */
interface Limits {
  readonly maxIds?: number;
  readonly filters?: (instance: Ec2Instance, name: string, time: Date) => readonly string[] | null;
}

/** The instances that a call asks for, by ids or page by page. @throws AwsError */
export function selectInstances(
  { region, params, reading }: Ec2Call,
  isMeant: (instance: Ec2Instance) => boolean,
  { maxIds = Infinity, filters = () => null }: Limits = {},
): Page<Ec2Instance> {
  const ids = params.list('InstanceId');
  if (ids.length > 0 && params.get('MaxResults') !== null) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  if (ids.length > maxIds) {
    throw new AwsError('InvalidParameterValue', `At most ${maxIds} instance IDs can be given.`);
  }
  const filtered = filterOf(params, filterValues(reading, filters));
  const matches = (instance: Ec2Instance): boolean => isMeant(instance) && filtered(instance);
  if (ids.length > 0) return { items: reading.readable(ids).filter(matches), nextToken: undefined };
  return pageOf(params, region.instances, (instance) => reading.seen(instance) !== null && matches(instance));
}

function reservations(instances: readonly Ec2Instance[]): Iterable<Ec2Instance[]> {
  const byId = new Map<string, Ec2Instance[]>();
  for (const instance of instances) {
    const { reservationId } = instance.launch;
    const together = byId.get(reservationId);
    if (together) together.push(instance);
    else byId.set(reservationId, [instance]);
  }
  return byId.values();
}

function describe(instance: Ec2Instance, reading: Reading): Xml {
  const facts = reading.seen(instance);
  return facts ? instanceXml(instance, facts, reading.timeOf(instance)) : undefined;
}

/** The filters of DescribeInstances that are known here, on the state that a call sees. */
function filterValues(reading: Reading, more: NonNullable<Limits['filters']>): FilterValues<Ec2Instance> {
  return (instance, name) => {
    const time = reading.timeOf(instance);
    const { launch } = instance;
    const state = instance.facts.at(time)?.state;
    switch (name) {
      case 'instance-state-name':
        return state ? [state] : [];
      case 'instance-state-code':
        return state ? [String(STATE_CODES[state])] : [];
      case 'client-token':
        return [launch.clientToken];
      case 'instance-id':
        return [launch.id];
      case 'image-id':
        return [launch.image.id];
      case 'instance-type':
        return [instance.type.at(time) ?? []].flat();
      case 'instance-lifecycle':
        return instance.spot ? ['spot'] : [];
      case 'subnet-id':
        return [launch.subnetId];
      case 'availability-zone':
        return [launch.availabilityZone];
      default:
        return tagFilterValues(instance.tags.at(time), name) ?? more(instance, name, time);
    }
  };
}
