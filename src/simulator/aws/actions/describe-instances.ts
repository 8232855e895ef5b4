import { AwsError } from '../aws-error';
import { type Ec2Action } from './ec2-action';
import { type Ec2Instance, STATE_CODES } from '../model/ec2-instance';
import { type FilterValues, filterOf } from '../wire/filters';
import { instanceXml, reservationXml, stateXml } from './instance-xml';
import { type Page, pageOf } from '../wire/pagination';
import { type QueryParams } from '../wire/query-params';
import { type Region } from '../model/region';
import { items, type Xml } from '../wire/xml';

const INITIALIZING_MS = 120_000;

export const describeInstances: Ec2Action = ({ region, params }) => {
  const page = select(region, params, filterOf(params, filterValues(region.readTime)));
  return {
    reservationSet: items(reservations(page.items), (instances) => {
      const described = items(instances, (instance) => describe(instance, region.readTime));
      return instances[0] && reservationXml(instances[0], described);
    }),
    nextToken: page.nextToken,
  };
};

/** Running instances only, unless the call wants all of them. */
export const describeInstanceStatus: Ec2Action = ({ region, params }) => {
  const time = region.readTime;
  const matches = filterOf(params, filterValues(time));
  const all = params.flag('IncludeAllInstances');
  const page = select(
    region,
    params,
    (instance) => (all || instance.facts.at(time)?.state === 'running') && matches(instance),
  );
  return {
    instanceStatusSet: items(page.items, (instance) => statusXml(instance, time)),
    nextToken: page.nextToken,
  };
};

function select(
  region: Region,
  params: QueryParams,
  matches: (instance: Ec2Instance) => boolean,
): Page<Ec2Instance> {
  const ids = params.list('InstanceId');
  if (ids.length > 0 && params.get('MaxResults') !== null) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  if (ids.length > 0) return { items: region.readable(ids).filter(matches), nextToken: undefined };
  const time = region.readTime;
  return pageOf(params, region.instances, (instance) => instance.seenAt(time) !== null && matches(instance));
}

function reservations(instances: readonly Ec2Instance[]): Ec2Instance[][] {
  const byId = new Map<string, Ec2Instance[]>();
  for (const instance of instances) {
    const { reservationId } = instance.launch;
    byId.set(reservationId, [...(byId.get(reservationId) ?? []), instance]);
  }
  return [...byId.values()];
}

function describe(instance: Ec2Instance, time: Date): Xml {
  const facts = instance.seenAt(time);
  return facts ? instanceXml(instance, facts, time) : undefined;
}

function statusXml(instance: Ec2Instance, time: Date): Xml {
  const step = instance.facts.until(time).at(-1);
  const state = step?.value.state ?? 'terminated';
  const young = step !== undefined && time.getTime() - step.at.getTime() < INITIALIZING_MS;
  const status = state !== 'running' ? 'not-applicable' : young ? 'initializing' : 'ok';
  return {
    instanceId: instance.id,
    availabilityZone: instance.launch.availabilityZone,
    instanceState: stateXml(state),
    systemStatus: { status },
    instanceStatus: { status },
    eventsSet: '',
  };
}

/** The filters of DescribeInstances that are known here, on the state of a time. */
function filterValues(time: Date): FilterValues<Ec2Instance> {
  return (instance, name) => {
    const { launch } = instance;
    const tags = instance.tags.at(time) ?? new Map<string, string>();
    const state = instance.facts.at(time)?.state;
    if (name.startsWith('tag:')) return [tags.get(name.slice('tag:'.length)) ?? []].flat();
    switch (name) {
      case 'tag-key':
        return [...tags.keys()];
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
      default:
        return null;
    }
  };
}
