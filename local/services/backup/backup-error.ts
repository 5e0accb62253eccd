import { ServiceError } from '../service-error.ts';

/** Errors in the words of AWS Backup. */
export const notFound = (message: string): ServiceError =>
  new ServiceError('ResourceNotFoundException', message, 400, { Type: 'Client' });

export const invalidValue = (message: string): ServiceError =>
  new ServiceError('InvalidParameterValueException', message, 400, { Type: 'Client' });

export const missingValue = (message: string): ServiceError =>
  new ServiceError('MissingParameterValueException', message, 400, { Type: 'Client' });

export const invalidRequest = (message: string): ServiceError =>
  new ServiceError('InvalidRequestException', message, 400, { Type: 'Client' });
