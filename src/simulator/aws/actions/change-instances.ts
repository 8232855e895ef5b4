import { AwsError } from '../aws-error';
import { type Ec2Action, type Ec2Call } from './ec2-action';
import { type Ec2Instance, type InstanceState } from '../model/ec2-instance';
import { stateXml } from './instance-xml';
import { tagsOf } from './run-instances';
import { items } from '../wire/xml';

export const startInstances: Ec2Action = changing(({ region, strike }, instances) => {
  region.change('start', instances);
  if (strike.bootFails === null) return;
  for (const instance of instances) instance.failBoot(strike.bootFails, region.now);
});

export const stopInstances: Ec2Action = changing(({ region, params }, instances) => {
  region.change('stop', instances, params.flag('Force'));
});

export const terminateInstances: Ec2Action = changing(({ region }, instances) => {
  region.terminate(instances);
});

/** Adds and overwrites tags of instances; other resources are not kept here. */
export const createTags: Ec2Action = ({ region, params, reading }) => {
  const tags = tagsOf(params.structures('Tag'));
  for (const instance of reading.existing(params.list('ResourceId'))) {
    instance.tags.set(region.now, new Map([...(instance.tags.at(region.now) ?? []), ...tags]));
  }
  return { return: true };
};

/** Of the many attributes only the instance type. */
export const modifyInstanceAttribute: Ec2Action = ({ region, params, reading }) => {
  const [instance] = reading.existing([params.get('InstanceId') ?? '']);
  const type = params.get('InstanceType.Value');
  if (type === null) throw new AwsError('MissingParameter', 'No attribute to modify was given.');
  instance?.changeType(type, region.now);
  return { return: true };
};

/** The answer of the three shows the new state at once, without the lag of reads. */
function changing(change: (call: Ec2Call, instances: readonly Ec2Instance[]) => void): Ec2Action {
  return (call) => {
    const { region, params, reading } = call;
    const ids = params.list('InstanceId');
    if (ids.length === 0) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId');
    }
    const instances = reading.existing(ids);
    const stateOf = (instance: Ec2Instance): InstanceState =>
      instance.facts.at(region.now)?.state ?? 'terminated';
    const before = new Map(instances.map((instance) => [instance.id, stateOf(instance)]));
    change(call, instances);
    return {
      instancesSet: items(instances, (instance) => ({
        instanceId: instance.id,
        currentState: stateXml(stateOf(instance)),
        previousState: stateXml(before.get(instance.id) ?? stateOf(instance)),
      })),
    };
  };
}
