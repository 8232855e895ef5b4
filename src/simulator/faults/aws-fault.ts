import { type FaultRuleInput } from './fault-rule';

/** What goes wrong with the next calls of an action. */
export type AwsFault = {
  /** `RunInstances`, also of STS and CloudWatch */
  readonly action: string;
  /** all regions where left out */
  readonly region?: string;
  /** true: the call takes effect all the same, and only its answer goes wrong */
  readonly applied: boolean;
  /** how many calls it hits; 1 where left out */
  readonly times?: number;
} & (
  | { readonly code: string; readonly httpStatus: number; readonly message?: string; readonly cut?: false }
  /** the connection ends without an answer */
  | { readonly cut: true }
);

/** The same as a rule of the plan. */
export function ruleOf(fault: AwsFault): FaultRuleInput {
  const { action, region, applied, times = 1 } = fault;
  const which = { actions: [action], applied, next: times, ...(region === undefined ? {} : { region }) };
  if (fault.cut) return { ...which, cut: 'before-answer' };
  const { code, httpStatus, message } = fault;
  return { ...which, error: code, httpStatus, ...(message === undefined ? {} : { message }) };
}
