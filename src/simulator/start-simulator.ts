import { setTimeout } from 'node:timers/promises';
import { type FleetClock, type MachineClock, SystemClock } from '../kernel/clocks';
import { type IdSource } from '../kernel/ids';
import { listenAsAws } from './aws/aws-facade';
import { listenAsControl } from './control/control-facade';
import { listenAsProxy } from './cml/connect-proxy';
import {
  type CmlCredentials,
  DEFAULT_TIMINGS,
  type LoginLimit,
  type RoleOptions,
  type Timings,
} from './simulator-options';
import { type Listening } from './loopback-server';
import { World } from './world';

export interface SimulatorOptions {
  readonly clock: FleetClock;
  readonly ids: IdSource;
  readonly regions: readonly string[];
  readonly accountId: string;
  readonly cml: CmlCredentials;
  /** the system's clock where left out */
  readonly machine?: MachineClock;
  readonly timings?: Partial<Timings>;
  /** how many logins a CML server takes; any number where left out */
  readonly loginLimit?: LoginLimit;
  readonly deniedActions?: readonly string[];
  /** regions of other accounts, by name; see `roles` */
  readonly regionAccounts?: Readonly<Record<string, string>>;
  readonly roles?: readonly RoleOptions[];
  /** whether calls that come too often are refused; they are not where left out */
  readonly throttling?: boolean;
  /** of the dice that faults throw; 1 where left out */
  readonly seed?: number;
  /** the clock that callers sign their requests by; the system's where left out */
  readonly wall?: MachineClock;
  /** how answers come late; by the system's timers where left out */
  readonly pause?: (ms: number) => Promise<void>;
  /** 0 or left out: the system chooses */
  readonly awsPort?: number;
  readonly proxyPort?: number;
  readonly controlPort?: number;
}

export interface Simulator {
  readonly world: World;
  /** EC2, STS and CloudWatch of every region */
  readonly awsEndpoint: string;
  /** HTTP proxy through which the CML servers are reached at their addresses */
  readonly cmlProxy: string;
  /** HTTP API by which faults, people's acts and scenarios are given from outside this process */
  readonly controlUrl: string;
  /** Opens doors of its own for one caller, so that the world's logs tell its calls from those of others. */
  openDoor(name: string): Promise<{ readonly awsEndpoint: string; readonly cmlProxy: string }>;
  /** Cuts all connections and gives the ports back. */
  stop(): Promise<void>;
}

/** Starts a world with its wire façades on 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const world = new World({
    ...options,
    machine: options.machine ?? new SystemClock(),
    timings: { ...DEFAULT_TIMINGS, ...options.timings },
    loginLimit: options.loginLimit ?? null,
    deniedActions: options.deniedActions ?? [],
    regionAccounts: options.regionAccounts ?? {},
    roles: options.roles ?? [],
    throttling: options.throttling ?? false,
    seed: options.seed ?? 1,
    wall: options.wall ?? new SystemClock(),
    pause: options.pause ?? setTimeout,
  });
  const aws = await listenAsAws(world, options.awsPort ?? 0);
  const control = await listenAsControl(world, options.controlPort ?? 0);
  const proxy = await listenAsProxy(world, options.proxyPort ?? 0);
  const doors: Listening[] = [];
  return {
    world,
    awsEndpoint: aws.url,
    cmlProxy: proxy.url,
    controlUrl: control.url,
    openDoor: async (name) => {
      const own = await Promise.all([listenAsAws(world, 0, name), listenAsProxy(world, 0, name)]);
      doors.push(...own);
      return { awsEndpoint: own[0].url, cmlProxy: own[1].url };
    },
    stop: async () => {
      await Promise.all([aws, proxy, control, ...doors].map((each) => each.close()));
    },
  };
}
