// Made by tools/generate.mjs from src/documents and schema.graphql; never edited.

import { typed } from '../state/document';
import { fragmentMend, fragmentPerson } from './documents';
import type * as T from './types';

const fragmentSettings =
  'fragment Settings on TenantSettings{version region historyDays rereading{fromRegion region startedAt finishedAt total done reread joined held}guards{maxValuesPerKind maxCustomersPerRequest maxContacts strongKinds verifiedOnly readmitVerified}blocked{kind match value reason}pageRules{ignore rules{pattern category}}}';
const fragmentSource =
  'fragment Source on Source{id kind name url writeKey verifyToken answer addresses enabled createdAt stats{received recorded duplicates rejected unknown refused lastReceivedAt lastRefusal{at reason}}}';

export const Settings = typed<T.SettingsQuery, T.SettingsQueryVariables>(
  'query Settings{tenantSettings{...Settings}}',
  fragmentSettings,
);

export const SaveSettings = typed<T.SaveSettingsMutation, T.SaveSettingsMutationVariables>(
  'mutation SaveSettings($input:UpdateTenantSettingsInput!){updateTenantSettings(input:$input){settings{...Settings}userErrors{...Mend}}}',
  fragmentMend,
  fragmentSettings,
);

export const Audit = typed<T.AuditQuery, T.AuditQueryVariables>(
  'query Audit($customerId:ID$first:Int!$after:String){auditLog(customerId:$customerId first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{id at actor action customerId customer{...Person}requestId detail}}}',
  fragmentPerson,
);

export const Sources = typed<T.SourcesQuery, T.SourcesQueryVariables>(
  'query Sources($first:Int!){sources(first:$first){nodes{...Source}}}',
  fragmentSource,
);

export const CreateSource = typed<T.CreateSourceMutation, T.CreateSourceMutationVariables>(
  'mutation CreateSource($input:CreateSourceInput!){createSource(input:$input){source{...Source}secret userErrors{...Mend}}}',
  fragmentMend,
  fragmentSource,
);

export const UpdateSource = typed<T.UpdateSourceMutation, T.UpdateSourceMutationVariables>(
  'mutation UpdateSource($input:UpdateSourceInput!){updateSource(input:$input){source{...Source}userErrors{...Mend}}}',
  fragmentMend,
  fragmentSource,
);

export const RotateSourceSecret = typed<T.RotateSourceSecretMutation, T.RotateSourceSecretMutationVariables>(
  'mutation RotateSourceSecret($sourceId:ID!){rotateSourceSecret(sourceId:$sourceId){source{...Source}secret userErrors{...Mend}}}',
  fragmentMend,
  fragmentSource,
);

export const SourceEvents = typed<T.SourceEventsQuery, T.SourceEventsQueryVariables>(
  'query SourceEvents($sourceId:ID$outcomes:[SourceEventOutcome!]$first:Int!$after:String){sourceEvents(sourceId:$sourceId outcomes:$outcomes first:$first after:$after){pageInfo{hasNextPage endCursor}edges{cursor node{id sourceId at outcome type externalId errors{code message path}}}}}',
);

export const SourceEventPayload = typed<T.SourceEventPayloadQuery, T.SourceEventPayloadQueryVariables>(
  'query SourceEventPayload($sourceId:ID$outcomes:[SourceEventOutcome!]$first:Int!$after:String){sourceEvents(sourceId:$sourceId outcomes:$outcomes first:$first after:$after){nodes{id payload}}}',
);

export const SourceEventIds = typed<T.SourceEventIdsQuery, T.SourceEventIdsQueryVariables>(
  'query SourceEventIds($sourceId:ID$outcomes:[SourceEventOutcome!]$first:Int!$after:String){sourceEvents(sourceId:$sourceId outcomes:$outcomes first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{id sourceId}}}',
);

export const ReplaySourceEvents = typed<T.ReplaySourceEventsMutation, T.ReplaySourceEventsMutationVariables>(
  'mutation ReplaySourceEvents($sourceId:ID!$eventIds:[ID!]){replaySourceEvents(input:{sourceId:$sourceId eventIds:$eventIds}){replayed settled kept userErrors{...Mend}}}',
  fragmentMend,
);
