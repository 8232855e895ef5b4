import {
  type Ec2Instance,
  type InstanceFacts,
  STATE_CODES,
  type InstanceState,
  type Tags,
} from '../model/ec2-instance';
import { items, type Xml, type XmlElements } from '../wire/xml';

export function stateXml(state: InstanceState): Xml {
  return { code: STATE_CODES[state], name: state };
}

function tagsXml(tags: Tags): Xml {
  return items(tags, ([key, value]) => ({ key, value }));
}

/** An instance as DescribeInstances and RunInstances write it, as of a time. */
export function instanceXml(instance: Ec2Instance, facts: InstanceFacts, time: Date): Xml {
  const { launch } = instance;
  const tags = instance.tags.at(time) ?? new Map();
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
    instanceType: instance.type.at(time) ?? undefined,
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
    rootDeviceName: '/dev/sda1',
    blockDeviceMapping: gone ? '' : { item: [rootVolumeXml(instance)] },
    virtualizationType: 'hvm',
    clientToken: launch.clientToken,
    tagSet: tagsXml(tags),
    hypervisor: 'xen',
    ebsOptimized: true,
    metadataOptions: { state: 'applied', httpTokens: launch.httpTokens, httpEndpoint: 'enabled' },
  };
}

/** Instances of one launch, with what all of them share. */
export function reservationXml(first: Ec2Instance, instances: Xml): XmlElements {
  const { reservationId, ownerId } = first.launch;
  return { reservationId, ownerId, groupSet: '', instancesSet: instances };
}

function rootVolumeXml({ launch, facts }: Ec2Instance): Xml {
  const attachTime = facts.until(new Date(8.64e15))[0]?.at.toISOString();
  return {
    deviceName: '/dev/sda1',
    ebs: { volumeId: launch.volumeId, status: 'attached', attachTime, deleteOnTermination: true },
  };
}
