/** What a middleware of the SDK gets, as far as ours look at it. */
export interface SdkArgs {
  readonly input: object;
}
export interface SdkContext {
  /** `StopInstancesCommand` */
  readonly commandName?: string;
}
export type SdkHandler = (args: SdkArgs) => Promise<object>;
export type SdkMiddleware = (next: SdkHandler, context: SdkContext) => SdkHandler;

/**
 * Anything with a middleware stack: clients of all services, and commands. Their own types differ by service in what
 * goes in and out, which takes part in nothing here.
 */
export interface WithStack {
  readonly middlewareStack: {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    add(middleware: any, options: any): void;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    addRelativeTo(middleware: any, options: any): void;
  };
}
