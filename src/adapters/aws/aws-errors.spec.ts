import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { ComputeError, type ComputeFailure } from '../../workers';
import { type AwsCall, computeErrorOf } from './aws-errors';

const RUN: AwsCall = { action: 'RunInstances', region: 'eu-west-1', changes: true };
const DESCRIBE: AwsCall = { action: 'DescribeInstances', region: 'eu-west-1', changes: false };

function awsError(name: string, httpStatusCode: number, message = 'Words of AWS.'): Error {
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  return new EC2ServiceException({ name, message, $fault, $metadata: { httpStatusCode } });
}

describe('an error of AWS', () => {
  it.each<[string, number, ComputeFailure]>([
    ['InsufficientInstanceCapacity', 500, 'capacity'],
    ['InsufficientHostCapacity', 500, 'capacity'],
    ['SpotMaxPriceTooLow', 400, 'capacity'],
    ['MaxSpotInstanceCountExceeded', 400, 'quota'],
    ['Unsupported', 400, 'placement'],
    ['InsufficientFreeAddressesInSubnet', 400, 'placement'],
    ['InvalidSubnetID.NotFound', 400, 'placement'],
    ['UnsupportedOperation', 400, 'rejected'],
    ['InvalidGroup.NotFound', 400, 'rejected'],
    ['RequestLimitExceeded', 503, 'throttled'],
    ['Throttling', 400, 'throttled'],
    ['ConcurrentTagAccess', 400, 'later'],
    ['RequestExpired', 400, 'credentials'],
    ['VcpuLimitExceeded', 400, 'quota'],
    ['AuthFailure', 401, 'credentials'],
    ['UnauthorizedOperation', 403, 'rejected'],
    ['OperationNotPermitted', 400, 'rejected'],
    ['InvalidInstanceID.NotFound', 400, 'not-found'],
    ['InvalidInstanceID.Malformed', 400, 'rejected'],
    ['IncorrectInstanceState', 400, 'wrong-state'],
    ['IdempotentParameterMismatch', 400, 'token-spent'],
    ['IdempotentInstanceTerminated', 400, 'token-spent'],
    ['SomethingNew', 400, 'rejected'],
    ['SomethingNew', 429, 'throttled'],
    ['InternalError', 500, 'unclear'],
    ['Unavailable', 503, 'unclear'],
  ])('%s (HTTP %i) on a launch is: %s', (code, status, failure) => {
    const error = computeErrorOf(awsError(code, status), RUN);

    expect(error).toMatchObject({ failure, awsCode: code });
  });

  it('on a read leaves nothing unclear', () => {
    expect(computeErrorOf(awsError('InternalError', 500), DESCRIBE).failure).toBe('later');
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(computeErrorOf(reset, DESCRIBE)).toMatchObject({ failure: 'later', awsCode: 'ECONNRESET' });
  });

  it('is unclear on a launch whose connection broke, and after anything that is not understood', () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(computeErrorOf(reset, RUN)).toMatchObject({ failure: 'unclear', awsCode: 'ECONNRESET' });
    expect(computeErrorOf(new SyntaxError('no XML'), RUN)).toMatchObject({ failure: 'unclear' });
    expect(computeErrorOf('thrown text', RUN)).toMatchObject({ failure: 'unclear', awsCode: 'Unknown' });
  });

  it('is no doubt where no connection came about: nothing was sent', () => {
    const refused = { code: 'ECONNREFUSED', syscall: 'connect' };
    const unreachable = { failure: 'unreachable', awsCode: 'ECONNREFUSED' };
    expect(computeErrorOf(Object.assign(new Error('connect'), refused), RUN)).toMatchObject(unreachable);
    const bothAddresses = new AggregateError([refused, { ...refused, code: 'EHOSTUNREACH' }]);
    expect(computeErrorOf(Object.assign(bothAddresses, { code: 'ECONNREFUSED' }), RUN)).toMatchObject(
      unreachable,
    );

    const cut = Object.assign(new Error('read'), { code: 'EHOSTUNREACH', syscall: 'read' });
    expect(computeErrorOf(cut, RUN)).toMatchObject({ failure: 'unclear', awsCode: 'EHOSTUNREACH' });
  });

  it('of a time-out is told by what timed out', () => {
    const timeout = (message: string) => Object.assign(new Error(message), { name: 'TimeoutError' });
    const connecting = timeout(
      '@smithy/node-http-handler - the request socket did not establish a connection with the server within 5 ms.',
    );
    expect(computeErrorOf(connecting, RUN).failure).toBe('unreachable');
    expect(computeErrorOf(timeout('a request has exceeded 5 ms'), RUN).failure).toBe('unclear');
  });

  it('without credentials was never sent', () => {
    const error = Object.assign(new Error('Could not load credentials'), {
      name: 'CredentialsProviderError',
    });

    expect(computeErrorOf(error, RUN)).toMatchObject({ failure: 'credentials' });
  });

  it('says what to do, where, and what AWS said', () => {
    const error = computeErrorOf(awsError('VcpuLimitExceeded', 400, 'You have requested 96 vCPU.'), RUN);

    expect(error.message).toBe(
      'A quota of the AWS account is used up. Raise it in Service Quotas, or stop other instances. ' +
        '(RunInstances in eu-west-1: VcpuLimitExceeded, You have requested 96 vCPU.)',
    );
  });

  it('keeps what nobody can read out of the message, and what nobody should', () => {
    const encoded = `You are not authorized. Encoded authorization failure message: ${'x'.repeat(2_000)}`;
    const denied = computeErrorOf(awsError('UnauthorizedOperation', 403, encoded), RUN);
    expect(denied.message).toMatch(/You are not authorized[.]\)$/);

    const signature = computeErrorOf(awsError('SignatureDoesNotMatch', 403, 'canonical string AKIA'), RUN);
    expect(signature.message).not.toContain('AKIA');
    expect(signature.cause).toBeUndefined();
  });

  it('that is ours already stays as it is', () => {
    const ours = new ComputeError('rejected', 'SendBeforePassed', 'too late');

    expect(computeErrorOf(ours, RUN)).toBe(ours);
  });
});
