import { z } from 'zod';
import { cmlFaultRule } from '../cml/faults/cml-fault-rule';
import { faultRule } from '../faults/fault-rule';
import { outageRule } from '../licensing/outage-plan';
import { cmlAct } from './cml-act';
import { consoleAct } from './console-act';
import { licenseToken } from './license-token';

/** Which rights are taken: `Rights.deny`. */
export const denial = z.strictObject({
  action: z.string().min(1),
  unlessCreating: z.boolean().optional(),
  unlessTagged: z.strictObject({ key: z.string(), value: z.string() }).optional(),
});

/** What a step of a scenario does: one of these. */
const deed = z.union([
  z.strictObject({ fault: faultRule }),
  /** ends the rules of this name */
  z.strictObject({ endFaults: z.string() }),
  z.strictObject({ cmlFault: cmlFaultRule }),
  z.strictObject({ endCmlFaults: z.string() }),
  /** Smart Licensing is not reached */
  z.strictObject({ outage: outageRule }),
  z.strictObject({ endOutages: z.string() }),
  z.strictObject({ licenseToken }),
  z.strictObject({ deny: denial }),
  z.strictObject({ permit: z.string() }),
  z.strictObject({ throttling: z.boolean() }),
  /** to all instances whose `Name` tag matches (`*`, `?`) and that are not terminated */
  z.strictObject({ names: z.string(), console: consoleAct }),
  /** to the CML servers of the same */
  z.strictObject({ names: z.string(), cml: cmlAct }),
]);

/** What happens to a fleet, step by step. */
export const scenario = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  steps: z.array(
    z.strictObject({
      /** fleet seconds after the start of the scenario */
      at: z.number().nonnegative(),
      do: deed,
    }),
  ),
});

export type Deed = z.output<typeof deed>;
/** A scenario as JSON has it. */
export type ScenarioInput = z.input<typeof scenario>;
