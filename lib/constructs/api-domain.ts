import { CfnApiMapping, DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { output } from './output.ts';

export interface ApiDomainProps {
  readonly apiId: string;
  readonly stage: string;
  readonly name: string;
  readonly certificateArn: string;
  /** Null: whoever owns the name points it at the output ApiDomainTarget. */
  readonly hostedZone: { readonly id: string; readonly name: string } | null;
}

/** The API's own name: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html */
export class ApiDomain extends Construct {
  constructor(scope: Construct, id: string, { apiId, stage, name, certificateArn, hostedZone }: ApiDomainProps) {
    super(scope, id);
    const domain = new DomainName(this, 'Name', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new CfnApiMapping(this, 'Mapping', { apiId, stage, domainName: domain.name });
    output(this, 'ApiDomainTarget', {
      value: domain.regionalDomainName,
      description: `Where ${name} must point to`,
    });
    if (hostedZone === null) return;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: hostedZone.id,
      zoneName: hostedZone.name,
    });
    const target = new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId);
    new ARecord(this, 'Record', { zone, recordName: `${name}.`, target: RecordTarget.fromAlias(target) });
  }
}
