// Made by tools/generate.mjs from src/documents and schema.graphql; never edited.

export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** The integer by which `POST /identify` knows a contact: a JSON number up to 2^53, which `Int` cannot hold. */
  ContactNumber: { input: number; output: number; }
  /**
   * Implement the DateTime<Utc> scalar
   *
   * The input/output is a string in RFC3339 format.
   */
  DateTime: { input: string; output: string; }
  /** Case-folded and trimmed; `Identity.rawValue` keeps the form that was sent. */
  EmailAddress: { input: string; output: string; }
  /** A scalar that can represent any JSON value. */
  JSON: { input: unknown; output: unknown; }
  /** E.164 where its country can have such a number, else its digits; an extension stands behind `;ext=`. */
  PhoneNumber: { input: string; output: string; }
  /** An https link. The server never fetches it. */
  URL: { input: string; output: string; }
};

/** A comment of the staff. */
export type AddCommentInput = {
  /** The history item's id. Exactly one of itemId and item is needed. */
  itemId?: InputMaybe<Scalars['ID']['input']>;
  /** The history item, by its id or by its source's own. Exactly one of itemId and item is needed. */
  item?: InputMaybe<ItemRef>;
  /** The comment, 1 to 5,000 characters. */
  text: Scalars['String']['input'];
};

/** What was done, in the audit log. */
export type AuditAction =
  /** Customers were joined by hand. */
  | 'MERGE'
  /** A merge was undone. */
  | 'UNDO_MERGE'
  /** Addresses were split off. */
  | 'SPLIT'
  /** An address was marked as shared, proved or wrong. */
  | 'UPDATE_IDENTITY'
  /** The staff changed what it says of a customer. */
  | 'UPDATE_CUSTOMER'
  /** A held link was decided. */
  | 'RESOLVE_REVIEW'
  /** A keep-apart rule was lifted. */
  | 'ALLOW_TOGETHER'
  /** The tenant's settings were changed. */
  | 'UPDATE_SETTINGS'
  /** A source was made. */
  | 'CREATE_SOURCE'
  /** A source was changed, switched on or off. */
  | 'UPDATE_SOURCE'
  /** A source was given a new secret. */
  | 'ROTATE_SOURCE_SECRET'
  /** Events that a source had kept were delivered again. */
  | 'REPLAY_SOURCE_EVENTS'
  /** The text of a comment was changed. */
  | 'UPDATE_COMMENT'
  /** A comment was deleted. */
  | 'DELETE_COMMENT'
  /** A history item was corrected. */
  | 'UPDATE_ITEM'
  /** A history item was deleted. */
  | 'DELETE_ITEM'
  /** An address was taken off a person. */
  | 'REMOVE_IDENTITY'
  /** Everything held about a person was handed out. */
  | 'EXPORT'
  /** A person was erased; the addresses do not come back. */
  | 'ERASE'
  /** A customer was deleted; the addresses may come back. */
  | 'DELETE';

