import { Duration, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi as Api,
  CorsHttpMethod,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { contexts, openPages } from '../../functions/entrypoints/contexts.ts';
import type { StageContext } from '../stage-context.ts';
import { ApiDomain } from './api-domain.ts';
import type { ServiceFunction } from './service-function.ts';

type ContextFunctionName = (typeof contexts)[keyof typeof contexts];

export interface HttpApiProps {
  readonly context: StageContext;
  readonly functions: { readonly [Name in ContextFunctionName]: ServiceFunction<Name> };
  /** Answers the open pages and the preflight requests. */
  readonly docs: ServiceFunction<'http-docs'>;
}

/** One JSON line a request; no query strings and no tokens, since they may name people. */
const accessLogLine = JSON.stringify({
  requestId: '$context.requestId',
  at: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latency: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  sourceIp: '$context.identity.sourceIp',
});

/**
 * The HTTP API: two routes with an authorizer per context, whose function routes on by itself, since one route per
 * operation would break quotas (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
 */
export class HttpApi extends Construct {
  /** Where the API is: its own name if it has one, else the address that AWS gives. */
  readonly url: string;
  private readonly api: Api;
  private readonly integrations = new Map<ServiceFunction, HttpLambdaIntegration>();

  constructor(scope: Construct, id: string, { context, functions, docs }: HttpApiProps) {
    super(scope, id);
    this.api = new Api(this, 'Api', {
      apiName: `cloud-service-desk-${context.config.stage}`,
      createDefaultStage: false,
      disableExecuteApiEndpoint: context.config.domain !== null,
      corsPreflight: {
        allowOrigins: [...context.config.corsOrigins],
        allowMethods: [
          CorsHttpMethod.GET,
          CorsHttpMethod.POST,
          CorsHttpMethod.PUT,
          CorsHttpMethod.PATCH,
          CorsHttpMethod.DELETE,
        ],
        allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match'],
        exposeHeaders: ['ETag', 'Location', 'Retry-After'],
        maxAge: Duration.hours(1),
      },
    });
    const authorizer = this.authorizer(context);
    for (const [name, functionName] of Object.entries(contexts)) {
      for (const path of [`/v1/${name}`, `/v1/${name}/{proxy+}`]) {
        this.api.addRoutes({
          path,
          methods: [HttpMethod.ANY],
          integration: this.to(functions[functionName]),
          authorizer,
        });
        // ANY takes preflight requests too, and its authorizer would refuse them, for a browser sends no token with them:
        // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
        this.api.addRoutes({ path, methods: [HttpMethod.OPTIONS], integration: this.to(docs) });
      }
    }
    for (const path of openPages) this.api.addRoutes({ path, methods: [HttpMethod.GET], integration: this.to(docs) });
    const stage = this.addStage(context);
    this.url = context.config.domain === null ? this.api.apiEndpoint : `https://${context.config.domain.name}`;
    if (context.config.domain !== null)
      new ApiDomain(this, 'Domain', { ...context.config.domain, apiId: this.api.apiId, stage: stage.stageName });
    context.parameters.publish(this, 'http-api-id', this.api.apiId);
  }

  /** Access tokens of either client; the authorizer compares the audience with `client_id` where `aud` is missing. */
  private authorizer({ config, parameters }: StageContext): HttpJwtAuthorizer {
    const issuer = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${parameters.read(this, 'user-pool-id')}`;
    const jwtAudience = [parameters.read(this, 'user-pool-client-id')];
    if (config.machineClient) jwtAudience.push(parameters.read(this, 'machine-client-id'));
    return new HttpJwtAuthorizer('Tokens', issuer, { jwtAudience });
  }

  /** One integration per function, and one permission for all its routes: a Lambda's policy holds 20 KB. */
  private to(target: ServiceFunction): HttpLambdaIntegration {
    const known = this.integrations.get(target);
    if (known !== undefined) return known;
    const integration = new HttpLambdaIntegration(target.name, target.live, { scopePermissionToRoute: false });
    this.integrations.set(target, integration);
    return integration;
  }

  private addStage({ config, removalPolicy }: StageContext): HttpStage {
    const logGroup = new LogGroup(this, 'AccessLog', { retention: config.logRetentionDays, removalPolicy });
    return new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: config.throttle.requestsPerSecond, burstLimit: config.throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        format: AccessLogFormat.custom(accessLogLine),
      },
    });
  }
}
