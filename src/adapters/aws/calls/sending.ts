import { type SdkContext, type SdkMiddleware, type WithStack } from './sdk-stack';

/** How one command is sent, beyond what its client does anyway. */
export interface Sending {
  /** the token of its first request was taken before */
  readonly prepaid: boolean;
  /** machine time after which nobody waits for a token any more; null: as long as its purpose allows */
  readonly notAfter: Date | null;
}

const PLAIN: Sending = { prepaid: false, notAfter: null };
const sendings = new WeakMap<SdkContext, Sending>();

/** Marks a command before it is sent, and answers it. */
export function sentAs<C extends WithStack>(command: C, sending: Partial<Sending>): C {
  const middleware: SdkMiddleware = (next, context) => {
    sendings.set(context, { ...PLAIN, ...sending });
    return next;
  };
  command.middlewareStack.add(middleware, { step: 'initialize', name: 'sentAs' });
  return command;
}

/** How the command of this context is sent; known once it is under way. */
export function sendingOf(context: SdkContext): Sending {
  return sendings.get(context) ?? PLAIN;
}
