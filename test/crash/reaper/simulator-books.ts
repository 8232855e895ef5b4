import { type Simulator } from '../../../src/simulator/start-simulator';

/** A request to a CML server, on its arrival. Machine milliseconds, as all times of a run. */
export interface CmlRequest {
  readonly at: number;
  readonly door: string;
  readonly instanceId: string;
  readonly path: string;
}

/** A StopInstances, on its arrival. Nobody but the reaper sends any. */
export interface StopCall {
  readonly at: number;
  readonly fleetTime: Date;
  readonly door: string;
  readonly instanceId: string;
  readonly outcome: string;
  /** when somebody last did something on the server, by the simulator's own truth; fleet time */
  readonly lastUsedAt: Date | null;
}

const CML_ANSWERS_MS = 60;
const AWS_ANSWERS_MS = 300;

/** Keeps what the simulator was asked for, and by whom: each process comes by a door of its own. */
export class SimulatorBooks {
  readonly cmlRequests: CmlRequest[] = [];
  readonly stopCalls: StopCall[] = [];
  /** told of each at once, before it is answered */
  onCmlRequest: (request: CmlRequest) => void = () => undefined;
  onStopCall: (call: StopCall) => void = () => undefined;

  constructor(private readonly simulator: Simulator) {
    const { faults, cmlFaults } = simulator.world;
    // so that there is something to be struck in
    cmlFaults.add({ latencyMs: CML_ANSWERS_MS });
    faults.add({ actions: ['StopInstances'], latencyMs: AWS_ANSWERS_MS });
    this.listenToCml();
    this.listenToAws();
  }

  /** Every time that an instance went off while labs ran on it, by the simulator's own truth. */
  interruptions(): readonly { readonly instanceId: string; readonly labs: readonly string[] }[] {
    return this.simulator.world.interruptions();
  }

  private listenToCml(): void {
    const { cmlFaults } = this.simulator.world;
    const strike = cmlFaults.strike.bind(cmlFaults);
    cmlFaults.strike = (facts) => {
      const { instanceId, path, door = '' } = facts;
      const request = { at: Date.now(), door, instanceId, path };
      this.cmlRequests.push(request);
      this.onCmlRequest(request);
      return strike(facts);
    };
  }

  private listenToAws(): void {
    const { world } = this.simulator;
    const add = world.log.add.bind(world.log);
    world.log.add = (call) => {
      add(call);
      if (call.action !== 'StopInstances') return;
      const { at: fleetTime, door = '', outcome, params } = call;
      const ids = Object.entries(params).filter(([name]) => name.startsWith('InstanceId'));
      for (const [, id] of ids) {
        const instanceId = String(id);
        const { lastUsedAt } = world.host(instanceId);
        const stop = { at: Date.now(), fleetTime, door, instanceId, outcome, lastUsedAt };
        this.stopCalls.push(stop);
        this.onStopCall(stop);
      }
    };
  }
}