/** Which entries of the audit log; every condition must hold. */
export type AuditLogFilter = {
  /** Done with tokens of this subject; `rapport` for what the server did by itself. */
  actor?: InputMaybe<Scalars['String']['input']>;
  /** One of these actions. */
  actions?: InputMaybe<Array<AuditAction>>;
  /** Done then or later. */
  since?: InputMaybe<Scalars['DateTime']['input']>;
  /** Done before then. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

/** How a blocked value is compared. */
export type BlockedMatch =
  /** The whole value, in any case; of a phone number its digits. */
  | 'EXACT'
  /** A regular expression over the whole value, in any case. */
  | 'PATTERN';

/** A value that is no identifier. */
export type BlockedRuleInput = {
  /** Only of this kind; of every kind where it is left out. */
  kind?: InputMaybe<IdentityKind>;
  /** How it is compared. */
  match: BlockedMatch;
  /** The value, or the regular expression; at most 255 characters. */
  value: Scalars['String']['input'];
  /** One line for people, told with what was ignored; at most 255 characters. */
  reason: Scalars['String']['input'];
};

/** A call. */
export type CallInput = {
  /** How far it has come. */
  state: CallState;
  /** How long the talk took, at most a week. */
  durationSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** Where the recording is; https only. */
  recordingUrl?: InputMaybe<Scalars['String']['input']>;
};

/** Names a call, in one of two ways. */
export type CallRef =
  /** The call's id. */
  { id: Scalars['ID']['input']; source?: never; }
  |  /** The source and its own id. */
  { id?: never; source: SourceRef; };

/** The states of a call; a finished call does not ring again. */
export type CallState =
  /** It rings. */
  | 'RINGING'
  /** Somebody took it. */
  | 'IN_PROGRESS'
  /** It ended after a talk. */
  | 'COMPLETED'
  /** Nobody took it. */
  | 'MISSED'
  /** Somebody refused it. */
  | 'DECLINED'
  /** It could not be put through. */
  | 'FAILED';

/** The way it came. */
export type Channel =
  /** The website. */
  | 'WEB'
  /** The company's app. */
  | 'APP'
  /** SMS. */
  | 'SMS'
  /** WhatsApp. */
  | 'WHATSAPP'
  /** Email. */
  | 'EMAIL'
  /** Telephone. */
  | 'VOICE'
  /** Facebook. */
  | 'FACEBOOK'
  /** Instagram. */
  | 'INSTAGRAM'
  /** Telegram. */
  | 'TELEGRAM'
  /** Twitter. */
  | 'TWITTER'
  /** In person. */
  | 'FIELD'
  /** Inside the company. */
  | 'INTERNAL'
  /** Another one, which `channelLabel` names. */
  | 'OTHER';

/** Whether a count is all of them. */
export type CountPrecision =
  /** All of them were counted. */
  | 'EXACT'
  /** Counting stopped here; there may be more. */
  | 'AT_LEAST';

/** A source that is to be made. */
export type CreateSourceInput = {
  /** What delivers. */
  kind: SourceKind;
  /** 1 to 64 of a-z, 0-9, _ . and -, unique in the tenant: it is `source` of its items. */
  name: Scalars['String']['input'];
  /** What the provider signs with; needed for TWILIO (the auth token) and META (the app secret), and for them only. */
  providerSecret?: InputMaybe<Scalars['String']['input']>;
  /** META: what Meta asks for when the address is subscribed; made where it is left out. */
  verifyToken?: InputMaybe<Scalars['String']['input']>;
  /** META, TELEGRAM: the token with which media are fetched. */
  accessToken?: InputMaybe<Scalars['String']['input']>;
  /** TWILIO: the TwiML that answers an incoming call. Without one the call is hung up. */
  answer?: InputMaybe<Scalars['String']['input']>;
  /** POSTMARK, EMAIL: the company's own addresses, such as `support@x.com`, or `@x.com` for a whole domain; at most 100. */
  addresses?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** Which customers; every condition must hold. */
export type CustomerFilter = {
  /** With one of these states. */
  status?: InputMaybe<Array<CustomerStatus>>;
  /** On one of these stages. */
  stages?: InputMaybe<Array<LifecycleStage>>;
  /** With all of these tags; `vip` is `VIP`. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Seen then or later. */
  seenSince?: InputMaybe<Scalars['DateTime']['input']>;
  /** With an address of one of these kinds. */
  identityKinds?: InputMaybe<Array<IdentityKind>>;
  /** With all of these traits, at most 10. */
  traits?: InputMaybe<Array<TraitFilter>>;
  /**
   * With all of these words in a name, an address or a trait, each whole or as the beginning of one; or whose address
   * begins so. At most 200 characters.
   */
  text?: InputMaybe<Scalars['String']['input']>;
  /** Seen for the last time before then. */
  seenUntil?: InputMaybe<Scalars['DateTime']['input']>;
  /** Not seen then or later: the same as `seenUntil`. Of both, the earlier time counts. */
  notSeenSince?: InputMaybe<Scalars['DateTime']['input']>;
  /** That began to exist then or later. */
  createdSince?: InputMaybe<Scalars['DateTime']['input']>;
  /** That began to exist before then. */
  createdUntil?: InputMaybe<Scalars['DateTime']['input']>;
  /**
   * On one of these stages of the company's own, without case, at most 50. A name that the settings do not have finds
   * nobody.
   */
  stageNames?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** How a list of customers is ordered. */
export type CustomerOrder =
  /**
   * Last seen first. Who is seen while a list is read page by page moves to its front, before the cursor: to read everybody,
   * take CREATED_DESC.
   */
  | 'LAST_SEEN_DESC'
  /** Newest first. */
  | 'CREATED_DESC'
  /** By name; customers without one are left out. */
  | 'NAME_ASC'
  /** By name from the end; customers without one are left out. */
  | 'NAME_DESC';

/** Names a customer, in one of three ways. Merges are followed. */
export type CustomerRef =
  /** The customer's id, or that of one merged into it. */
  { id: Scalars['ID']['input']; identity?: never; contactId?: never; }
  |  /** An address of the person. */
  { id?: never; identity: IdentityRef; contactId?: never; }
  |  /** The number by which `POST /identify` knows one of the person's contacts. */
  { id?: never; identity?: never; contactId: Scalars['ContactNumber']['input']; };

/** Whether a customer is dealt with. */
export type CustomerStatus =
  /** The usual state. */
  | 'ACTIVE'
  /** Set aside by the staff. */
  | 'INACTIVE'
  /** Erased at the person's request; never listed. */
  | 'ERASED';

/** Which comment goes. */
export type DeleteCommentInput = {
  /** The comment. */
  commentId: Scalars['ID']['input'];
};

/** Who goes, and why. */
export type DeleteCustomerInput = {
  /** The customer. */
  customer: CustomerRef;
  /** Why, at most 500 characters. The audit log keeps it for ever: it must name nobody. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** Tell what would go, and do nothing. */
  dryRun?: Scalars['Boolean']['input'];
  /** Delete it only if it still has this version. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** Which item goes. */
export type DeleteItemInput = {
  /** Which item. Changes of identity (IdentityEvent) cannot be deleted. */
  item: ItemRef;
  /** Why, at most 500 characters. The audit log keeps it for ever, also after the person was erased: it must name nobody. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** Delete it only if its `editedAt` still is this one; null: only if it was not edited. Left out, it does not matter. */
  expectedEditedAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** How far a message has come. */
export type DeliveryState =
  /** Waits to be sent. */
  | 'QUEUED'
  /** Sent. */
  | 'SENT'
  /** Reached the device. */
  | 'DELIVERED'
  /** Was read. */
  | 'READ'
  /** Could not be delivered. */
  | 'FAILED';

/** From whom to whom. */
export type Direction =
  /** From the customer. */
  | 'INBOUND'
  /** To the customer. */
  | 'OUTBOUND';

/**
 * An email: a subject, a text or parts. One with a messageId may be blank, and so may an outbound one whose state is told
 * before its words.
 */
export type EmailInput = {
  /** The subject line. */
  subject?: InputMaybe<Scalars['String']['input']>;
  /** Plain text, at most 20,000 characters. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** Texts, images and attachments, at most 20. */
  parts?: InputMaybe<Array<PartInput>>;
  /** How far it has come. */
  state?: InputMaybe<EmailState>;
  /** Its Message-ID (RFC 5322), with or without brackets: by it an answer finds its thread. */
  messageId?: InputMaybe<Scalars['String']['input']>;
  /** The Message-IDs of the messages to which it answers (References, then In-Reply-To), the nearest last, at most 100. */
  references?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** How far an email has come. */
export type EmailState =
  /** Being written. */
  | 'DRAFT'
  /** Waits to be sent. */
  | 'QUEUED'
  /** Sent. */
  | 'SENT'
  /** Reached the mailbox. */
  | 'DELIVERED'
  /** Was opened. */
  | 'OPENED'
  /** Came back. */
  | 'BOUNCED'
  /** Was marked as spam. */
  | 'SPAM'
  /** Was called off before it was sent. */
  | 'CANCELLED';

/** What happened: exactly one of these. */
export type EngagementBody =
  /** An SMS, a WhatsApp or a social message. */
  { message: MessageInput; call?: never; email?: never; note?: never; record?: never; }
  |  /** A telephone call. */
  { message?: never; call: CallInput; email?: never; note?: never; record?: never; }
  |  /** An email. */
  { message?: never; call?: never; email: EmailInput; note?: never; record?: never; }
  |  /** A note of the staff. */
  { message?: never; call?: never; email?: never; note: NoteInput; record?: never; }
  |  /** A ticket, lead, visit or order of another service. */
  { message?: never; call?: never; email?: never; note?: never; record: RecordInput; };

/**
 * One touch. (source, sourceId) is unique in a tenant: recording the same event twice is a no-op that says so, and the
 * same id for another customer is a CONFLICT.
 */
export type EngagementInput = {
  /** Whom it is about; an unknown address makes a customer. Left out (or `Anonymous`) for a withheld call only. */
  customer?: InputMaybe<CustomerRef>;
  /** The way it came. */
  channel: Channel;
  /** What the company calls the channel OTHER, 1 to 40 characters: needed with it, and for no other. */
  channelLabel?: InputMaybe<Scalars['String']['input']>;
  /** From whom to whom. */
  direction?: InputMaybe<Direction>;
  /** When it happened; now, where it is left out. At most a day ahead. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The system that recorded it; `api` where it is left out. */
  source?: InputMaybe<Scalars['String']['input']>;
  /** The source's own id. */
  sourceId?: InputMaybe<Scalars['String']['input']>;
  /** What happened. */
  body: EngagementBody;
};

/** A file. */
export type FilePartInput = {
  /** Where it is; https only. */
  url: Scalars['String']['input'];
  /** The file's name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** Its media type. */
  contentType?: InputMaybe<Scalars['String']['input']>;
};

/** Guards that are to change; what is left out stays as it is. */
export type GuardsInput = {
  /** The most values of one kind in one customer, from 1 to 10,000. */
  maxValuesPerKind?: InputMaybe<Scalars['Int']['input']>;
  /** The most customers that one request may join, from 1 to 50. */
  maxCustomersPerRequest?: InputMaybe<Scalars['Int']['input']>;
  /** The most contacts of one customer, from 1 to 10,000. */
  maxContacts?: InputMaybe<Scalars['Int']['input']>;
  /** Kinds of which two different values never come together in one customer. */
  strongKinds?: InputMaybe<Array<IdentityKind>>;
  /** Whether only addresses that a channel proved join two existing customers. */
  verifiedOnly?: InputMaybe<Scalars['Boolean']['input']>;
  /** Whether a verified contact of an erased person may begin anew. */
  readmitVerified?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Which items of a history; every condition must hold. */
export type HistoryFilter = {
  /** Of these kinds. */
  kinds?: InputMaybe<Array<HistoryKind>>;
  /** Records of these types. */
  recordTypes?: InputMaybe<Array<Scalars['String']['input']>>;
  /** That came these ways. */
  channels?: InputMaybe<Array<Channel>>;
  /** In this direction. */
  direction?: InputMaybe<Direction>;
  /** That happened then or later. */
  since?: InputMaybe<Scalars['DateTime']['input']>;
  /** That happened before then. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
  /** With all of these words; the last one may be cut off. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** From one of these sources, by the names under which they were recorded. */
  sources?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Records in one of these states, written as they were recorded. */
  recordStates?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** The kinds of history items. */
export type HistoryKind =
  /** An SMS, a WhatsApp or a social message. */
  | 'MESSAGE'
  /** A telephone call. */
  | 'CALL'
  /** An email. */
  | 'EMAIL'
  /** A page somebody looked at. */
  | 'PAGE_VIEW'
  /** A note of the staff. */
  | 'NOTE'
  /** A ticket, lead, visit or order of another service. */
  | 'RECORD'
  /** A change of identity: linked, merged, split. */
  | 'IDENTITY';

/** Which guard held a link back. */
export type HoldRule =
  /** The customers were set to be kept apart, or an address of one was rejected for the other. */
  | 'KEEP_APART'
  /** One request would have joined too many customers. */
  | 'TOO_MANY_CUSTOMERS'
  /** A customer would have had too many values of a kind. */
  | 'TOO_MANY_VALUES'
  /** A customer would have had too many contacts. */
  | 'TOO_MANY_CONTACTS'
  /** Both have an identity of a kind of which a person has only one. */
  | 'STRONG_IDENTITY'
  /** The evidence was claimed, not verified. */
  | 'VERIFIED_ONLY';

/** At least one of email, phoneNumber and identities. */
export type IdentifyInput = {
  /** An email; of `Eve <eve@x.example>` the name is used where none is given. */
  email?: InputMaybe<Scalars['String']['input']>;
  /** A phone number in any spelling; an extension (`x12`) makes a line of its own. */
  phoneNumber?: InputMaybe<Scalars['String']['input']>;
  /** Further addresses, at most 50. */
  identities?: InputMaybe<Array<IdentityInput>>;
  /**
   * The person's name; a newer one replaces an older one, but none that the staff set with `updateCustomer`. `NULL`, `-`,
   * an address and the like are none.
   */
  name?: InputMaybe<Scalars['String']['input']>;
  /** What else is known: a JSON object; a trait of null is taken away. */
  traits?: InputMaybe<Scalars['JSON']['input']>;
  /** The system that says so. */
  source?: InputMaybe<Scalars['String']['input']>;
  /** When it was said: not before 1970, at most a day ahead; now, where it is left out. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Tell what would happen, and do nothing. */
  dryRun?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What identify did. */
export type IdentifyOutcome =
  /** Nothing was known: a new customer. */
  | 'CREATED'
  /** Everything was known, of one customer. */
  | 'MATCHED'
  /** New values of a known customer. */
  | 'LINKED'
  /** Values of several customers: they are one now. */
  | 'MERGED'
  /** A guard held a link back; see `review`. */
  | 'HELD';

/** What changed about who somebody is. */
export type IdentityAction =
  /** An address was added. */
  | 'LINKED'
  /** Another customer turned out to be this one. */
  | 'MERGED'
  /** A merge was undone. */
  | 'UNMERGED'
  /** Addresses were split off. */
  | 'SPLIT'
  /** An address was marked as used by several people, or no longer. */
  | 'SHARED'
  /** An address was taken off the person. */
  | 'REMOVED'
  /** An address was taken off the person, to whom it never belonged. */
  | 'REJECTED'
  /** The person was erased. */
  | 'ERASED'
  /** A guard held a link back. */
  | 'HELD';

/** An address of the person. */
export type IdentityInput = {
  /** What it is an address of. */
  kind: IdentityKind;
  /** In any spelling. */
  value: Scalars['String']['input'];
  /** The system that an EXTERNAL id is of. */
  namespace?: InputMaybe<Scalars['String']['input']>;
  /** The channel proved it. */
  verified?: InputMaybe<Scalars['Boolean']['input']>;
};

/** What an identity is an address of. */
export type IdentityKind =
  /** An email address. */
  | 'EMAIL'
  /** A telephone number. */
  | 'PHONE'
  /** A WhatsApp number, or WhatsApp's own opaque id. */
  | 'WHATSAPP'
  /** A Facebook id. */
  | 'FACEBOOK'
  /** An Instagram handle. */
  | 'INSTAGRAM'
  /** A Telegram handle. */
  | 'TELEGRAM'
  /** A Twitter handle. */
  | 'TWITTER'
  /** The id of a login. */
  | 'USER_ID'
  /** The id of a visitor without a login. */
  | 'ANONYMOUS_ID'
  /** The id of a device. */
  | 'DEVICE'
  /** An id of another system, told apart by its namespace. */
  | 'EXTERNAL';

/** Names an address. */
export type IdentityRef = {
  /** What it is an address of. */
  kind: IdentityKind;
  /** In any spelling. */
  value: Scalars['String']['input'];
  /** Tells EXTERNAL ids of different systems apart. */
  namespace?: InputMaybe<Scalars['String']['input']>;
};

/** A picture. */
export type ImagePartInput = {
  /** Where it is; https only. */
  url: Scalars['String']['input'];
  /** What it shows. */
  alt?: InputMaybe<Scalars['String']['input']>;
};

/** Names a history item, in one of two ways. */
export type ItemRef =
  /** The item's id. */
  { id: Scalars['ID']['input']; source?: never; }
  |  /** The source that recorded it and its own id. */
  { id?: never; source: SourceRef; };

/** How far somebody has come. */
export type LifecycleStage =
  /** Has been seen. */
  | 'VISITOR'
  /** Has shown interest. */
  | 'LEAD'
  /** Has bought. */
  | 'CUSTOMER';

/** Whether a contact is the customer's oldest or a later one. */
export type LinkPrecedence =
  /** The oldest contact of the customer. */
  | 'PRIMARY'
  /** A later contact, linked straight to the primary. */
  | 'SECONDARY';

/** Why two identities are one person. */
export type LinkRule =
  /** The identity was the first that was seen of the person. */
  | 'FIRST_SEEN'
  /** It came together with an identity that was known already. */
  | 'SHARED_IDENTITY'
  /** Both came in one request. */
  | 'SAME_REQUEST'
  /** A person joined the customers. */
  | 'MANUAL_MERGE'
  /** A person split the customer. */
  | 'MANUAL_SPLIT'
  /** An import said so. */
  | 'IMPORT';

/** Customers who are one person. */
export type MergeCustomersInput = {
  /**
   * At least two, at most 50. The oldest survives; each is joined as what it was when its id was made, so that an undo
   * takes exactly that apart again. Either this or `customers`.
   */
  customerIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** The same, by whatever is known of them. Either this or `customerIds`. */
  customers?: InputMaybe<Array<CustomerRef>>;
  /** Merge only if the customer that will survive still has this version; `mergePreview` tells it. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Why, at most 500 characters; it is kept with the merge. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/**
 * A message: a text, parts, or both. An outbound one whose state is told before its words may have neither yet: they are
 * filled in when the same (source, sourceId) comes with them.
 */
export type MessageInput = {
  /** Plain text, at most 20,000 characters. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** Texts, images and files, at most 20. */
  parts?: InputMaybe<Array<PartInput>>;
  /** How far it has come. */
  deliveryState?: InputMaybe<DeliveryState>;
};

/** A note. */
export type NoteInput = {
  /** The note, at most 20,000 characters. */
  text: Scalars['String']['input'];
};

/** A rule over the whole path: `/cars/:object`, `/:lang/:category/:object`, `/blog/*`. */
export type PageRuleInput = {
  /** Segments: text, `:category`, `:object`, `:anything-else`, and at the end `*` for none or more. */
  pattern: Scalars['String']['input'];
  /** The category of what matches; else `:category`, else the first text of the pattern. */
  category?: InputMaybe<Scalars['String']['input']>;
};

/** What a page is about, by its path. */
export type PageRulesInput = {
  /** Paths that are about nothing, with everything below them. */
  ignore?: Array<Scalars['String']['input']>;
  /** The first that matches wins. */
  rules?: Array<PageRuleInput>;
};

/** A page that somebody looked at. */
export type PageViewInput = {
  /** Who looked; an unknown address makes a customer. */
  customer?: InputMaybe<CustomerRef>;
  /** The page's http(s) address, or its path. */
  url: Scalars['String']['input'];
  /** The page's title. */
  title?: InputMaybe<Scalars['String']['input']>;
  /** What kind of page; derived from the path by the tenant's rules where it is left out. */
  category?: InputMaybe<Scalars['String']['input']>;
  /** What the page is about; derived from the path by the tenant's rules where it is left out. */
  objectId?: InputMaybe<Scalars['String']['input']>;
  /** The visit it belongs to. */
  sessionId?: InputMaybe<Scalars['String']['input']>;
  /** What was seen there, in words. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** WEB, or APP. */
  channel?: InputMaybe<Channel>;
  /** When it happened; now, where it is left out. At most a day ahead. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The system that recorded it; `api` where it is left out. */
  source?: InputMaybe<Scalars['String']['input']>;
  /** The source's own id. */
  sourceId?: InputMaybe<Scalars['String']['input']>;
};

/** A part: exactly one of these. */
export type PartInput =
  /** A text. */
  { text: TextPartInput; image?: never; file?: never; }
  |  /** A picture. */
  { text?: never; image: ImagePartInput; file?: never; }
  |  /** A file. */
  { text?: never; image?: never; file: FilePartInput; };

/** A record of another service. */
export type RecordInput = {
  /** What the company calls it, such as ticket, lead, visit, order: 1 to 40 characters, kept and compared without case. */
  recordType: Scalars['String']['input'];
  /** The other service's number for it. */
  recordId?: InputMaybe<Scalars['String']['input']>;
  /** Its state there. */
  recordState?: InputMaybe<Scalars['String']['input']>;
  /** What it says in words. */
  text?: InputMaybe<Scalars['String']['input']>;
  /** What else there is, at most 32 KiB of JSON. */
  data?: InputMaybe<Scalars['JSON']['input']>;
};

/** Which address goes, and whether it was wrong. */
export type RemoveIdentityInput = {
  /** The address by its id. Exactly one of identityId and identity is needed. */
  identityId?: InputMaybe<Scalars['ID']['input']>;
  /** The address itself, in any spelling. Exactly one of identityId and identity is needed. */
  identity?: InputMaybe<IdentityRef>;
  /** Take it off only if it is this customer's. */
  customer?: InputMaybe<CustomerRef>;
  /**
   * Whether it was wrong for this person: it then does not come back by itself. A request that names it together with
   * another address of the person is HELD for review (rule KEEP_APART) and links nothing; alone it may become another
   * person's. `updateIdentity(rejected: false)` takes that back.
   */
  reject?: Scalars['Boolean']['input'];
  /** Why, at most 500 characters. The audit log keeps it for ever, also after the person was erased: it must name nobody. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** Take it off only if its customer still has this version. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** Which kept events are to be taken in again. */
export type ReplaySourceEventsInput = {
  /** The source through which they came. */
  sourceId: Scalars['ID']['input'];
  /**
   * These; where it is left out, all that the source has kept, the oldest 1,000 at once. At most 1,000. One
   * that is not kept any more is passed over.
   */
  eventIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** What is to become of a held link. */
export type ReviewDecision =
  /** They are one person: join them. */
  | 'JOIN'
  /** They are different people, and are not to be proposed again. */
  | 'KEEP_APART';

/** How far a review is. */
export type ReviewState =
  /** Waits for a decision. */
  | 'OPEN'
  /** The customers were joined. */
  | 'JOINED'
  /** The customers stay apart. */
  | 'KEPT_APART';

/** What a token's holder may do. */
export type Role =
  /** Reads. */
  | 'VIEWER'
  /** Reads and writes. */
  | 'AGENT'
  /** Records and identifies only. */
  | 'INGEST'
  /** Everything. */
  | 'ADMIN';

/** Where to look. */
export type SearchScope =
  /** Names, addresses, identity values, and traits that are texts. */
  | 'CUSTOMER'
  /** The words of messages, emails, notes, records and pages, also those of the addresses of pages. */
  | 'HISTORY';

/** Why an event was kept instead of recorded. */
export type SourceEventOutcome =
  /** It could not be taken: `errors` say why. */
  | 'REJECTED'
  /** rapport does not know what it is, or not of what it speaks. */
  | 'UNKNOWN';

/** What delivers to a source, and so in which format and how it is proved genuine. */
export type SourceKind =
  /** SDKs of Segment and RudderStack, and the website snippet. */
  | 'SEGMENT'
  /** Twilio: SMS, WhatsApp and calls. */
  | 'TWILIO'
  /** Meta: WhatsApp Cloud, Messenger and Instagram. */
  | 'META'
  /** Postmark: incoming mail, and what became of sent mail. */
  | 'POSTMARK'
  /** An own mail server: each mail as it is (RFC 5322). */
  | 'EMAIL'
  /** A Telegram bot. */
  | 'TELEGRAM'
  /** Android phones: SMS and calls. */
  | 'DEVICE'
  /** Anything that signs as Standard Webhooks do. */
  | 'WEBHOOK';

/** A source and its own id of something. */
export type SourceRef = {
  /** The system that recorded it. */
  source: Scalars['String']['input'];
  /** Its own id. */
  sourceId: Scalars['String']['input'];
};

/** Addresses that are another person's. */
export type SplitCustomerInput = {
  /** The customer's id, or that of one merged into it. Either this or `customer`. */
  customerId?: InputMaybe<Scalars['ID']['input']>;
  /** The customer, by whatever is known of it. Either this or `customerId`. */
  customer?: InputMaybe<CustomerRef>;
  /**
   * Some of the customer's addresses, not all, at most 1,000. What came through them goes with them. Either this or
   * `identities`.
   */
  identityIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** The same, as the addresses themselves. Either this or `identityIds`. */
  identities?: InputMaybe<Array<IdentityRef>>;
  /** Whether to add a rule that nothing joins the two again. */
  keepApart?: Scalars['Boolean']['input'];
  /** Split only if the customer still has this version. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** A stage that the company names. */
export type StageInput = {
  /** 1 to 40 characters; compared without case. */
  name: Scalars['String']['input'];
  /** Where it belongs among the three; it cannot change later. */
  stage: LifecycleStage;
  /** To rename a stage: what it is called so far. */
  formerName?: InputMaybe<Scalars['String']['input']>;
};

/** A text. */
export type TextPartInput = {
  /** The text. */
  text: Scalars['String']['input'];
};

/** A trait that a customer must have. */
export type TraitFilter = {
  /** The name of the trait, as it is written in `Customer.traits`; at most 200 characters. */
  key: Scalars['String']['input'];
  /**
   * A string of at most 200 characters (compared without case), a number or a boolean (compared by value). Traits with
   * longer strings, lists and objects are found by no filter.
   */
  value: Scalars['JSON']['input'];
};

/** A call's next state. */
export type UpdateCallInput = {
  /** Which call. */
  call: CallRef;
  /** How far it has come now. */
  state: CallState;
  /** How long the talk took, at most a week. */
  durationSeconds?: InputMaybe<Scalars['Int']['input']>;
  /** Where the recording is; https only. */
  recordingUrl?: InputMaybe<Scalars['String']['input']>;
  /** When it came that far; now, where it is left out. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A comment's new text. */
export type UpdateCommentInput = {
  /** The comment. */
  commentId: Scalars['ID']['input'];
  /** Its new text, 1 to 5,000 characters. */
  text: Scalars['String']['input'];
  /** Change it only if its `editedAt` still is this one; null: only if nobody edited it. Left out, it does not matter. */
  expectedEditedAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What the staff says of a customer; what is left out stays as it is. */
export type UpdateCustomerInput = {
  /** The customer's id, or that of one merged into it. Either this or `customer`. */
  customerId?: InputMaybe<Scalars['ID']['input']>;
  /** The customer, by whatever is known of it. Either this or `customerId`. */
  customer?: InputMaybe<CustomerRef>;
  /** Change it only if it still has this version. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /**
   * The name: it stays, whatever a channel calls the person later. Null gives it back: the name is again the one that a
   * channel said last. An empty one takes the name away, also what
   * channels said, until a channel says one anew.
   */
  name?: InputMaybe<Scalars['String']['input']>;
  /** ACTIVE or INACTIVE. */
  status?: InputMaybe<CustomerStatus>;
  /** How far the person has come. */
  stage?: InputMaybe<LifecycleStage>;
  /**
   * A stage of the company's own (`TenantSettings.stages`), and with it the one to which it belongs; null takes the name
   * away, and `stage` stays. Another `stage` takes it away too.
   */
  stageName?: InputMaybe<Scalars['String']['input']>;
  /** All tags, at most 50 of 1 to 50 characters; those that are not named go. */
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Tags that are added to those that are there; not beside `tags`. */
  addTags?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Tags that go, if they are there; not beside `tags`. */
  removeTags?: InputMaybe<Array<Scalars['String']['input']>>;
  /** A JSON object, merged with what is there; a trait of null is taken away. */
  traits?: InputMaybe<Scalars['JSON']['input']>;
};

/** Whom a change is about, and what is new; what is left out stays as it is. Either `customers` or `filter`. */
export type UpdateCustomersInput = {
  /** These, at most 1,000. One that is named twice is changed once. */
  customers?: InputMaybe<Array<CustomerRef>>;
  /** Those that this filter finds, the newest first: as many as `first` in one call, and so on from `after`. `{}` finds all. */
  filter?: InputMaybe<CustomerFilter>;
  /** With `filter`: how many in this call, 1 to 1,000. */
  first?: InputMaybe<Scalars['Int']['input']>;
  /**
   * With `filter`: `endCursor` of the call before; the filter must be the same. Who began to exist since the first call
   * is not among them.
   */
  after?: InputMaybe<Scalars['String']['input']>;
  /** ACTIVE or INACTIVE. */
  status?: InputMaybe<CustomerStatus>;
  /** How far the person has come. */
  stage?: InputMaybe<LifecycleStage>;
  /** A stage of the company's own (`TenantSettings.stages`), and with it the one to which it belongs; null takes it away. */
  stageName?: InputMaybe<Scalars['String']['input']>;
  /** Tags that are added to those that are there, at most 50 of 1 to 50 characters. */
  addTags?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Tags that go, where they are there. */
  removeTags?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** What is known of an address; what is left out stays as it is. */
export type UpdateIdentityInput = {
  /** The address, by its id. Either this or `identity`. */
  identityId?: InputMaybe<Scalars['ID']['input']>;
  /** The address itself. Either this or `identityId`. */
  identity?: InputMaybe<IdentityRef>;
  /** Whether several people use it: it stays findable and links nobody from now on. */
  shared?: InputMaybe<Scalars['Boolean']['input']>;
  /** How sure it is that the person owns it. */
  verification?: InputMaybe<Verification>;
  /**
   * Of an address that was taken off the person (`removeIdentity`), alone: whether it was wrong for the person. False lets
   * it come back when it is named together with another address of the person; nothing comes back by this alone.
   */
  rejected?: InputMaybe<Scalars['Boolean']['input']>;
  /** Change it only if its customer still has this version. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
};

/** What an item says from now on; what is left out stays as it is, and null takes it away. */
export type UpdateItemInput = {
  /** Which item. Changes of identity (IdentityEvent) cannot be edited. */
  item: ItemRef;
  /**
   * The words of a message, an email, a note or a record, at most 20,000 characters. Text parts give way to it; pictures
   * and files stay. A note, and a message or an email without anything else, must have some.
   */
  text?: InputMaybe<Scalars['String']['input']>;
  /** The subject of an email, at most 1,000 characters. */
  subject?: InputMaybe<Scalars['String']['input']>;
  /** The state of a record, at most 255 characters. */
  recordState?: InputMaybe<Scalars['String']['input']>;
  /** What else the other service told of a record: JSON, at most 32 KB, in place of what was there. */
  data?: InputMaybe<Scalars['JSON']['input']>;
  /** The title of a page view, at most 500 characters. */
  title?: InputMaybe<Scalars['String']['input']>;
  /** The description of a page view, at most 2,000 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** When it happened, of any kind of item: it moves in the history, and so do its cursor and the times derived from it. */
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Change it only if its `editedAt` still is this one; null: only if it was not edited. Left out, it does not matter. */
  expectedEditedAt?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What is to change of a source; what is left out stays. An empty text takes accessToken or answer away. */
export type UpdateSourceInput = {
  /** The source. */
  id: Scalars['ID']['input'];
  /** Whether it takes deliveries. */
  enabled?: InputMaybe<Scalars['Boolean']['input']>;
  /** TWILIO, META: what the provider signs with. */
  providerSecret?: InputMaybe<Scalars['String']['input']>;
  /** META: what Meta asks for when the address is subscribed. */
  verifyToken?: InputMaybe<Scalars['String']['input']>;
  /** META, TELEGRAM: the token with which media are fetched. */
  accessToken?: InputMaybe<Scalars['String']['input']>;
  /** TWILIO: the TwiML that answers an incoming call. */
  answer?: InputMaybe<Scalars['String']['input']>;
  /** POSTMARK, EMAIL: the whole list of the company's own addresses. */
  addresses?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** What is to change; what is left out stays as it is. */
export type UpdateTenantSettingsInput = {
  /** Change them only if they still have this version. */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /**
   * The country whose telephone numbers are written without a country code (ISO 3166). A change re-reads, in the
   * background, the numbers that were kept as digits (`TenantSettings.rereading`): they become numbers of the new region
   * where it can read them, and the same number as another customer's joins the two as `identify` would, or waits in
   * `linkReviews`. Numbers with a country code, and those that the old region could read, stay as they are.
   */
  region?: InputMaybe<Scalars['String']['input']>;
  /** What stops a link that is probably wrong. */
  guards?: InputMaybe<GuardsInput>;
  /** The whole list of the tenant's own blocked values, at most 500. */
  blocked?: InputMaybe<Array<BlockedRuleInput>>;
  /** All rules for pages, at most 50 of each kind. */
  pageRules?: InputMaybe<PageRulesInput>;
  /** Days that engagements and page views are kept; null for ever. */
  historyDays?: InputMaybe<Scalars['Int']['input']>;
  /**
   * The whole list of the company's own stages, at most 50, in its order. A stage that keeps its name, or tells its
   * former one, keeps its customers: a new name shows at once and everywhere. Who is on one that is taken away stays on
   * the LifecycleStage that it belonged to, without a name of the company's own, also when the name comes back.
   */
  stages?: InputMaybe<Array<StageInput>>;
};

/** What the user can correct. */
export type UserErrorCode =
  /** The value cannot be what it should be, or a needed one is missing. */
  | 'INVALID'
  /**
   * There is no such thing. Every wrong id of a mutation is this error, at its place: what is no id at all, the id of
   * something else, another tenant's, and the id of what is not there.
   */
  | 'NOT_FOUND'
  /** It contradicts what is there. */
  | 'CONFLICT'
  /** The customer was changed meanwhile: read it again. */
  | 'VERSION_CONFLICT'
  /** The tenant's rules, or an erasure, forbid it. */
  | 'BLOCKED'
  /** More than is allowed. */
  | 'LIMIT_EXCEEDED'
  /** The state cannot follow the one before. */
  | 'ILLEGAL_TRANSITION';

/** How sure it is that the person owns the address. */
export type Verification =
  /** Somebody typed it. */
  | 'CLAIMED'
  /** A channel proved it: an inbound call, SMS or WhatsApp message, a login. */
  | 'VERIFIED'
  /** Known to be wrong. */
  | 'INVALID';

export type SettingsFragment = { version: number, region: string, historyDays: number | null, rereading: { fromRegion: string, region: string, startedAt: string, finishedAt: string | null, total: number, done: number, reread: number, joined: number, held: number } | null, guards: { maxValuesPerKind: number, maxCustomersPerRequest: number, maxContacts: number, strongKinds: Array<IdentityKind>, verifiedOnly: boolean, readmitVerified: boolean }, blocked: Array<{ kind: IdentityKind | null, match: BlockedMatch, value: string, reason: string }>, pageRules: { ignore: Array<string>, rules: Array<{ pattern: string, category: string | null }> } };

export type SettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type SettingsQuery = { tenantSettings: { version: number, region: string, historyDays: number | null, rereading: { fromRegion: string, region: string, startedAt: string, finishedAt: string | null, total: number, done: number, reread: number, joined: number, held: number } | null, guards: { maxValuesPerKind: number, maxCustomersPerRequest: number, maxContacts: number, strongKinds: Array<IdentityKind>, verifiedOnly: boolean, readmitVerified: boolean }, blocked: Array<{ kind: IdentityKind | null, match: BlockedMatch, value: string, reason: string }>, pageRules: { ignore: Array<string>, rules: Array<{ pattern: string, category: string | null }> } } };

export type SaveSettingsMutationVariables = Exact<{
  input: UpdateTenantSettingsInput;
}>;


export type SaveSettingsMutation = { updateTenantSettings: { settings: { version: number, region: string, historyDays: number | null, rereading: { fromRegion: string, region: string, startedAt: string, finishedAt: string | null, total: number, done: number, reread: number, joined: number, held: number } | null, guards: { maxValuesPerKind: number, maxCustomersPerRequest: number, maxContacts: number, strongKinds: Array<IdentityKind>, verifiedOnly: boolean, readmitVerified: boolean }, blocked: Array<{ kind: IdentityKind | null, match: BlockedMatch, value: string, reason: string }>, pageRules: { ignore: Array<string>, rules: Array<{ pattern: string, category: string | null }> } } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type AuditQueryVariables = Exact<{
  customerId?: InputMaybe<Scalars['ID']['input']>;
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type AuditQuery = { auditLog: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, at: string, actor: string, action: AuditAction, customerId: string | null, requestId: string, detail: unknown, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null }> } };

export type PersonFragment = { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null };

export type CommentsFragment = { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> };

export type CommentTextFragment = { id: string, text: string, author: string, createdAt: string };

type Item_Call_Fragment = { __typename: 'Call', callState: CallState, durationSeconds: number | null, recordingUrl: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } };

type Item_Email_Fragment = { __typename: 'Email', subject: string | null, text: string | null, editedAt: string | null, emailState: EmailState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, parts: Array<
    | { __typename: 'TextPart', text: string }
    | { __typename: 'ImagePart', url: string, alt: string | null }
    | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
  >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } };

type Item_IdentityEvent_Fragment = { __typename: 'IdentityEvent', action: IdentityAction, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, merge: { id: string, active: boolean } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } };

type Item_Message_Fragment = { __typename: 'Message', text: string | null, editedAt: string | null, deliveryState: DeliveryState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, parts: Array<
    | { __typename: 'TextPart', text: string }
    | { __typename: 'ImagePart', url: string, alt: string | null }
    | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
  >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } };

type Item_Note_Fragment = { __typename: 'Note', text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } };

type Item_PageView_Fragment = { __typename: 'PageView', url: string, title: string | null, category: string | null, objectId: string | null, description: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } };

type Item_RecordEvent_Fragment = { __typename: 'RecordEvent', recordType: string, recordId: string | null, recordState: string | null, text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } };

export type ItemFragment =
  | Item_Call_Fragment
  | Item_Email_Fragment
  | Item_IdentityEvent_Fragment
  | Item_Message_Fragment
  | Item_Note_Fragment
  | Item_PageView_Fragment
  | Item_RecordEvent_Fragment
;

type Part_TextPart_Fragment = { __typename: 'TextPart', text: string };

type Part_ImagePart_Fragment = { __typename: 'ImagePart', url: string, alt: string | null };

type Part_FilePart_Fragment = { __typename: 'FilePart', url: string, name: string | null, contentType: string | null };

export type PartFragment =
  | Part_TextPart_Fragment
  | Part_ImagePart_Fragment
  | Part_FilePart_Fragment
;

export type HistoryQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  filter?: InputMaybe<HistoryFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  comments?: Scalars['Int']['input'];
}>;


export type HistoryQuery = { customer: { id: string, history: { liveCursor: string, totalCount: { count: number, precision: CountPrecision }, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<
        | { __typename: 'Call', callState: CallState, durationSeconds: number | null, recordingUrl: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Email', subject: string | null, text: string | null, editedAt: string | null, emailState: EmailState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'IdentityEvent', action: IdentityAction, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, merge: { id: string, active: boolean } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Message', text: string | null, editedAt: string | null, deliveryState: DeliveryState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Note', text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'PageView', url: string, title: string | null, category: string | null, objectId: string | null, description: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'RecordEvent', recordType: string, recordId: string | null, recordState: string | null, text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
      > } } | null };

export type FeedQueryVariables = Exact<{
  filter?: InputMaybe<HistoryFilter>;
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  comments?: Scalars['Int']['input'];
}>;


export type FeedQuery = { feed: { liveCursor: string, totalCount: { count: number, precision: CountPrecision }, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<
      | { __typename: 'Call', callState: CallState, durationSeconds: number | null, recordingUrl: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
      | { __typename: 'Email', subject: string | null, text: string | null, editedAt: string | null, emailState: EmailState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, parts: Array<
          | { __typename: 'TextPart', text: string }
          | { __typename: 'ImagePart', url: string, alt: string | null }
          | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
        >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
      | { __typename: 'IdentityEvent', action: IdentityAction, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, merge: { id: string, active: boolean } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
      | { __typename: 'Message', text: string | null, editedAt: string | null, deliveryState: DeliveryState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, parts: Array<
          | { __typename: 'TextPart', text: string }
          | { __typename: 'ImagePart', url: string, alt: string | null }
          | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
        >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
      | { __typename: 'Note', text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
      | { __typename: 'PageView', url: string, title: string | null, category: string | null, objectId: string | null, description: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
      | { __typename: 'RecordEvent', recordType: string, recordId: string | null, recordState: string | null, text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
    > } };

export type ItemCommentsQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ItemCommentsQuery = { node:
    | { id: string, comments: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
    | { id: string, comments: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
    | { id: string, comments: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
    | { id: string, comments: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
    | { id: string, comments: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
    | { id: string, comments: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
    | { id: string, comments: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
    | Record<PropertyKey, never>
   | null };

export type AddCommentMutationVariables = Exact<{
  itemId: Scalars['ID']['input'];
  text: Scalars['String']['input'];
}>;


export type AddCommentMutation = { addComment: { comment: { id: string, text: string, author: string, createdAt: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type MendFragment = { code: UserErrorCode, message: string, path: Array<string> | null };

export type LiveHistorySubscriptionVariables = Exact<{
  id: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<HistoryFilter>;
  comments?: Scalars['Int']['input'];
}>;


export type LiveHistorySubscription = { event:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'CustomerRelinked', cursor: string, customer: { id: string } }
    | { __typename: 'HistoryItemAdded', cursor: string, item:
        | { __typename: 'Call', callState: CallState, durationSeconds: number | null, recordingUrl: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Email', subject: string | null, text: string | null, editedAt: string | null, emailState: EmailState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'IdentityEvent', action: IdentityAction, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, merge: { id: string, active: boolean } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Message', text: string | null, editedAt: string | null, deliveryState: DeliveryState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Note', text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'PageView', url: string, title: string | null, category: string | null, objectId: string | null, description: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'RecordEvent', recordType: string, recordId: string | null, recordState: string | null, text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
       }
    | { __typename: 'HistoryItemRemoved', itemId: string, cursor: string }
    | { __typename: 'HistoryItemUpdated', cursor: string, item:
        | { __typename: 'Call', callState: CallState, durationSeconds: number | null, recordingUrl: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Email', subject: string | null, text: string | null, editedAt: string | null, emailState: EmailState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'IdentityEvent', action: IdentityAction, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, merge: { id: string, active: boolean } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Message', text: string | null, editedAt: string | null, deliveryState: DeliveryState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Note', text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'PageView', url: string, title: string | null, category: string | null, objectId: string | null, description: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'RecordEvent', recordType: string, recordId: string | null, recordState: string | null, text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
       }
    | { __typename: 'HistoryReset', reason: string, cursor: string }
   };

export type LiveFeedSubscriptionVariables = Exact<{
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<HistoryFilter>;
  comments?: Scalars['Int']['input'];
}>;


export type LiveFeedSubscription = { event:
    | { __typename: 'CaughtUp', cursor: string }
    | { __typename: 'CustomerRelinked', cursor: string }
    | { __typename: 'HistoryItemAdded', cursor: string, item:
        | { __typename: 'Call', callState: CallState, durationSeconds: number | null, recordingUrl: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Email', subject: string | null, text: string | null, editedAt: string | null, emailState: EmailState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'IdentityEvent', action: IdentityAction, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, merge: { id: string, active: boolean } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Message', text: string | null, editedAt: string | null, deliveryState: DeliveryState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Note', text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'PageView', url: string, title: string | null, category: string | null, objectId: string | null, description: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'RecordEvent', recordType: string, recordId: string | null, recordState: string | null, text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
       }
    | { __typename: 'HistoryItemRemoved', itemId: string, cursor: string }
    | { __typename: 'HistoryItemUpdated', cursor: string, item:
        | { __typename: 'Call', callState: CallState, durationSeconds: number | null, recordingUrl: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Email', subject: string | null, text: string | null, editedAt: string | null, emailState: EmailState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'IdentityEvent', action: IdentityAction, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, merge: { id: string, active: boolean } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Message', text: string | null, editedAt: string | null, deliveryState: DeliveryState | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, parts: Array<
            | { __typename: 'TextPart', text: string }
            | { __typename: 'ImagePart', url: string, alt: string | null }
            | { __typename: 'FilePart', url: string, name: string | null, contentType: string | null }
          >, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'Note', text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'PageView', url: string, title: string | null, category: string | null, objectId: string | null, description: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
        | { __typename: 'RecordEvent', recordType: string, recordId: string | null, recordState: string | null, text: string | null, editedAt: string | null, id: string, kind: HistoryKind, occurredAt: string, channel: Channel, direction: Direction | null, summary: string, source: string, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, identity: { kind: IdentityKind, value: string } | null, comments: { totalCount: { count: number }, nodes: Array<{ id: string, text: string, author: string, createdAt: string }> } }
       }
    | { __typename: 'HistoryReset', reason: string, cursor: string }
   };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { viewer: { subject: string, tenant: string, role: Role } };

export type TokenEndQueryVariables = Exact<{ [key: string]: never; }>;


export type TokenEndQuery = { viewer: { expiresAt: string | null } };

export type CustomersQueryVariables = Exact<{
  filter?: InputMaybe<CustomerFilter>;
  orderBy: CustomerOrder;
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type CustomersQuery = { customers: { totalCount: { count: number, precision: CountPrecision }, pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ status: CustomerStatus, stage: LifecycleStage, tags: Array<string>, lastSeenAt: string | null, id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null, stats: { total: number } }> } };

export type FindPeopleQueryVariables = Exact<{
  query: Scalars['String']['input'];
  first: Scalars['Int']['input'];
}>;


export type FindPeopleQuery = { search: { nodes: Array<{ customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }, matches: Array<{ field: string, fragment: string, ranges: Array<{ start: number, end: number }> }> }> } };

export type SearchAllQueryVariables = Exact<{
  query: Scalars['String']['input'];
  scopes: Array<SearchScope> | SearchScope;
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type SearchAllQuery = { search: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ customer: { lastSeenAt: string | null, id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }, item:
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
       | null, matches: Array<{ field: string, fragment: string, ranges: Array<{ start: number, end: number }> }> }> } };

export type ProfileFragment = { version: number, emails: Array<string>, phoneNumbers: Array<string>, status: CustomerStatus, stage: LifecycleStage, tags: Array<string>, traits: unknown, createdAt: string, lastSeenAt: string | null, id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null, stats: { total: number, lastInboundAt: string | null, lastOutboundAt: string | null, byKind: Array<{ kind: HistoryKind, count: number }> }, identities: { totalCount: { count: number }, pageInfo: { hasNextPage: boolean }, nodes: Array<{ id: string, kind: IdentityKind, kinds: Array<IdentityKind>, value: string, namespace: string | null, verification: Verification, shared: boolean, firstSeenAt: string, lastSeenAt: string }> }, merges: { nodes: Array<{ id: string, active: boolean, rule: LinkRule, source: string, actor: string | null, reason: string | null, createdAt: string, undoneAt: string | null, undoneBy: string | null, customers: Array<{ id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }>, from: { kind: IdentityKind, value: string } | null, to: { kind: IdentityKind, value: string } | null }> }, keptApart: Array<{ id: string, createdAt: string, actor: string | null, customers: Array<{ id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }> }>, suggestions: Array<{ lastSeenAt: string | null, id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }> };

export type AddressFragment = { id: string, kind: IdentityKind, kinds: Array<IdentityKind>, value: string, namespace: string | null, verification: Verification, shared: boolean, firstSeenAt: string, lastSeenAt: string };

export type MergeTextFragment = { id: string, active: boolean, rule: LinkRule, source: string, actor: string | null, reason: string | null, createdAt: string, undoneAt: string | null, undoneBy: string | null, customers: Array<{ id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }>, from: { kind: IdentityKind, value: string } | null, to: { kind: IdentityKind, value: string } | null };

export type CustomerPageQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type CustomerPageQuery = { customer: { version: number, emails: Array<string>, phoneNumbers: Array<string>, status: CustomerStatus, stage: LifecycleStage, tags: Array<string>, traits: unknown, createdAt: string, lastSeenAt: string | null, id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null, stats: { total: number, lastInboundAt: string | null, lastOutboundAt: string | null, byKind: Array<{ kind: HistoryKind, count: number }> }, identities: { totalCount: { count: number }, pageInfo: { hasNextPage: boolean }, nodes: Array<{ id: string, kind: IdentityKind, kinds: Array<IdentityKind>, value: string, namespace: string | null, verification: Verification, shared: boolean, firstSeenAt: string, lastSeenAt: string }> }, merges: { nodes: Array<{ id: string, active: boolean, rule: LinkRule, source: string, actor: string | null, reason: string | null, createdAt: string, undoneAt: string | null, undoneBy: string | null, customers: Array<{ id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }>, from: { kind: IdentityKind, value: string } | null, to: { kind: IdentityKind, value: string } | null }> }, keptApart: Array<{ id: string, createdAt: string, actor: string | null, customers: Array<{ id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }> }>, suggestions: Array<{ lastSeenAt: string | null, id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }> } | null };

export type MoreIdentitiesQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type MoreIdentitiesQuery = { customer: { id: string, identities: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, kind: IdentityKind, kinds: Array<IdentityKind>, value: string, namespace: string | null, verification: Verification, shared: boolean, firstSeenAt: string, lastSeenAt: string }> } } | null };

export type ActivityQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  days: Scalars['Int']['input'];
  offsetMinutes: Scalars['Int']['input'];
}>;


export type ActivityQuery = { customer: { id: string, activity: Array<{ day: string, count: number, channels: Array<{ channel: Channel, count: number }> }> } | null };

export type WhyLinkedQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type WhyLinkedQuery = { node:
    | { id: string, evidence: Array<{ rule: LinkRule, source: string, at: string, actor: string | null, from: { kind: IdentityKind, value: string } | null, to: { kind: IdentityKind, value: string } | null }> }
    | Record<PropertyKey, never>
   | null };

export type MergePreviewQueryVariables = Exact<{
  ids: Array<Scalars['ID']['input']> | Scalars['ID']['input'];
}>;


export type MergePreviewQuery = { mergePreview: { expectedVersion: number | null, emails: Array<string>, phoneNumbers: Array<string>, customer: { createdAt: string, id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, merged: Array<{ id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }>, warnings: Array<{ rule: HoldRule, message: string, refused: boolean }>, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type RulesQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type RulesQuery = { customer: { id: string, keptApart: Array<{ id: string, customers: Array<{ id: string }> }> } | null };

export type MergeMutationVariables = Exact<{
  ids: Array<Scalars['ID']['input']> | Scalars['ID']['input'];
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  reason?: InputMaybe<Scalars['String']['input']>;
}>;


export type MergeMutation = { mergeCustomers: { customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, merges: Array<{ id: string }>, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type UndoMergeMutationVariables = Exact<{
  mergeId: Scalars['ID']['input'];
  keepApart: Scalars['Boolean']['input'];
}>;


export type UndoMergeMutation = { undoMerge: { customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, parted: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type SplitMutationVariables = Exact<{
  customerId: Scalars['ID']['input'];
  identityIds: Array<Scalars['ID']['input']> | Scalars['ID']['input'];
  keepApart: Scalars['Boolean']['input'];
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
}>;


export type SplitMutation = { splitCustomer: { customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, parted: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type UpdateCustomerMutationVariables = Exact<{
  input: UpdateCustomerInput;
}>;


export type UpdateCustomerMutation = { updateCustomer: { customer: { version: number, status: CustomerStatus, stage: LifecycleStage, tags: Array<string>, id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type UpdateIdentityMutationVariables = Exact<{
  input: UpdateIdentityInput;
}>;


export type UpdateIdentityMutation = { updateIdentity: { identity: { id: string, kind: IdentityKind, kinds: Array<IdentityKind>, value: string, namespace: string | null, verification: Verification, shared: boolean, firstSeenAt: string, lastSeenAt: string } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type AllowTogetherMutationVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type AllowTogetherMutation = { allowTogether: { customers: Array<{ id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }>, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type EraseMutationVariables = Exact<{
  customerId: Scalars['ID']['input'];
  dryRun: Scalars['Boolean']['input'];
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
}>;


export type EraseMutation = { eraseCustomer: { receipt: { customerId: string, customerIds: Array<string>, at: string, dryRun: boolean, rows: Array<{ table: string, count: number }> } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type SourceFragment = { id: string, kind: SourceKind, name: string, url: string, writeKey: string | null, verifyToken: string | null, answer: string | null, addresses: Array<string>, enabled: boolean, createdAt: string, stats: { received: number, recorded: number, duplicates: number, rejected: number, unknown: number, refused: number, lastReceivedAt: string | null, lastRefusal: { at: string, reason: string } | null } };

export type SourcesQueryVariables = Exact<{
  first: Scalars['Int']['input'];
}>;


export type SourcesQuery = { sources: { nodes: Array<{ id: string, kind: SourceKind, name: string, url: string, writeKey: string | null, verifyToken: string | null, answer: string | null, addresses: Array<string>, enabled: boolean, createdAt: string, stats: { received: number, recorded: number, duplicates: number, rejected: number, unknown: number, refused: number, lastReceivedAt: string | null, lastRefusal: { at: string, reason: string } | null } }> } };

export type CreateSourceMutationVariables = Exact<{
  input: CreateSourceInput;
}>;


export type CreateSourceMutation = { createSource: { secret: string | null, source: { id: string, kind: SourceKind, name: string, url: string, writeKey: string | null, verifyToken: string | null, answer: string | null, addresses: Array<string>, enabled: boolean, createdAt: string, stats: { received: number, recorded: number, duplicates: number, rejected: number, unknown: number, refused: number, lastReceivedAt: string | null, lastRefusal: { at: string, reason: string } | null } } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type UpdateSourceMutationVariables = Exact<{
  input: UpdateSourceInput;
}>;


export type UpdateSourceMutation = { updateSource: { source: { id: string, kind: SourceKind, name: string, url: string, writeKey: string | null, verifyToken: string | null, answer: string | null, addresses: Array<string>, enabled: boolean, createdAt: string, stats: { received: number, recorded: number, duplicates: number, rejected: number, unknown: number, refused: number, lastReceivedAt: string | null, lastRefusal: { at: string, reason: string } | null } } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type RotateSourceSecretMutationVariables = Exact<{
  sourceId: Scalars['ID']['input'];
}>;


export type RotateSourceSecretMutation = { rotateSourceSecret: { secret: string | null, source: { id: string, kind: SourceKind, name: string, url: string, writeKey: string | null, verifyToken: string | null, answer: string | null, addresses: Array<string>, enabled: boolean, createdAt: string, stats: { received: number, recorded: number, duplicates: number, rejected: number, unknown: number, refused: number, lastReceivedAt: string | null, lastRefusal: { at: string, reason: string } | null } } | null, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type SourceEventsQueryVariables = Exact<{
  sourceId?: InputMaybe<Scalars['ID']['input']>;
  outcomes?: InputMaybe<Array<SourceEventOutcome> | SourceEventOutcome>;
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type SourceEventsQuery = { sourceEvents: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, sourceId: string, at: string, outcome: SourceEventOutcome, type: string, externalId: string | null, errors: Array<{ code: UserErrorCode, message: string, path: Array<string> }> } }> } };

export type SourceEventPayloadQueryVariables = Exact<{
  sourceId?: InputMaybe<Scalars['ID']['input']>;
  outcomes?: InputMaybe<Array<SourceEventOutcome> | SourceEventOutcome>;
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type SourceEventPayloadQuery = { sourceEvents: { nodes: Array<{ id: string, payload: unknown | null }> } };

export type SourceEventIdsQueryVariables = Exact<{
  sourceId?: InputMaybe<Scalars['ID']['input']>;
  outcomes?: InputMaybe<Array<SourceEventOutcome> | SourceEventOutcome>;
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type SourceEventIdsQuery = { sourceEvents: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, sourceId: string }> } };

export type ReplaySourceEventsMutationVariables = Exact<{
  sourceId: Scalars['ID']['input'];
  eventIds?: InputMaybe<Array<Scalars['ID']['input']> | Scalars['ID']['input']>;
}>;


export type ReplaySourceEventsMutation = { replaySourceEvents: { replayed: number, settled: number, kept: number, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type ReviewsQueryVariables = Exact<{
  state: ReviewState;
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ReviewsQuery = { linkReviews: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, nodes: Array<{ id: string, state: ReviewState, rule: HoldRule, message: string, source: string, createdAt: string, decidedAt: string | null, decidedBy: string | null, customers: Array<{ lastSeenAt: string | null, id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null }>, identities: Array<{ kind: IdentityKind, value: string, verification: Verification }> }> } };

export type HeldCountQueryVariables = Exact<{ [key: string]: never; }>;


export type HeldCountQuery = { linkReviews: { totalCount: { count: number } } };

export type DecideMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  decision: ReviewDecision;
}>;


export type DecideMutation = { resolveLinkReview: { review: { id: string, state: ReviewState, decidedAt: string | null, decidedBy: string | null } | null, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null } | null, merges: Array<{ id: string }>, keptApart: Array<{ id: string }>, userErrors: Array<{ code: UserErrorCode, message: string, path: Array<string> | null }> } };

export type CallCardFragment = { id: string, callState: CallState, occurredAt: string, direction: Direction | null, identity: { kind: IdentityKind, value: string } | null, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null, history: { nodes: Array<
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
      > } } | null };

export type IncomingCallsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type IncomingCallsSubscription = { incomingCalls: { call: { id: string, callState: CallState, occurredAt: string, direction: Direction | null, identity: { kind: IdentityKind, value: string } | null, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null, history: { nodes: Array<
            | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
            | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
            | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
            | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
            | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
            | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
            | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
          > } } | null }, caller: { kind: IdentityKind, value: string } | null } };

export type RingingCallsQueryVariables = Exact<{ [key: string]: never; }>;


export type RingingCallsQuery = { ringingCalls: Array<{ id: string, callState: CallState, occurredAt: string, direction: Direction | null, identity: { kind: IdentityKind, value: string } | null, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null, history: { nodes: Array<
          | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
          | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
          | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
          | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
          | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
          | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
          | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
        > } } | null }> };

export type RecentCallsQueryVariables = Exact<{
  since: Scalars['DateTime']['input'];
}>;


export type RecentCallsQuery = { feed: { nodes: Array<
      | { id: string, callState: CallState, occurredAt: string, direction: Direction | null, identity: { kind: IdentityKind, value: string } | null, customer: { id: string, name: string | null, primaryEmail: string | null, primaryPhone: string | null, history: { nodes: Array<
              | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
              | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
              | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
              | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
              | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
              | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
              | { id: string, kind: HistoryKind, channel: Channel, direction: Direction | null, occurredAt: string, summary: string }
            > } } | null }
      | Record<PropertyKey, never>
    > } };

export type OpenCallsQueryVariables = Exact<{
  ids: Array<Scalars['ID']['input']> | Scalars['ID']['input'];
}>;


export type OpenCallsQuery = { nodes: Array<
    | { id: string, callState: CallState }
    | Record<PropertyKey, never>
   | null> };
