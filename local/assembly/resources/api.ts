import * as z from 'zod';
import type { ApiModel, FunctionModel } from '../../model.ts';
import { AssemblyError } from '../assembly-error.ts';
import type { World } from '../world.ts';
import { functionNamed } from './functions.ts';
import { numeric, resourcesOf } from './typed-resources.ts';

const corsSchema = z.object({
  AllowOrigins: z.array(z.string()).default([]),
  AllowMethods: z.array(z.string()).default([]),
  AllowHeaders: z.array(z.string()).default([]),
  ExposeHeaders: z.array(z.string()).default([]),
  MaxAge: numeric.optional(),
});
const apiSchema = z.object({ CorsConfiguration: corsSchema.optional(), ProtocolType: z.string().optional() });
const integrationSchema = z.object({ IntegrationUri: z.string() });
const routeSchema = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
  AuthorizationScopes: z.array(z.string()).default([]),
});
const authorizerSchema = z.object({
  AuthorizerType: z.literal('JWT'),
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()).default([]) }),
});

/** `arn:aws:apigateway:...:path/2015-03-31/functions/<function>/invocations`, or the function's ARN itself. */
const functionOfUri = (uri: string): string => /\/functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri;

/** The HTTP API. @throws AssemblyError when there are several, or authorizers of which one cannot know which holds. */
export const readApi = (world: World, functions: readonly FunctionModel[]): ApiModel => {
  const [api, ...others] = resourcesOf(world, 'AWS::ApiGatewayV2::Api', apiSchema);
  if (others.length > 0)
    throw new AssemblyError(`one HTTP API is supported, found also ${others.map(({ id }) => id).join(', ')}`);
  const [authorizer, ...more] = resourcesOf(world, 'AWS::ApiGatewayV2::Authorizer', authorizerSchema);
  if (more.length > 0)
    throw new AssemblyError(`one authorizer is supported, found also ${more.map(({ id }) => id).join(', ')}`);
  const integrations = new Map(
    resourcesOf(world, 'AWS::ApiGatewayV2::Integration', integrationSchema).map((integration) => [
      integration.ref,
      integration,
    ]),
  );
  const routes = resourcesOf(world, 'AWS::ApiGatewayV2::Route', routeSchema).map(({ id, properties }) => {
    const integration = integrations.get(properties.Target.replace(/^integrations\//, ''));
    if (integration === undefined) throw new AssemblyError(`${id}: no integration ${properties.Target}`);
    const uri = functionOfUri(integration.properties.IntegrationUri);
    return {
      routeKey: properties.RouteKey,
      functionId: functionNamed(functions, uri, integration.id).id,
      authorized: properties.AuthorizationType === 'JWT',
      scopes: properties.AuthorizationScopes,
    };
  });
  const cors = api?.properties.CorsConfiguration;
  const jwt = authorizer?.properties.JwtConfiguration;
  return {
    id: api?.ref ?? 'none',
    routes,
    authorizer: jwt === undefined ? null : { issuer: jwt.Issuer, audience: jwt.Audience },
    cors:
      cors === undefined
        ? null
        : {
            allowOrigins: cors.AllowOrigins,
            allowMethods: cors.AllowMethods,
            allowHeaders: cors.AllowHeaders,
            exposeHeaders: cors.ExposeHeaders,
            maxAgeSeconds: cors.MaxAge ?? null,
          },
  };
};
