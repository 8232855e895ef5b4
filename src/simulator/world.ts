import { type Exception, Rights } from './aws/access/rights';
import { Identities } from './aws/access/identities';
import { Throttle } from './aws/access/throttle';
import { AwsConsole } from './aws/aws-console';
import { type Population, populate } from './population';
import { AddressBook, PublicAddresses } from './aws/model/addresses';
import { type AwsCall, CallLog } from './aws/call-log';
import { type Ec2Instance } from './aws/model/ec2-instance';
import { type AwsFault, ruleOf } from './faults/aws-fault';
import { CmlCallLog } from './cml/cml-call-log';
import { CmlFaultPlan } from './cml/faults/cml-fault-plan';
import { FaultPlan } from './faults/fault-plan';
import { type Image } from './aws/model/images';
import { Region } from './aws/model/region';
import { CmlCertificate } from './cml/cml-certificate';
import { type Casting, CmlHost } from './cml/cml-host';
import { CmlServer, type Interruption } from './cml/cml-server';
import { CmlTokens } from './cml/cml-tokens';
import { LoginCounter } from './cml/login-counter';
import { performDeed } from './control/deeds';
import { ScenarioPlayer } from './control/scenario-player';
import { SmartLicensing } from './licensing/smart-licensing';
import { type Persona } from './people/persona';
import { type WorldOptions } from './simulator-options';
import { compileWildcard } from './wildcard';

/** What is really going on on a server, for tests to judge what the fleet made of it. */
export interface Truth {
  /** a lab runs */
  readonly inUse: boolean;
  readonly runningLabs: number;
  /** the last act of a person; null: nobody was ever there */
  readonly lastUsedAt: Date | null;
}

const IDLE_CPU_PERCENT = 1;

/**
 * One AWS account with CML servers in it. Nothing happens by timers: the state at a time follows from what was asked
 * before and from the fleet clock, and is brought up to date whenever somebody looks.
 */
export class World {
  /** of AWS */
  readonly faults: FaultPlan;
  /** of CML servers */
  readonly cmlFaults: CmlFaultPlan;
  /** every call of AWS in numbers, the last ones in full */
  readonly log = new CallLog();
  /** the last requests to CML servers */
  readonly cmlLog = new CmlCallLog();
  /** what people do in AWS' console, and AWS by itself */
  readonly console = new AwsConsole(this);
  readonly scenarios: ScenarioPlayer;
  readonly identities: Identities;
  readonly rights: Rights;
  readonly throttle: Throttle;
  private readonly smart: SmartLicensing;
  private readonly regions: ReadonlyMap<string, Region>;
  private readonly book = new AddressBook<Ec2Instance>();
  private readonly hosts = new Map<string, CmlHost>();
  private readonly casts: { readonly matches: (name: string) => boolean; readonly casting: Casting }[] = [];
  private readonly agents: ((name: string) => boolean)[] = [];

  constructor(readonly options: WorldOptions) {
    this.faults = new FaultPlan(options.clock, options.seed);
    this.cmlFaults = new CmlFaultPlan(options.clock, options.seed);
    this.smart = new SmartLicensing(options.clock, options.seed);
    this.scenarios = new ScenarioPlayer(options.clock, (deed, at) => {
      this.smart.agenda.settle(at);
      return performDeed(this, deed, at);
    });
    this.identities = new Identities(options);
    this.rights = new Rights(options.deniedActions);
    this.throttle = new Throttle(options.machine, options.throttling);
    const addresses = new PublicAddresses();
    this.regions = new Map(
      options.regions.map((name, index) => {
        const owner = options.regionAccounts[name] ?? options.accountId;
        return [name, new Region(name, index, owner, addresses, this.book, options)];
      }),
    );
  }

  /** Smart Licensing, up to date. */
  get smartLicensing(): SmartLicensing {
    this.scenarios.settle();
    this.smart.agenda.settle(this.settledTo);
    return this.smart;
  }

  region(name: string): Region | undefined {
    return this.regions.get(name);
  }

  /** The newest image of a region that has CML in it. */
  cmlImage(region: string): Image {
    const images = this.regions.get(region)?.images.filter((image) => image.cmlVersion !== null) ?? [];
    const newest = images.reduce<Image | null>((a, b) => (a && a.createdAt > b.createdAt ? a : b), null);
    if (!newest) throw new Error(`the world has no region ${region}`);
    return newest;
  }

  /** Lets instances be there at once, running for a while already. @returns their ids */
  populate(count: number, population: Population): readonly string[] {
    return populate(this, count, population);
  }

  has(instanceId: string): boolean {
    return [...this.regions.values()].some((region) => region.find(instanceId));
  }

  /** The region of an instance. @throws Error if there never was one */
  regionOf(instanceId: string): Region {
    this.scenarios.settle();
    const found = [...this.regions.values()].find((region) => region.find(instanceId));
    if (!found) throw new Error(`the world has no instance ${instanceId}`);
    return found;
  }

