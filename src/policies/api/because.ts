import { type CommandContext } from '../../kernel/command-context';

/** With the reason that the client gave, if it gave one. */
export function because(context: CommandContext, reason: string | undefined): CommandContext {
  return reason === undefined ? context : { ...context, reason };
}
