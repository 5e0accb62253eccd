import * as z from 'zod';
import type { ParameterModel } from '../../model.ts';
import type { World } from '../world.ts';
import { resourcesOf } from './typed-resources.ts';

/** The SSM parameters. */
export const readParameters = (world: World): readonly ParameterModel[] =>
  resourcesOf(world, 'AWS::SSM::Parameter', z.object({ Value: z.string() })).map(({ arn, identity, properties }) => ({
    name: identity.name,
    arn,
    value: properties.Value,
  }));
