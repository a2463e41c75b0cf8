// Made by tools/generate.mjs from src/documents and schema.graphql; never edited.

import { typed } from '../state/document';
import type * as T from './types';

export const fragmentPerson =
  'fragment Person on Customer{id name primaryEmail primaryPhone}';
const fragmentComments =
  'fragment Comments on CommentConnection{totalCount{count}nodes{...CommentText}}';
const fragmentCommentText =
  'fragment CommentText on Comment{id text author createdAt}';
const fragmentItem =
  'fragment Item on HistoryItem{__typename id kind occurredAt channel direction summary source identity{kind value}comments(first:$comments){...Comments}...on Message{text parts{...Part}editedAt deliveryState}...on Call{callState durationSeconds recordingUrl}...on Email{subject text parts{...Part}editedAt emailState}...on PageView{url title category objectId description}...on Note{text editedAt}...on RecordEvent{recordType recordId recordState text editedAt}...on IdentityEvent{action merge{id active}}}';
const fragmentPart =
  'fragment Part on Part{__typename ...on TextPart{text}...on ImagePart{url alt}...on FilePart{url name contentType}}';
export const fragmentMend =
  'fragment Mend on UserError{code message path}';
const fragmentProfile =
  'fragment Profile on Customer{...Person version emails phoneNumbers status stage tags traits createdAt lastSeenAt stats{total lastInboundAt lastOutboundAt byKind{kind count}}identities(first:50){totalCount{count}pageInfo{hasNextPage}nodes{...Address}}merges(first:20){nodes{...MergeText}}keptApart{id createdAt actor customers{...Person}}suggestions{...Person lastSeenAt}}';
const fragmentAddress =
  'fragment Address on Identity{id kind kinds value namespace verification shared firstSeenAt lastSeenAt}';
const fragmentMergeText =
  'fragment MergeText on Merge{id active rule source actor reason createdAt undoneAt undoneBy customers{...Person}from{kind value}to{kind value}}';
const fragmentCallCard =
  'fragment CallCard on Call{id callState occurredAt direction identity{kind value}customer{...Person history(first:6){nodes{id kind channel direction occurredAt summary}}}}';

export const History = typed<T.HistoryQuery, T.HistoryQueryVariables>(
  'query History($id:ID!$filter:HistoryFilter$first:Int$after:String$last:Int$before:String$comments:Int!=2){customer(by:{id:$id}){id history(filter:$filter first:$first after:$after last:$last before:$before){liveCursor totalCount{count precision}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{...Item}}}}',
  fragmentCommentText,
  fragmentComments,
  fragmentItem,
  fragmentPart,
);

export const Feed = typed<T.FeedQuery, T.FeedQueryVariables>(
  'query Feed($filter:HistoryFilter$first:Int!$after:String$comments:Int!=2){feed(filter:$filter first:$first after:$after){liveCursor totalCount{count precision}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}nodes{...Item customer{...Person}}}}',
  fragmentCommentText,
  fragmentComments,
  fragmentItem,
  fragmentPart,
  fragmentPerson,
);

export const ItemComments = typed<T.ItemCommentsQuery, T.ItemCommentsQueryVariables>(
  'query ItemComments($id:ID!$after:String){node(id:$id){...on HistoryItem{id comments(first:200 after:$after){pageInfo{hasNextPage endCursor}...Comments}}}}',
  fragmentCommentText,
  fragmentComments,
);

export const AddComment = typed<T.AddCommentMutation, T.AddCommentMutationVariables>(
  'mutation AddComment($itemId:ID!$text:String!){addComment(input:{itemId:$itemId text:$text}){comment{...CommentText}userErrors{...Mend}}}',
  fragmentCommentText,
  fragmentMend,
);

export const LiveHistory = typed<T.LiveHistorySubscription, T.LiveHistorySubscriptionVariables>(
  'subscription LiveHistory($id:ID!$after:String$filter:HistoryFilter$comments:Int!=50){event:customerHistory(customer:{id:$id}after:$after filter:$filter){__typename cursor ...on HistoryItemAdded{item{...Item}}...on HistoryItemUpdated{item{...Item}}...on HistoryItemRemoved{itemId}...on CustomerRelinked{customer{id}}...on HistoryReset{reason}}}',
  fragmentCommentText,
  fragmentComments,
  fragmentItem,
  fragmentPart,
);

