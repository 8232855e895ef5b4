import { type EffectivePolicy, type FleetRules, PolicySource, type PolicySubject } from '../../reaper';
import { FLEET_POLICY_ID } from '../domain/policy-details';
import { type WrittenPolicy } from '../domain/written-policy';
import { fleetRulesOf } from './given-values';
import { type PolicyBasis } from './policy-basis';
import { type PolicyDirectory } from './policy-directory';
import { type PolicyMerger, type ValueLayer, withoutStops } from './policy-merger';

/** A worker's policy, and why it cannot be followed to the letter: then nothing is stopped by it. */
export interface ExplainedPolicy extends EffectivePolicy {
  /** sentences for people */
  readonly problems: readonly string[];
}

interface Parts {
  readonly directory: PolicyDirectory;
  readonly merger: PolicyMerger;
  readonly basis: PolicyBasis;
  /** whether all policies are in memory, and are kept up to date */
  readonly isFilled: () => boolean;
  /** told once, whenever policies change */
  readonly warn: (problem: string) => void;
}

/** What holds for each worker, by the policies in memory: they change with the log, in every process. */
export class WrittenPolicies extends PolicySource {
  /** by the layers: most workers share them */
  private readonly known = new Map<string, ExplainedPolicy>();

  constructor(private readonly parts: Parts) {
    super();
    parts.directory.listen(() => this.known.clear());
  }

  of(worker: PolicySubject): ExplainedPolicy {
    const { directory, isFilled } = this.parts;
    if (!isFilled()) return this.made([], ['The policies are not read yet.']);
    const layers = directory.layersFor(worker);
    const problems = this.problemsOf(worker);
    const key = [...layers.map(({ id }) => id), ...problems].join('\n');
    const known = this.known.get(key) ?? this.made(layers.map(layerOf), problems);
    if (!this.known.has(key)) for (const problem of known.problems) this.parts.warn(problem);
    this.known.set(key, known);
    return known;
  }

  fleet(): FleetRules {
    const { basis, directory } = this.parts;
    const written = directory.living(FLEET_POLICY_ID)?.state.fleetRules ?? {};
    return { ...basis.fleetRules, ...fleetRulesOf(written) };
  }

  private made(layers: readonly ValueLayer[], problems: readonly string[]): ExplainedPolicy {
    const { leftOut, ...merged } = this.parts.merger.merge(layers);
    const unfit = leftOut.map(({ layer, faults }) => {
      const why = faults.map(({ pointer, message }) => `${pointer.slice(1)} ${message}`).join('; ');
      return `The idle policy "${layer.name}" (${layer.id}) does not fit the policies beneath it and is left out: ${why}.`;
    });
    const all = [...problems, ...unfit];
    return { ...(problems.length > 0 ? withoutStops(merged) : merged), problems: all };
  }

  /** Who would guess what such a policy says might stop what it forbids to stop. */
  private problemsOf(worker: PolicySubject): string[] {
    const { directory } = this.parts;
    const unread = directory.unreadableFor(worker);
    const { idlePolicyId: chosen } = worker;
    const isMissing = chosen !== null && !directory.living(chosen) && !unread.includes(chosen);
    return [
      ...unread.map((id) => `The idle policy ${id} cannot be read by this version of the program.`),
      ...(isMissing ? [`The worker names the idle policy ${chosen}, which is not there.`] : []),
    ];
  }
}

export function layerOf({ id, version, state }: WrittenPolicy): ValueLayer {
  return { id, version, name: state.name, values: state.values };
}
