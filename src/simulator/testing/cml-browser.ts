import { fetch, ProxyAgent, type RequestInit, type Response } from 'undici';
import { type SimulatedFleet } from './simulated-fleet';

/** A client of CML servers that reaches them through the simulator's proxy and takes any certificate. */
export class CmlBrowser {
  private readonly agent: ProxyAgent;

  constructor(private readonly fleet: SimulatedFleet) {
    // One connection, so that a test knows that the next request comes on the one that is open.
    const requestTls = { rejectUnauthorized: false };
    this.agent = new ProxyAgent({ uri: fleet.cmlProxy, connections: 1, requestTls });
  }

  /** @param path below /api/v0 */
  request(instanceId: string, path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`https://${this.addressOf(instanceId)}/api/v0${path}`, { dispatcher: this.agent, ...init });
  }

  async logIn(instanceId: string, credentials: { username: string; password: string }): Promise<Response> {
    const body = JSON.stringify(credentials);
    return this.request(instanceId, '/authenticate', { method: 'POST', body });
  }

  addressOf(instanceId: string): string {
    const facts = this.fleet.world.instance(instanceId).facts.at(this.fleet.clock.now());
    return facts?.publicIp ?? this.fleet.world.instance(instanceId).launch.privateIp;
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}