export const LiveFeed = typed<T.LiveFeedSubscription, T.LiveFeedSubscriptionVariables>(
  'subscription LiveFeed($after:String$filter:HistoryFilter$comments:Int!=50){event:feed(after:$after filter:$filter){__typename cursor ...on HistoryItemAdded{item{...Item customer{...Person}}}...on HistoryItemUpdated{item{...Item customer{...Person}}}...on HistoryItemRemoved{itemId}...on HistoryReset{reason}}}',
  fragmentCommentText,
  fragmentComments,
  fragmentItem,
  fragmentPart,
  fragmentPerson,
);

export const Me = typed<T.MeQuery, T.MeQueryVariables>(
  'query Me{viewer{subject tenant role}}',
);

export const TokenEnd = typed<T.TokenEndQuery, T.TokenEndQueryVariables>(
  'query TokenEnd{viewer{expiresAt}}',
);

export const Customers = typed<T.CustomersQuery, T.CustomersQueryVariables>(
  'query Customers($filter:CustomerFilter$orderBy:CustomerOrder!$first:Int!$after:String){customers(filter:$filter orderBy:$orderBy first:$first after:$after){totalCount{count precision}pageInfo{hasNextPage endCursor}nodes{...Person status stage tags lastSeenAt stats{total}}}}',
  fragmentPerson,
);

export const FindPeople = typed<T.FindPeopleQuery, T.FindPeopleQueryVariables>(
  'query FindPeople($query:String!$first:Int!){search(query:$query first:$first){nodes{customer{...Person}matches{field fragment ranges{start end}}}}}',
  fragmentPerson,
);

export const SearchAll = typed<T.SearchAllQuery, T.SearchAllQueryVariables>(
  'query SearchAll($query:String!$scopes:[SearchScope!]!$first:Int!$after:String){search(query:$query scopes:$scopes first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{customer{...Person lastSeenAt}item{id kind channel direction occurredAt summary}matches{field fragment ranges{start end}}}}}',
  fragmentPerson,
);

export const CustomerPage = typed<T.CustomerPageQuery, T.CustomerPageQueryVariables>(
  'query CustomerPage($id:ID!){customer(by:{id:$id}){...Profile}}',
  fragmentAddress,
  fragmentMergeText,
  fragmentPerson,
  fragmentProfile,
);

export const MoreIdentities = typed<T.MoreIdentitiesQuery, T.MoreIdentitiesQueryVariables>(
  'query MoreIdentities($id:ID!$after:String){customer(by:{id:$id}){id identities(first:200 after:$after){pageInfo{hasNextPage endCursor}nodes{...Address}}}}',
  fragmentAddress,
);

export const Activity = typed<T.ActivityQuery, T.ActivityQueryVariables>(
  'query Activity($id:ID!$days:Int!$offsetMinutes:Int!){customer(by:{id:$id}){id activity(days:$days offsetMinutes:$offsetMinutes){day count channels{channel count}}}}',
);

export const WhyLinked = typed<T.WhyLinkedQuery, T.WhyLinkedQueryVariables>(
  'query WhyLinked($id:ID!){node(id:$id){...on Identity{id evidence{rule source at actor from{kind value}to{kind value}}}}}',
);

export const MergePreview = typed<T.MergePreviewQuery, T.MergePreviewQueryVariables>(
  'query MergePreview($ids:[ID!]!){mergePreview(input:{customerIds:$ids}){expectedVersion customer{...Person createdAt}merged{...Person}emails phoneNumbers warnings{rule message refused}userErrors{...Mend}}}',
  fragmentMend,
  fragmentPerson,
);

export const Rules = typed<T.RulesQuery, T.RulesQueryVariables>(
  'query Rules($id:ID!){customer(by:{id:$id}){id keptApart{id customers{id}}}}',
);

export const Merge = typed<T.MergeMutation, T.MergeMutationVariables>(
  'mutation Merge($ids:[ID!]!$expectedVersion:Int$reason:String){mergeCustomers(input:{customerIds:$ids expectedVersion:$expectedVersion reason:$reason}){customer{...Person}merges{id}userErrors{...Mend}}}',
  fragmentMend,
  fragmentPerson,
);

