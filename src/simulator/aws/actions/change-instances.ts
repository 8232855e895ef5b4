import { AwsError } from '../aws-error';
import { type Ec2Instance } from '../model/ec2-instance';
import { items } from '../wire/xml';
import { type Ec2Action, type Ec2Call } from './ec2-action';
import { stateXml } from './instance-xml';

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

/** One of: the instance type, stop and termination protection. @throws AwsError */
export const modifyInstanceAttribute: Ec2Action = ({ region, params, reading }) => {
  const [instance] = reading.existing([params.get('InstanceId') ?? '']);
  const given = ['InstanceType', 'DisableApiStop', 'DisableApiTermination'].flatMap((attribute) => {
    const value = params.get(`${attribute}.Value`);
    return value === null ? [] : [[attribute, value] as const];
  });
  const [first, second] = given;
  if (!first) throw new AwsError('MissingParameter', 'No attribute to modify was given.');
  if (second) {
    throw new AwsError('InvalidParameterCombination', 'Fields for multiple attribute types specified');
  }
  const [attribute, value] = first;
  if (attribute === 'InstanceType') instance?.changeType(value, region.now);
  else if (instance?.stateAt(region.now) === 'terminated') {
    throw new AwsError('IncorrectInstanceState', `The instance '${instance.id}' is terminated.`);
  } else if (instance) {
    instance.protection[attribute === 'DisableApiStop' ? 'stop' : 'termination'] = value === 'true';
  }
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
    const before = new Map(instances.map((instance) => [instance.id, instance.stateAt(region.now)]));
    change(call, instances);
    return {
      instancesSet: items(instances, (instance) => {
        const state = instance.stateAt(region.now);
        return {
          instanceId: instance.id,
          currentState: stateXml(state),
          previousState: stateXml(before.get(instance.id) ?? state),
        };
      }),
    };
  };
}
