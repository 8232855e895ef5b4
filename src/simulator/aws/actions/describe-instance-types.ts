import { AwsError } from '../aws-error';
import { filterOf } from '../wire/filters';
import { pageOf } from '../wire/pagination';
import { items } from '../wire/xml';
import { type Ec2Action } from './ec2-action';

interface InstanceType {
  readonly name: string;
  readonly vCpus: number;
  readonly memoryGiB: number;
}

/** A choice of the types that run CML. */
const TYPES: readonly InstanceType[] = [
  { name: 'c5.2xlarge', vCpus: 8, memoryGiB: 16 },
  { name: 'c5.metal', vCpus: 96, memoryGiB: 192 },
  { name: 'c6i.2xlarge', vCpus: 8, memoryGiB: 16 },
  { name: 'c6i.metal', vCpus: 128, memoryGiB: 256 },
  { name: 'c8i.2xlarge', vCpus: 8, memoryGiB: 16 },
  { name: 'm5.metal', vCpus: 96, memoryGiB: 384 },
  { name: 'm5zn.metal', vCpus: 48, memoryGiB: 192 },
  { name: 'm6i.2xlarge', vCpus: 8, memoryGiB: 32 },
  { name: 'm6i.metal', vCpus: 128, memoryGiB: 512 },
  { name: 'm8i.2xlarge', vCpus: 8, memoryGiB: 32 },
  { name: 'm8i.4xlarge', vCpus: 16, memoryGiB: 64 },
];

export const describeInstanceTypes: Ec2Action = ({ params }) => {
  const names = params.list('InstanceType');
  const missing = names.filter((name) => !TYPES.some((type) => type.name === name));
  if (missing.length > 0) {
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${missing.join(', ')}]`,
    );
  }
  const matches = filterOf<InstanceType>(params, ({ name }, filter) => {
    if (filter === 'instance-type') return [name];
    return filter === 'bare-metal' ? [String(name.endsWith('.metal'))] : null;
  });
  const page = pageOf(
    params,
    TYPES,
    (type) => (names.length === 0 || names.includes(type.name)) && matches(type),
    { max: 100, usual: 100 },
  );
  return {
    instanceTypeSet: items(page.items, ({ name, vCpus, memoryGiB }) => ({
      instanceType: name,
      currentGeneration: true,
      bareMetal: name.endsWith('.metal'),
      vCpuInfo: { defaultVCpus: vCpus },
      memoryInfo: { sizeInMiB: memoryGiB * 1024 },
      processorInfo: { supportedArchitectures: { item: ['x86_64'] } },
      supportedUsageClasses: { item: ['on-demand', 'spot'] },
    })),
    nextToken: page.nextToken,
  };
};
