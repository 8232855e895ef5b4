import { type Provider } from '@nestjs/common';

type Token<T> = abstract new (...args: never[]) => T;

/** A provider whose factory is checked against what it injects. */
export function checkedProvider<T, D extends readonly unknown[]>(
  provide: Token<T>,
  inject: { [I in keyof D]: Token<D[I]> },
  useFactory: (...parts: D) => T,
): Provider {
  return { provide, inject: [...inject] as Token<unknown>[], useFactory };
}
