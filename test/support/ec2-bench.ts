import { plus, SECOND } from '../../src/kernel/clocks';
import { REGION, type SimulatedFleet, START, startFleet } from '../../src/simulator/testing/simulated-fleet';
import { type LaunchSettings, type LaunchSpec, plainLaunch } from '../../src/workers';
import { type AwsClients } from '../../src/adapters/aws/aws-clients';
import { Ec2Compute } from '../../src/adapters/aws/ec2-compute';
import { awsClientsFor } from '../../src/adapters/aws/testing/aws-clients';

export const WORKER = '00000000-0000-4000-8000-0000000000aa';

/** The adapter, and the simulated EC2 that it talks to. */
export class Ec2Bench {
  private constructor(
    readonly fleet: SimulatedFleet,
    readonly clients: AwsClients,
    readonly compute: Ec2Compute,
  ) {}

  static async start(): Promise<Ec2Bench> {
    const fleet = await startFleet();
    const clients = awsClientsFor(fleet.awsEndpoint);
    const options = { installationId: 'inst-1', imageOwnerIds: [] };
    return new Ec2Bench(fleet, clients, new Ec2Compute(clients, fleet.machine, options));
  }

  async stop(): Promise<void> {
    this.clients.destroy();
    await this.fleet.stop();
  }

  aSpec(changes: Partial<LaunchSpec> = {}, launch: Partial<LaunchSettings> = {}): LaunchSpec {
    return {
      workerId: WORKER,
      attempt: 1,
      image: { amiId: this.fleet.world.cmlImage(REGION).id, amiName: null, rootDeviceName: '/dev/sda1' },
      placement: { instanceType: 'm5zn.metal', subnetId: null },
      launch: { ...plainLaunch('m5zn.metal'), ...launch },
      tags: { team: 'net', Name: 'lab-1' },
      ...changes,
    };
  }

  /** A deadline that a call has time enough for. */
  soon(): Date {
    return plus(this.fleet.machine.now(), 60 * SECOND);
  }

  /** Id of an instance that has come to run. */
  async launched(): Promise<string> {
    const request = this.compute.prepareLaunch(this.aSpec(), START);
    const { instanceId } = await this.compute.launch(REGION, request, this.soon());
    this.fleet.seconds(600);
    return instanceId;
  }

  callsOf(action: string): number {
    return this.fleet.world.calls.filter((call) => call.action === action).length;
  }
}
