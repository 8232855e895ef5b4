import { type Timers } from '../../../kernel/timers';
import { NoTracer, type Tracer } from '../../../kernel/tracing';
import { type ApiUsage } from '../../../telemetry';
import { API_KINDS, type ApiKind, budgetOf, type CallCost } from './api-kinds';
import { type CallOutcome } from './call-outcome';
import { Circuit, type Passage, type Service } from './circuit';
import { type Purpose, type QueueParts, TokenQueue } from './token-queue';

const SERVICES: readonly Service[] = ['ec2', 'cloudwatch', 'sts'];

export interface AwsCallsOptions extends QueueParts {
  /** how much of AWS's own limits this process may use */
  readonly sharePercent: number;
  /** left out: nobody traces */
  readonly tracer?: Tracer;
}

/** Where, what for, and by when at the latest a call is to be made. */
export interface CallTerms {
  readonly region: string;
  readonly service: Service;
  readonly purpose: Purpose;
  readonly cost: CallCost;
  /** machine time after which it is of no use; null: as long as its purpose may wait */
  readonly notAfter: Date | null;
}

/** One request to AWS that was made. */
export interface MadeCall {
  readonly region: string;
  readonly service: Service;
  /** `StopInstances` */
  readonly action: string;
  readonly kind: ApiKind;
  readonly outcome: CallOutcome;
}

/** Hears of each request, for metrics. Must not throw. */
export type CallListener = (call: MadeCall) => void;

interface RegionCalls {
  readonly queues: ReadonlyMap<ApiKind, TokenQueue>;
  readonly circuits: ReadonlyMap<Service, Circuit>;
}

/**
 * How often this process may call AWS, by region and kind, and which services answer at all. Each region has its own of
 * everything, so that one's trouble is no other's.
 */
export class AwsCalls implements ApiUsage {
  private readonly known = new Map<string, RegionCalls>();
  private readonly listeners: CallListener[] = [];
  /** what waiting for calls is measured by */
  readonly timers: Timers;
  readonly tracer: Tracer;

  constructor(private readonly options: AwsCallsOptions) {
    this.tracer = options.tracer ?? new NoTracer();
    this.timers = options.timers;
  }

  /**
   * Waits for the token of a request, without those of its instances.
   * @throws ComputeError `RegionUnreachable`, `ApiBudgetExhausted`
   */
  async requestToken({ region, service, purpose, cost, notAfter }: CallTerms): Promise<void> {
    this.circuit(region, service).check();
    await this.queue(region, cost.kind).take(1, purpose, notAfter);
  }

  /** Waits for the tokens of instances, where there are any, and passes the circuit. @throws as `requestToken` */
  async enter({ region, service, purpose, cost, notAfter }: CallTerms): Promise<Passage> {
    const { resources } = cost;
    if (resources) await this.queue(region, resources.kind).take(resources.count, purpose, notAfter);
    return this.circuit(region, service).enter();
  }

  /** Takes note of a request that was made. Answers until when its kind is left alone; null where it is not. */
  made(call: MadeCall): Date | null {
    const queue = this.queue(call.region, call.kind);
    if (call.outcome === 'ok' || call.outcome === 'refused') queue.accepted();
    const until = call.outcome === 'throttled' ? queue.backOff() : null;
    for (const listener of this.listeners) listener(call);
    return until;
  }

  onCall(listener: CallListener): void {
    this.listeners.push(listener);
  }

  /** Regions that were called, or asked about. */
  get regions(): string[] {
    return [...this.known.keys()];
  }

  of(region: string) {
    const { queues, circuits } = this.region(region);
    return {
      apiBudget: [...queues.values()].map((queue) => queue.use()),
      circuits: [...circuits.values()].map((circuit) => circuit.use()),
    };
  }

  private queue(region: string, kind: ApiKind): TokenQueue {
    return mustHave(this.region(region).queues.get(kind));
  }

  private circuit(region: string, service: Service): Circuit {
    return mustHave(this.region(region).circuits.get(service));
  }

  private region(region: string): RegionCalls {
    const known = this.known.get(region);
    if (known) return known;
    const { sharePercent, machine } = this.options;
    const queues = API_KINDS.map((kind) => {
      const queue = new TokenQueue(region, kind, budgetOf(kind, sharePercent), this.options);
      return [kind, queue] as const;
    });
    const circuits = SERVICES.map((service) => [service, new Circuit(region, service, machine)] as const);
    const made = { queues: new Map(queues), circuits: new Map(circuits) };
    this.known.set(region, made);
    return made;
  }
}

function mustHave<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('every region has all kinds and services');
  return value;
}
