/** One thing that the process needs in order to serve. */
export interface HealthProbe {
  /** `store`, `scheduler`: the key in the answer of /health/ready */
  readonly name: string;
  /** Answers within about a second. An error counts as not healthy. `detail` is shown to everybody. */
  check(): Promise<{ healthy: boolean; detail?: string }>;
}

/** DI token of all probes, a `HealthProbe[]`. */
export const HEALTH_PROBES = Symbol('HEALTH_PROBES');
