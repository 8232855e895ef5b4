import { InvalidInput } from '../../kernel/domain-error';
import { type EffectivePolicy, type PolicySubject } from '../../reaper';
import { type GivenValues } from '../domain/policy-details';
import { type ClientsValues, writtenValues } from './given-values';
import { type PolicyBasis } from './policy-basis';
import { type PolicyDirectory } from './policy-directory';
import { type PolicyMerger, type ValueLayer } from './policy-merger';
import { layerOf } from './written-policies';

/** Id of the layer that a draft is. */
export const DRAFT_LAYER = 'draft';

/** Values that nobody has written into a policy yet, as if they were the strongest of those that hold for a worker. */
export class PolicyDrafts {
  constructor(
    private readonly directory: PolicyDirectory,
    private readonly merger: PolicyMerger,
    private readonly basis: PolicyBasis,
  ) {}

  /** The values in the form that is stored. */
  written(values: ClientsValues): GivenValues {
    return writtenValues(values, this.basis.timeZone);
  }

  /** What would hold for a worker. @throws InvalidInput with pointers into the values, which do not fit its policies */
  of(worker: PolicySubject, values: GivenValues): EffectivePolicy {
    const draft: ValueLayer = { id: DRAFT_LAYER, name: DRAFT_LAYER, version: 0, values };
    const layers = [...this.directory.layersFor(worker).map(layerOf), draft];
    const faults = this.merger.faultsOf(layers);
    if (faults.length > 0) throw new InvalidInput(faults);
    return this.merger.merge(layers);
  }
}
