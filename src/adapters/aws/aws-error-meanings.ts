import { type ComputeFailure } from '../../workers';

/** What an error code of AWS means for us, and what people can do about it. */
export interface AwsErrorMeaning {
  readonly failure: ComputeFailure;
  readonly advice: string;
}

interface Group extends AwsErrorMeaning {
  readonly codes: readonly string[];
}

/** By what AWS documents for EC2, STS and CloudWatch; where the HTTP status says something else, the code counts. */
const GROUPS: readonly Group[] = [
  {
    failure: 'capacity',
    advice:
      'AWS has no capacity for this instance type at the moment. It is tried again; another type may be free.',
    codes: [
      'InsufficientInstanceCapacity',
      'InsufficientHostCapacity',
      'InsufficientCapacity',
      'InsufficientCapacityOnHost',
      'InsufficientReservedInstanceCapacity',
      'InsufficientVolumeCapacity',
    ],
  },
  {
    failure: 'capacity',
    advice: 'Spot capacity costs more than is offered at the moment. It is tried again.',
    codes: ['SpotMaxPriceTooLow'],
  },
  {
    failure: 'throttled',
    advice: 'AWS answers fewer calls than this account makes at the moment. It is tried again.',
    codes: [
      'RequestLimitExceeded',
      'Throttling',
      'ThrottlingException',
      'ThrottledException',
      'EC2ThrottledException',
      'RequestThrottled',
      'RequestThrottledException',
      'SlowDown',
      'TooManyRequestsException',
    ],
  },
  {
    failure: 'placement',
    advice: 'The subnet has no free address. Give addresses free, or use another subnet.',
    codes: ['InsufficientFreeAddressesInSubnet'],
  },
  {
    failure: 'placement',
    advice: 'There is no such subnet in this region, or it is not shared with the account.',
    codes: ['InvalidSubnetID.NotFound', 'InvalidSubnet'],
  },
  {
    failure: 'placement',
    advice: 'The instance type is not offered in this availability zone. Use another type or another subnet.',
    codes: ['Unsupported'],
  },
  {
    failure: 'later',
    advice: 'Somebody else is changing or using the same thing. It is tried again.',
    codes: ['ConcurrentTagAccess', 'DependencyViolation', 'VolumeInUse'],
  },
  {
    failure: 'later',
    advice: 'AWS makes so many snapshots at a time, and no more. It is tried again.',
    codes: [
      'PendingSnapshotLimitExceeded',
      'ConcurrentSnapshotLimitExceeded',
      'SnapshotCreationPerVolumeRateExceeded',
    ],
  },
  {
    failure: 'later',
    advice: 'AWS lost its place in a long list. The list is begun again.',
    codes: ['InvalidPaginationToken', 'InvalidNextToken'],
  },
  {
    failure: 'quota',
    advice: 'A quota of the AWS account is used up. Raise it in Service Quotas, or stop other instances.',
    codes: [
      'VcpuLimitExceeded',
      'InstanceLimitExceeded',
      'MaxSpotInstanceCountExceeded',
      'VolumeLimitExceeded',
      'SnapshotLimitExceeded',
      'AddressLimitExceeded',
      'TagLimitExceeded',
      'ResourceCountExceeded',
    ],
  },
  {
    failure: 'credentials',
    advice:
      'AWS does not accept our credentials. Check the access key, and the clock of this machine; ' +
      'if only launches fail, check that the image is shared with the account.',
    codes: [
      'AuthFailure',
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
      'IncompleteSignature',
      'InvalidClientTokenId',
      'UnrecognizedClientException',
      'MissingAuthenticationToken',
    ],
  },
  {
    failure: 'credentials',
    advice:
      'Our AWS credentials are out of date. Renew them; if they are new, check the clock of this machine.',
    codes: ['RequestExpired', 'ExpiredToken', 'ExpiredTokenException'],
  },
  {
    failure: 'credentials',
    advice: 'There are no AWS credentials. Set them in the environment, a profile or an instance role.',
    codes: ['CredentialsProviderError', 'TokenProviderError'],
  },
  {
    failure: 'rejected',
    advice:
      'The policy of our AWS user does not allow the call. Ask an administrator of the account to allow it.',
    codes: ['UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException'],
  },
  {
    failure: 'rejected',
    advice: 'The AWS account cannot be used in this region yet. Enable the region, or ask AWS support.',
    codes: ['OptInRequired', 'PendingVerification', 'Blocked'],
  },
  {
    failure: 'rejected',
    advice: 'The instance is protected against this. Lift its stop or termination protection in AWS first.',
    codes: ['OperationNotPermitted'],
  },
  {
    failure: 'rejected',
    advice: 'There is no such image in this region, or it is not shared with the account.',
    codes: ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable', 'InvalidAMIID.Malformed'],
  },
  {
    failure: 'rejected',
    advice:
      'There is no such security group, key or volume in this region. Check the settings of the worker.',
    codes: [
      'InvalidGroup.NotFound',
      'InvalidKeyPair.NotFound',
      'InvalidSnapshot.NotFound',
      'InvalidVolume.NotFound',
    ],
  },
  {
    failure: 'rejected',
    advice:
      'This cannot be done with this instance: its type, its image or its being a Spot does not allow it.',
    codes: ['UnsupportedOperation', 'InvalidInstanceAttributeValue', 'UnsupportedHibernationConfiguration'],
  },
  {
    failure: 'wrong-state',
    advice: 'The instance is not in a state for this. Its state is read again first.',
    codes: ['IncorrectInstanceState', 'IncorrectState', 'InvalidInstanceState', 'IncorrectSpotRequestState'],
  },
  {
    failure: 'not-found',
    advice: 'EC2 does not know the instance: it is gone, or too new to be visible.',
    codes: ['InvalidInstanceID.NotFound'],
  },
  {
    failure: 'token-spent',
    advice: 'The launch was sent before with other values, or its instance is gone. A new launch is made.',
    codes: ['IdempotentParameterMismatch', 'IdempotentInstanceTerminated'],
  },
];

export const AWS_ERROR_MEANINGS: ReadonlyMap<string, AwsErrorMeaning> = new Map(
  GROUPS.flatMap(({ codes, failure, advice }) => codes.map((code) => [code, { failure, advice }] as const)),
);
