import { type SpanOptions } from '../../../kernel/tracing';
import { awsErrorFacts } from '../aws-error-facts';
import { changesSomething, costOf } from './api-kinds';
import { type AwsCalls, type CallTerms } from './aws-calls';
import { outcomeOf } from './call-outcome';
import { type Service } from './circuit';
import { noteRetryAt } from './retry-times';
import { type SdkMiddleware, type WithStack } from './sdk-stack';
import { sendingOf } from './sending';
import { type Purpose } from './token-queue';

/** Where a request goes and what it is; nothing of its input. */
function spanOf({
  region,
  service,
  action,
}: {
  region: string;
  service: Service;
  action: string;
}): SpanOptions {
  return {
    name: `${service.toUpperCase()} ${action}`,
    kind: 'client',
    attributes: {
      'rpc.system': 'aws-api',
      'rpc.service': service,
      'rpc.method': action,
      'cloud.region': region,
    },
  };
}

/**
 * Makes each request of a client, repetitions by the SDK included, take its tokens and pass the circuit of its service.
 * The only place where calls are counted. It stands before the signature, which has a time in it.
 */
export function countCalls(
  client: WithStack,
  calls: AwsCalls,
  of: { readonly region: string; readonly service: Service; readonly purpose: Purpose },
): void {
  const middleware: SdkMiddleware = (next, context) => {
    const action = (context.commandName ?? '').replace(/Command$/, '');
    let first = true;
    /** the error of an earlier try that may have been carried out */
    let unanswered: unknown = null;
    return async (args) => {
      const { prepaid, notAfter } = sendingOf(context);
      const cost = costOf(action, args.input);
      const terms: CallTerms = { ...of, cost, notAfter };
      const pass = async () => {
        if (!(prepaid && first)) await calls.requestToken(terms);
        first = false;
        return calls.enter(terms);
      };
      const passage = await pass().catch((refusal: unknown) => {
        throw unanswered ?? refusal;
      });
      const made = { region: of.region, service: of.service, action, kind: cost.kind };
      try {
        const answer = await calls.tracer.run(spanOf(made), () => next(args));
        passage.answered();
        calls.made({ ...made, outcome: 'ok' });
        return answer;
      } catch (error) {
        const outcome = outcomeOf(error);
        if (outcome === 'failed') passage.unanswered();
        else if (outcome === 'not-sent') passage.abandoned();
        else passage.answered();
        noteRetryAt(error, calls.made({ ...made, outcome }));
        if (outcome === 'failed' && changesSomething(action) && !awsErrorFacts(error).unconnected) {
          unanswered ??= error;
        }
        throw outcome === 'failed' ? (unanswered ?? error) : error;
      }
    };
  };
  const place = { relation: 'after', toMiddleware: 'retryMiddleware', name: 'countCalls' };
  client.middlewareStack.addRelativeTo(middleware, place);
}
