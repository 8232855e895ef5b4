import { type InputFault, InvalidInput } from '../../kernel/domain-error';
import { type PolicySubject } from '../../reaper';
import { FLEET_POLICY_ID, type GivenValues, workerPolicyId } from '../domain/policy-details';
import { policyValues } from './given-values';
import { type PolicyBasis } from './policy-basis';
import { type PolicyDirectory } from './policy-directory';
import { type PolicyMerger, type ValueLayer } from './policy-merger';
import { layerOf } from './written-policies';

/** Whether values may be written into a policy: together with what is beneath it they must be acceptable. */
export class PolicyCheck {
  constructor(
    private readonly directory: PolicyDirectory,
    private readonly merger: PolicyMerger,
    private readonly basis: Pick<PolicyBasis, 'sendsMail'>,
  ) {}

  /** Named policies must be acceptable on top of it. @throws InvalidInput with pointers into `/values` */
  fleet(values: GivenValues): void {
    const fleet = draft(values);
    refuse([...this.merger.faultsOf([fleet]), ...this.mailFaults(values)]);
    refuse(
      this.directory.named().flatMap((policy) =>
        this.merger.faultsOf([fleet, layerOf(policy)]).map(({ pointer, message }) => ({
          pointer,
          message: `with this the idle policy "${policy.state.name}" would not be acceptable: ${message}`,
        })),
      ),
    );
  }

  /** @throws InvalidInput with pointers into `/values` */
  named(values: GivenValues): void {
    refuse([...this.merger.faultsOf([...this.fleetLayer(), draft(values)]), ...this.mailFaults(values)]);
  }

  /** @throws InvalidInput with pointers into `/values` */
  ofWorker(worker: PolicySubject, values: GivenValues): void {
    const own = workerPolicyId(worker.id);
    const beneath = this.directory.layersFor(worker).filter(({ id }) => id !== own);
    // what does not fit by itself is told with the worker, and must not stand in the way of its own
    const kept = this.merger.merge(beneath.map(layerOf)).layers.map(({ id }) => id);
    const layers = beneath.filter(({ id }) => kept.includes(id)).map(layerOf);
    refuse([...this.merger.faultsOf([...layers, draft(values)]), ...this.mailFaults(values)]);
  }

  private mailFaults(values: GivenValues): InputFault[] {
    const named = policyValues(values).notifyEmails ?? [];
    if (this.basis.sendsMail || named.length === 0) return [];
    const message = 'needs a mail server (FLEET_SMTP_URL), which is not set up: nobody could be told';
    return [{ pointer: '/notifyEmails', message }];
  }

  private fleetLayer(): ValueLayer[] {
    const fleet = this.directory.living(FLEET_POLICY_ID);
    return fleet ? [layerOf(fleet)] : [];
  }
}

function draft(values: GivenValues): ValueLayer {
  return { id: 'draft', name: 'draft', version: 0, values };
}

function refuse(faults: readonly InputFault[]): void {
  if (faults.length === 0) return;
  throw new InvalidInput(faults.map(({ pointer, message }) => ({ pointer: `/values${pointer}`, message })));
}
