import { type CommandContext, systemContext } from '../../kernel/command-context';
import { derivedId } from '../../kernel/ids';
import { type IdleDecision } from '../domain/decision/decision';

/** The same act of the same decision gives the same command id, so that a repetition finds what was done. */
export function contextOf(
  { decisionId }: Pick<IdleDecision, 'decisionId'>,
  act: string,
  reason: string,
  correlationId: string,
): CommandContext {
  const commandId = derivedId('reaper', act, decisionId);
  return systemContext('reaper', commandId, { reason, correlationId, causationId: decisionId });
}
