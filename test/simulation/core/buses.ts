import { type CommandBus, type QueryBus } from '@nestjs/cqrs';

export type Handlers = Readonly<Record<string, { execute(message: never): Promise<unknown> }>>;

/** A bus that hands each message to the handler of its class' name. */
function busOf(handlers: Handlers): { execute(message: object): Promise<unknown> } {
  return {
    execute: (message) => {
      const handler = handlers[message.constructor.name];
      if (!handler) throw new Error(`nobody handles ${message.constructor.name}`);
      return handler.execute(message as never);
    },
  };
}

export const commandBus = (handlers: Handlers): CommandBus => busOf(handlers) as unknown as CommandBus;
export const queryBus = (handlers: Handlers): QueryBus => busOf(handlers) as unknown as QueryBus;
