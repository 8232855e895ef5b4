import {
  CML,
  READY_AFTER_SECONDS,
  type SimulatedFleet,
  startFleet,
} from '../../src/simulator/testing/simulated-fleet';
import { type CmlServer } from '../../src/telemetry';
import {
  cmlClients,
  type CmlClients,
  type CmlClientsOptions,
} from '../../src/adapters/cml/testing/cml-clients';

type FaultInput = Parameters<SimulatedFleet['world']['cmlFaults']['add']>[0];

/** One simulated CML server that is ready, behind TLS, and the clients for it. */
export class CmlBench {
  private constructor(
    readonly fleet: SimulatedFleet,
    readonly instance: string,
    readonly clients: CmlClients,
    readonly server: CmlServer,
  ) {}

  static async start(options: CmlClientsOptions = {}): Promise<CmlBench> {
    const fleet = await startFleet();
    const instance = await fleet.launch('lab-1');
    fleet.seconds(READY_AFTER_SECONDS);
    const clients = cmlClients({ proxy: fleet.cmlProxy, ...options }, fleet.machine, fleet.clock);
    const host = fleet.world.instance(instance).facts.at(fleet.clock.now())?.publicIp ?? '';
    const server = { workerId: 'w-1', host, pinnedCertificate: null, credentials: null };
    return new CmlBench(fleet, instance, clients, server);
  }

  async stop(): Promise<void> {
    await this.clients.close();
    await this.fleet.stop();
  }

  /** What the server itself knows. */
  get cml() {
    return this.fleet.world.server(this.instance);
  }

  fault(rule: FaultInput): void {
    this.fleet.world.cmlFaults.add(rule);
  }

  /** How often `GET /labs` was asked, say. */
  count(request: string): number {
    const [method = '', path = ''] = request.split(' ');
    return this.fleet.world.cmlLog.count(method, path, this.instance);
  }

  get logins(): number {
    return this.count('POST /auth_extended');
  }

  /** A lab of that person's, running. */
  startLab(owner: string, title: string) {
    const user = this.cml.userNamed(owner);
    const now = this.fleet.clock.now();
    const lab = this.cml.labOf(user, title, now);
    this.cml.startLab(lab, user, now);
    return lab;
  }
}

export const OWN_NAME = CML.username;
