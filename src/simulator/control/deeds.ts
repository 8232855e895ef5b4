import { AwsConsole, type Territory } from '../aws/aws-console';
import { type Rights } from '../aws/access/rights';
import { type Throttle } from '../aws/access/throttle';
import { type Ec2Instance } from '../aws/model/ec2-instance';
import { type CmlHost } from '../cml/cml-host';
import { type CmlFaultPlan } from '../cml/faults/cml-fault-plan';
import { type FaultPlan } from '../faults/fault-plan';
import { type SmartLicensing } from '../licensing/smart-licensing';
import { compileWildcard } from '../wildcard';
import { performCmlAct } from './cml-act';
import { performAct } from './console-act';
import { type Deed } from './scenario';

/** The world, as far as scenarios reach. */
interface Stage extends Territory {
  readonly faults: FaultPlan;
  readonly cmlFaults: CmlFaultPlan;
  readonly smartLicensing: SmartLicensing;
  host(instanceId: string): CmlHost;
  readonly rights: Rights;
  readonly throttle: Throttle;
  instances(): readonly Ec2Instance[];
  nameOf(instance: Ec2Instance): string;
}

/** Does what a step of a scenario says, as of a time. @returns what came of it, for people */
export function performDeed(world: Stage, deed: Deed, at: Date): string {
  if ('fault' in deed) return `fault ${world.faults.add(deed.fault, at).id} holds`;
  if ('endFaults' in deed) {
    return `${world.faults.removeNamed(deed.endFaults)} faults ended`;
  }
  if ('cmlFault' in deed) return `CML fault ${world.cmlFaults.add(deed.cmlFault, at).id} holds`;
  if ('endCmlFaults' in deed) return `${world.cmlFaults.removeNamed(deed.endCmlFaults)} CML faults ended`;
  if ('deny' in deed) {
    world.rights.deny(deed.deny.action, deed.deny);
    return `${deed.deny.action} denied`;
  }
  if ('permit' in deed) {
    world.rights.permit(deed.permit);
    return `${deed.permit} permitted`;
  }
  if ('throttling' in deed) {
    world.throttle.enabled = deed.throttling;
    return `throttling ${deed.throttling ? 'on' : 'off'}`;
  }
  if ('outage' in deed) return `outage ${world.smartLicensing.outages.add(deed.outage, at).id} holds`;
  if ('endOutages' in deed) {
    return `${world.smartLicensing.outages.removeNamed(deed.endOutages)} outages ended`;
  }
  if ('licenseToken' in deed) {
    world.smartLicensing.addToken(deed.licenseToken);
    return 'a licence token is valid';
  }
  const matches = compileWildcard(deed.names);
  const meant = world
    .instances()
    .filter((instance) => matches(world.nameOf(instance)) && instance.stateAt(at) !== 'terminated');
  const console = new AwsConsole(world, at);
  const { act } = 'cml' in deed ? deed.cml : deed.console;
  const refusals = meant.flatMap(({ id }) => {
    try {
      if ('cml' in deed) performCmlAct(world.host(id), deed.cml, at);
      else performAct(console, id, deed.console, at);
      return [];
    } catch (error) {
      return [`${id}: ${String(error)}`];
    }
  });
  return [`${act} of ${meant.length - refusals.length} instances`, ...refusals].join('; ');
}
