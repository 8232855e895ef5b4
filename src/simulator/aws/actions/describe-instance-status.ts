import { type Ec2Instance } from '../model/ec2-instance';
import { type ScheduledEvent } from '../model/instance-health';
import { items, type Xml } from '../wire/xml';
import { selectInstances } from './describe-instances';
import { type Ec2Action } from './ec2-action';
import { stateXml } from './instance-xml';

const INITIALIZING_MS = 120_000;
const MAX_IDS = 100;

/** Running instances only, unless the call wants all of them. */
export const describeInstanceStatus: Ec2Action = (call) => {
  const { reading, params } = call;
  const all = params.flag('IncludeAllInstances');
  const page = selectInstances(
    call,
    (instance) => all || instance.stateAt(reading.timeOf(instance)) === 'running',
    { maxIds: MAX_IDS, filters: statusFilterValues },
  );
  return {
    instanceStatusSet: items(reading.listing(page.items), (instance) =>
      statusXml(instance, reading.timeOf(instance)),
    ),
    nextToken: page.nextToken,
  };
};

interface Checks {
  readonly system: string;
  readonly instance: string;
}

function checksOf(instance: Ec2Instance, time: Date): Checks {
  const step = instance.facts.stepAt(time);
  if (step?.value.state !== 'running') return { system: 'not-applicable', instance: 'not-applicable' };
  const young = time.getTime() - step.at.getTime() < INITIALIZING_MS;
  const impairment = instance.health.impairmentAt(time);
  const status = (impaired: boolean): string => (impaired ? 'impaired' : young ? 'initializing' : 'ok');
  return { system: status(impairment.system), instance: status(impairment.instance) };
}

function statusXml(instance: Ec2Instance, time: Date): Xml {
  const { system, instance: own } = checksOf(instance, time);
  const since = instance.health.impairmentAt(time).since?.toISOString();
  return {
    instanceId: instance.id,
    availabilityZone: instance.launch.availabilityZone,
    instanceState: stateXml(instance.stateAt(time)),
    systemStatus: checkXml(system, since),
    instanceStatus: checkXml(own, since),
    eventsSet: items(instance.health.eventsAt(time), (event) => eventXml(event, time)),
  };
}

function checkXml(status: string, since: string | undefined): Xml {
  const RESULTS: Readonly<Record<string, string | undefined>> = {
    ok: 'passed',
    impaired: 'failed',
    initializing: 'initializing',
  };
  const result = RESULTS[status];
  if (!result) return { status };
  const impairedSince = status === 'impaired' ? since : undefined;
  return { status, details: { item: [{ name: 'reachability', status: result, impairedSince }] } };
}

/** What is over is shown for a while as such. */
function eventXml({ id, code, description, notBefore, notAfter }: ScheduledEvent, time: Date): Xml {
  const over = (notAfter ?? notBefore) <= time;
  return {
    instanceEventId: id,
    code,
    description: over ? `[Completed] ${description}` : description,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter?.toISOString(),
  };
}

function statusFilterValues(instance: Ec2Instance, name: string, time: Date): readonly string[] | null {
  const { system, instance: own } = checksOf(instance, time);
  if (name === 'system-status.status') return [system];
  if (name === 'instance-status.status') return [own];
  if (name === 'event.code') return instance.health.eventsAt(time).map(({ code }) => code);
  return null;
}
