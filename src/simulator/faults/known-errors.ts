/** How AWS answers an error code. */
export interface KnownError {
  readonly httpStatus: number;
  readonly message: string;
}

/**
 * Errors that can be provoked by their code alone, with the status that goes with it. Most are 400; that a lack of
 * capacity is a 500, which SDKs repeat by themselves, is no slip.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const ERRORS: Readonly<Record<string, readonly [httpStatus: number, message: string]>> = {
  InsufficientInstanceCapacity: [
    500,
    'We currently do not have sufficient capacity in the Availability Zone you requested. Our system will be working on provisioning additional capacity.',
  ],
  InsufficientHostCapacity: [500, 'There is not enough capacity on the Dedicated Host.'],
  InsufficientCapacity: [500, 'There is not enough capacity to fulfill your request.'],
  InternalError: [500, 'An internal error has occurred'],
  InternalFailure: [500, 'The request processing has failed because of an unknown error.'],
  ServerInternal: [500, 'An internal error has occurred'],
  ServiceUnavailable: [503, 'The request has failed due to a temporary failure of the server.'],
  Unavailable: [503, 'The server is overloaded and can not handle the request.'],
  RequestLimitExceeded: [503, 'Request limit exceeded.'],
  Throttling: [400, 'Rate exceeded'],
  ThrottlingException: [400, 'Rate exceeded'],

  VcpuLimitExceeded: [
    400,
    'You have requested more vCPU capacity than your current vCPU limit of 96 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.',
  ],
  InstanceLimitExceeded: [400, 'You have requested more instances than your current instance limit allows.'],
  MaxSpotInstanceCountExceeded: [400, 'Max spot instance count exceeded'],
  SpotMaxPriceTooLow: [400, 'Your Spot request price is lower than the minimum required Spot request price.'],
  VolumeLimitExceeded: [400, 'You have exceeded your maximum gp3 storage limit in this region.'],
  AddressLimitExceeded: [400, 'The maximum number of addresses has been reached.'],
  TagLimitExceeded: [400, 'The maximum number of Tags for a resource has been reached.'],
  ResourceCountExceeded: [400, 'You have exceeded the number of resources allowed for this request.'],
  InsufficientFreeAddressesInSubnet: [
    400,
    'There are not enough free addresses in the subnet to satisfy the requested number of instances.',
  ],
  Unsupported: [
    400,
    'Your requested instance type is not supported in your requested Availability Zone. Please retry your request by not specifying an Availability Zone or choosing another one.',
  ],
  UnsupportedOperation: [400, 'The operation is not supported.'],

  AuthFailure: [401, 'AWS was not able to validate the provided access credentials'],
  UnauthorizedOperation: [403, 'You are not authorized to perform this operation.'],
  AccessDenied: [403, 'Access denied'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided.',
  ],
  InvalidClientTokenId: [403, 'The security token included in the request is invalid.'],
  RequestExpired: [400, 'Request has expired.'],
  ExpiredToken: [403, 'The security token included in the request is expired'],
  ExpiredTokenException: [403, 'The security token included in the request is expired'],
  OptInRequired: [401, 'You are not subscribed to this service.'],
  PendingVerification: [400, 'Your request for accessing resources in this region is being validated.'],
  Blocked: [403, 'This account is currently blocked and not recognized as a valid account.'],

  'InvalidAMIID.NotFound': [400, 'The image id does not exist'],
  'InvalidAMIID.Unavailable': [400, 'The image id is no longer available'],
  'InvalidInstanceID.NotFound': [400, 'The instance ID does not exist'],
  'InvalidSubnetID.NotFound': [400, 'The subnet ID does not exist'],
  'InvalidGroup.NotFound': [400, 'The security group does not exist'],
  'InvalidKeyPair.NotFound': [400, 'The key pair does not exist'],
  'InvalidVolume.NotFound': [400, 'The volume does not exist.'],
  'InvalidAllocationID.NotFound': [400, 'The allocation ID does not exist'],
  InvalidParameterValue: [400, 'A value specified in a parameter is not valid.'],
  InvalidParameterCombination: [400, 'The parameters cannot be used together.'],
  InvalidNextToken: [400, 'The specified NextToken is not valid.'],
  InvalidPaginationToken: [400, 'The pagination token is invalid'],
  IdempotentParameterMismatch: [400, 'The client token was used before with other parameters.'],
  IdempotentInstanceTerminated: [400, 'The instance that the client token launched has been terminated.'],
  IncorrectInstanceState: [400, 'The instance is not in a state from which it can be changed.'],
  IncorrectState: [400, 'The resource is in an incorrect state for the request.'],
  IncorrectSpotRequestState: [400, 'The Spot Instance request is not in a state for this.'],
  OperationNotPermitted: [400, 'The operation is not permitted: the instance is protected.'],
  ConcurrentTagAccess: [
    400,
    'You can not run simultaneous commands to modify a tag for a specific resource.',
  ],
  DependencyViolation: [400, 'The resource has a dependent object.'],
  VolumeInUse: [400, 'The volume is attached to an instance.'],
};

/** What AWS says with a code; null where the code is not known here. */
export function knownError(code: string): KnownError | null {
  const known = ERRORS[code];
  return known ? { httpStatus: known[0], message: known[1] } : null;
}
