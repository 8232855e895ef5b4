/** One thing that the process needs in order to serve, or that people should know when they look. */
export interface HealthProbe {
  /** `store`, `scheduler`: the key in the answer of /health/ready */
  readonly name: string;
  /** Whether it is told only: not healthy is `degraded` then, and the process is ready all the same. */
  readonly toldOnly?: boolean;
  /** Answers within about a second. An error counts as not healthy. `detail` is shown to everybody. */
  check(): Promise<{ healthy: boolean; detail?: string }>;
}

/** DI token of all probes, a `HealthProbe[]`. */
export const HEALTH_PROBES = Symbol('HEALTH_PROBES');