export const UndoMerge = typed<T.UndoMergeMutation, T.UndoMergeMutationVariables>(
  'mutation UndoMerge($mergeId:ID!$keepApart:Boolean!){undoMerge(mergeId:$mergeId keepApart:$keepApart){customer{...Person}parted{...Person}userErrors{...Mend}}}',
  fragmentMend,
  fragmentPerson,
);

export const Split = typed<T.SplitMutation, T.SplitMutationVariables>(
  'mutation Split($customerId:ID!$identityIds:[ID!]!$keepApart:Boolean!$expectedVersion:Int){splitCustomer(input:{customerId:$customerId identityIds:$identityIds keepApart:$keepApart expectedVersion:$expectedVersion}){customer{...Person}parted{...Person}userErrors{...Mend}}}',
  fragmentMend,
  fragmentPerson,
);

export const UpdateCustomer = typed<T.UpdateCustomerMutation, T.UpdateCustomerMutationVariables>(
  'mutation UpdateCustomer($input:UpdateCustomerInput!){updateCustomer(input:$input){customer{...Person version status stage tags}userErrors{...Mend}}}',
  fragmentMend,
  fragmentPerson,
);

export const UpdateIdentity = typed<T.UpdateIdentityMutation, T.UpdateIdentityMutationVariables>(
  'mutation UpdateIdentity($input:UpdateIdentityInput!){updateIdentity(input:$input){identity{...Address}userErrors{...Mend}}}',
  fragmentAddress,
  fragmentMend,
);

export const AllowTogether = typed<T.AllowTogetherMutation, T.AllowTogetherMutationVariables>(
  'mutation AllowTogether($id:ID!){allowTogether(keepApartId:$id){customers{...Person}userErrors{...Mend}}}',
  fragmentMend,
  fragmentPerson,
);

export const Erase = typed<T.EraseMutation, T.EraseMutationVariables>(
  'mutation Erase($customerId:ID!$dryRun:Boolean!$expectedVersion:Int){eraseCustomer(customerId:$customerId dryRun:$dryRun expectedVersion:$expectedVersion){receipt{customerId customerIds at dryRun rows{table count}}userErrors{...Mend}}}',
  fragmentMend,
);

export const Reviews = typed<T.ReviewsQuery, T.ReviewsQueryVariables>(
  'query Reviews($state:ReviewState!$first:Int!$after:String){linkReviews(state:$state first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{id state rule message source createdAt decidedAt decidedBy customers{...Person lastSeenAt}identities{kind value verification}}}}',
  fragmentPerson,
);

export const HeldCount = typed<T.HeldCountQuery, T.HeldCountQueryVariables>(
  'query HeldCount{linkReviews(first:1){totalCount{count}}}',
);

export const Decide = typed<T.DecideMutation, T.DecideMutationVariables>(
  'mutation Decide($id:ID!$decision:ReviewDecision!){resolveLinkReview(reviewId:$id decision:$decision){review{id state decidedAt decidedBy}customer{...Person}merges{id}keptApart{id}userErrors{...Mend}}}',
  fragmentMend,
  fragmentPerson,
);

export const IncomingCalls = typed<T.IncomingCallsSubscription, T.IncomingCallsSubscriptionVariables>(
  'subscription IncomingCalls{incomingCalls{call{...CallCard}caller{kind value}}}',
  fragmentCallCard,
  fragmentPerson,
);

export const RingingCalls = typed<T.RingingCallsQuery, T.RingingCallsQueryVariables>(
  'query RingingCalls{ringingCalls(first:20){...CallCard}}',
  fragmentCallCard,
  fragmentPerson,
);

export const RecentCalls = typed<T.RecentCallsQuery, T.RecentCallsQueryVariables>(
  'query RecentCalls($since:DateTime!){feed(filter:{kinds:[CALL]direction:INBOUND since:$since}first:50){nodes{...CallCard}}}',
  fragmentCallCard,
  fragmentPerson,
);

export const OpenCalls = typed<T.OpenCallsQuery, T.OpenCallsQueryVariables>(
  'query OpenCalls($ids:[ID!]!){nodes(ids:$ids){...on Call{id callState}}}',
);
