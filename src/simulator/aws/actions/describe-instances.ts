import { AwsError } from '../aws-error';
import { type Ec2Instance, STATE_CODES } from '../model/ec2-instance';
import { type Reading } from '../model/reading';
import { type FilterValues, filterOf } from '../wire/filters';
import { type Page, pageOf } from '../wire/pagination';
import { items, type Xml } from '../wire/xml';
import { type Ec2Action, type Ec2Call } from './ec2-action';
import { instanceXml, reservationXml, stateXml } from './instance-xml';

const INITIALIZING_MS = 120_000;

export const describeInstances: Ec2Action = (call) => {
  const { reading } = call;
  const page = select(call, filterOf(call.params, filterValues(reading)));
  return {
    reservationSet: items(reservations(reading.listing(page.items)), (instances) => {
      const described = items(instances, (instance) => describe(instance, reading));
      return instances[0] && reservationXml(instances[0], described);
    }),
    nextToken: page.nextToken,
  };
};

/** Running instances only, unless the call wants all of them. */
export const describeInstanceStatus: Ec2Action = (call) => {
  const { reading, params } = call;
  const matches = filterOf(params, filterValues(reading));
  const all = params.flag('IncludeAllInstances');
  const page = select(
    call,
    (instance) =>
      (all || instance.facts.at(reading.timeOf(instance))?.state === 'running') && matches(instance),
  );
  return {
    instanceStatusSet: items(reading.listing(page.items), (instance) =>
      statusXml(instance, reading.timeOf(instance)),
    ),
    nextToken: page.nextToken,
  };
};

function select(
  { region, params, reading }: Ec2Call,
  matches: (instance: Ec2Instance) => boolean,
): Page<Ec2Instance> {
  const ids = params.list('InstanceId');
  if (ids.length > 0 && params.get('MaxResults') !== null) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
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

function statusXml(instance: Ec2Instance, time: Date): Xml {
  const step = instance.facts.stepAt(time);
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

/** The filters of DescribeInstances that are known here, on the state that a call sees. */
function filterValues(reading: Reading): FilterValues<Ec2Instance> {
  return (instance, name) => {
    const time = reading.timeOf(instance);
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
      case 'subnet-id':
        return [launch.subnetId];
      case 'availability-zone':
        return [launch.availabilityZone];
      default:
        return null;
    }
  };
}
