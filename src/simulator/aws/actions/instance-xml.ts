import { type Ec2Instance, type InstanceFacts } from '../model/ec2-instance';
import { STATE_CODES, type InstanceState } from '../model/instance-state';
import { type Tags } from '../model/tags';
import { ROOT_DEVICE } from '../model/volumes';
import { items, type RawXml, rawXml, type Xml, type XmlElements } from '../wire/xml';

export function stateXml(state: InstanceState): Xml {
  return { code: STATE_CODES[state], name: state };
}

export function tagsXml(tags: Tags | null): Xml {
  return items(tags ?? [], ([key, value]) => ({ key, value }));
}

interface Written {
  readonly facts: InstanceFacts;
  readonly tags: Tags | null;
  readonly type: string | null;
  readonly xml: RawXml;
}

/** What was last written of an instance: sweep after sweep reads thousands that did not change. */
const written = new WeakMap<Ec2Instance, Written>();

/** An instance as DescribeInstances and RunInstances write it, as of a time. */
export function instanceXml(instance: Ec2Instance, facts: InstanceFacts, time: Date): RawXml {
  const tags = instance.tags.at(time);
  const type = instance.type.at(time);
  const last = written.get(instance);
  if (last && last.facts === facts && last.tags === tags && last.type === type) return last.xml;
  const xml = rawXml(write(instance, facts, tags, type));
  written.set(instance, { facts, tags, type, xml });
  return xml;
}

function write(
  instance: Ec2Instance,
  facts: InstanceFacts,
  tags: Tags | null,
  type: string | null,
): XmlElements {
  const { launch, spot } = instance;
  const gone = facts.state === 'terminated';
  return {
    instanceId: launch.id,
    imageId: launch.image.id,
    instanceState: stateXml(facts.state),
    privateDnsName: '',
    dnsName: '',
    reason: facts.reason?.message ?? '',
    keyName: launch.keyName ?? undefined,
    amiLaunchIndex: 0,
    instanceType: type ?? undefined,
    launchTime: facts.launchedAt.toISOString(),
    placement: { availabilityZone: launch.availabilityZone, groupName: '', tenancy: 'default' },
    monitoring: { state: 'disabled' },
    // EC2 takes the network away from a terminated instance.
    subnetId: gone ? undefined : launch.subnetId,
    vpcId: gone ? undefined : launch.vpcId,
    privateIpAddress: gone ? undefined : launch.privateIp,
    ipAddress: facts.publicIp ?? undefined,
    groupSet: items(launch.securityGroupIds, (groupId) => ({ groupId, groupName: groupId })),
    stateReason: facts.reason ? { ...facts.reason } : undefined,
    architecture: 'x86_64',
    rootDeviceType: 'ebs',
    rootDeviceName: ROOT_DEVICE,
    blockDeviceMapping: gone ? '' : volumesXml(instance),
    virtualizationType: 'hvm',
    instanceLifecycle: spot ? 'spot' : undefined,
    spotInstanceRequestId: spot?.id,
    clientToken: launch.clientToken,
    tagSet: tagsXml(tags),
    hypervisor: 'xen',
    iamInstanceProfile:
      launch.iamProfileArn === null ? undefined : { arn: launch.iamProfileArn, id: 'AIPASIMULATEDFLEETPROF' },
    ebsOptimized: true,
    metadataOptions: { state: 'applied', httpTokens: launch.httpTokens, httpEndpoint: 'enabled' },
  };
}

/** Instances of one launch, with what all of them share. */
export function reservationXml(first: Ec2Instance, instances: Xml): XmlElements {
  const { reservationId, ownerId } = first.launch;
  return { reservationId, ownerId, groupSet: '', instancesSet: instances };
}

function volumesXml({ volumes }: Ec2Instance): Xml {
  return items(volumes, ({ id, spec, createdAt }) => ({
    deviceName: spec.deviceName,
    ebs: {
      volumeId: id,
      status: 'attached',
      attachTime: createdAt.toISOString(),
      deleteOnTermination: spec.deleteOnTermination,
    },
  }));
}
