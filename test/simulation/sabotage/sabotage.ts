import { type StopNotices } from '../../../src/notifications';
import { type ReaperControls } from '../../../src/reaper/domain/control/ports';
import { type PolicySource, type SignsOfUse } from '../../../src/reaper/domain/ports';
import { type ComputeProvider } from '../../../src/workers';
import { type Handlers } from '../core/buses';

/** Puts other parts in the place of some, to see what the guards in them are good for. What is left out stays as it is. */
export interface Sabotage {
  readonly signs?: (signs: SignsOfUse) => SignsOfUse;
  readonly notices?: (notices: StopNotices) => StopNotices;
  readonly handlers?: (handlers: Handlers) => Handlers;
  readonly controls?: (controls: ReaperControls) => ReaperControls;
  readonly policies?: (policies: PolicySource) => PolicySource;
  readonly compute?: (compute: ComputeProvider) => ComputeProvider;
  /** nobody looks at the nodes that run beside the labs that are listed */
  readonly blindToNodes?: true;
}