  /** The last calls of AWS, in the order of their arrival. */
  get calls(): readonly AwsCall[] {
    return this.log.recent;
  }

  /** Lets the next calls of an action go wrong: a short way for one kind of fault; `faults` knows all. */
  failNext(fault: AwsFault): void {
    this.faults.add(ruleOf(fault));
  }

  /** Takes a right from all callers, but for an exception; see `Rights`. */
  deny(action: string, exception: Exception = {}): void {
    this.rights.deny(action, exception);
  }

  /** Gives back what was taken by the same name; `*`: all. */
  permit(action: string): void {
    this.rights.permit(action);
  }

  /** The CloudWatch agent, which measures memory, is on instances whose `Name` tag matches. */
  installAgent(namePattern: string): void {
    this.agents.push(compileWildcard(namePattern));
  }

  hasAgent(instance: Ec2Instance): boolean {
    const name = this.nameOf(instance);
    return this.agents.some((matches) => matches(name));
  }

  newId(): string {
    return this.options.ids.next();
  }

  /** From now on instances whose `Name` tag matches (`*`, `?`) are used like this; of several the last one counts. */
  cast(namePattern: string, persona: Persona): void {
    this.settleAll();
    this.casts.unshift({
      matches: compileWildcard(namePattern),
      casting: { persona, since: this.options.clock.now() },
    });
  }

  /** The CML server of an instance, up to date. @throws Error if there is none */
  server(instanceId: string): CmlServer {
    return this.host(instanceId).server;
  }

  /** A CML server together with its instance, its certificate and its tokens, up to date. */
  host(instanceId: string): CmlHost {
    const host = this.hostOf(this.instance(instanceId));
    if (!host) throw new Error(`instance ${instanceId} has no CML server`);
    return host;
  }

  /** The CML server on the running instance that has an address now, public or private. */
  hostAt(address: string): CmlHost | null {
    this.scenarios.settle();
    const now = this.options.clock.now();
    const instance = this.book.of(address).findLast((candidate) => {
      const facts = candidate.facts.at(now);
      const { privateIp } = candidate.launch;
      return facts?.state === 'running' && (facts.publicIp === address || privateIp === address);
    });
    return instance ? this.hostOf(instance) : null;
  }

  truth(instanceId: string): Truth {
    const { server, lastUsedAt } = this.host(instanceId);
    const runningLabs = server.running(this.options.clock.now()).length;
    return { inUse: runningLabs > 0, runningLabs, lastUsedAt };
  }

  /** Every time that an instance went off while labs ran on it: what a fleet manager must never bring about. */
  interruptions(): (Interruption & { readonly instanceId: string })[] {
    this.settleAll();
    return [...this.hosts].flatMap(([instanceId, { server }]) =>
      server.interruptions.map((interruption) => ({ instanceId, ...interruption })),
    );
  }

  /** Load of an instance at a time up to now, 0..100; null where it did not run. */
  cpuPercent(instanceId: string, time: Date): number | null {
    const instance = this.instance(instanceId);
    const host = this.hostOf(instance);
    if (host) return host.cpuPercent(time);
    return instance.facts.at(time)?.state === 'running' ? IDLE_CPU_PERCENT : null;
  }

  /** An instance of any region, also one that is terminated. @throws Error if there never was one */
  instance(instanceId: string): Ec2Instance {
    return this.regionOf(instanceId).find(instanceId) as Ec2Instance;
  }

  /** Every instance that there ever was. */
  instances(): Ec2Instance[] {
    return [...this.regions.values()].flatMap((region) => region.instances);
  }

  /** How far the life of the servers may have come: no further than the scenario step that looks at them. */
  private get settledTo(): Date {
    return this.scenarios.playing ?? this.options.clock.now();
  }

  private settleAll(): void {
    this.scenarios.settle();
    for (const instance of this.instances()) this.hostOf(instance);
  }

  private hostOf(instance: Ec2Instance): CmlHost | null {
    const host = this.hosts.get(instance.id) ?? this.install(instance);
    const name = this.nameOf(instance);
    const cast = this.casts.find(({ matches }) => matches(name));
    this.smart.agenda.settle(this.settledTo);
    host?.settle(this.settledTo, cast?.casting ?? null);
    return host;
  }

  nameOf(instance: Ec2Instance): string {
    return instance.tags.at(this.options.clock.now())?.get('Name') ?? '';
  }

  private install(instance: Ec2Instance): CmlHost | null {
    const { ids, machine, timings, cml, loginLimit } = this.options;
    const { image, id } = instance.launch;
    if (image.cmlVersion === null) return null;
    const hostname = `cml-${id.slice(-8)}`;
    const host = new CmlHost(
      instance,
      new CmlServer(hostname, image.cmlVersion, image.createdAt, cml, ids, timings),
      new CmlCertificate(hostname),
      new CmlTokens(machine, ids, timings.tokenSeconds),
      new LoginCounter(machine, loginLimit),
      this.smart,
      timings,
      (each) => this.nameOf(each),
    );
    this.hosts.set(id, host);
    return host;
  }
}
