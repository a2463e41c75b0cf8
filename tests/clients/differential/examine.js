// Asks the server and holds what it says against the oracle, for one request.

import { AnswerCheck, LEAVES } from './answer.js';
import { kindOf } from './kinds.js';
import { repeatedKeys } from './places.js';
import { PATIENT_MS, post } from './post.js';
import { reworded } from './reword.js';
import { Shapes } from './shapes.js';

/** Codes of a request that does not run; a stream that could not start has others. */
const WRONG = 'GRAPHQL_VALIDATION_FAILED';
const REFUSALS = { parse: 'GRAPHQL_PARSE_FAILED', validate: WRONG, operation: WRONG, variables: WRONG };
const LIMIT = 'DOCUMENT_TOO_COMPLEX';
/** How often two answers that differ are asked for again, since the demo's traffic goes on. */
const TIMES = 3;

/** Examines requests against one server. */
export class Examiner {
  constructor(server, oracle) {
    this.server = server;
    this.oracle = oracle;
  }

  /**
   * What the oracle says, what the server says, and the problems: `[{kind, detail}]`. With a `wording`,
   * `{seed}`, the same question is asked in other words as well.
   */
  async examine(request, wording) {
    const verdict = this.oracle.judge(request);
    const { judged, problems, check } = await this.#ask(request, verdict);
    const answered = check !== undefined && !judged.streamed;
    const result = { verdict, judged, problems, answered, failed: answered && check.body.errors !== undefined };
    if (result.answered && wording !== undefined) {
      await this.#reword(request, verdict, check, wording, result);
    }
    return result;
  }

  async #ask(request, verdict) {
    let answer = await post(this.server, request);
    if (answer.streamed && !answer.text && verdict.refused) {
      answer = await post(this.server, request, PATIENT_MS);
    }
    const problems = [];
    const tell = (kind, detail) => problems.push({ kind: kindOf(kind).id, detail });
    const judged = judgedBy(answer);
    if (verdict.refused && judged.refused) {
      refusal(answer, verdict.refused, judged, tell);
    } else if (verdict.refused) {
      const { stage, why, rules: [rule] } = verdict.refused;
      tell(`accepted ${rule ?? stage}`, `wrong: ${why}`);
    } else if (judged.refused && !judged.limit) {
      tell(judged.code === REFUSALS.parse ? 'refused parse' : 'refused validate', JSON.stringify(answer.body.errors?.[0]?.message));
    }
    if (answer.text && !answer.body) {
      tell('answer', `no JSON: ${answer.text.slice(0, 200)}`);
    }
    if (verdict.refused || judged.refused || judged.failed || !answer.body) {
      return { judged, problems };
    }
    if (!judged.streamed && answer.status !== 200) {
      tell('status', `${answer.status} for a request that ran`);
    }
    repeatedKeys(answer.text, answer.body).forEach((key) => tell('key twice', key));
    const check = new AnswerCheck(new Shapes(this.oracle.schema, verdict), verdict, answer.body).run();
    return { judged, problems: [...problems, ...check.problems], check };
  }

  async #reword(request, verdict, check, wording, result) {
    const other = reworded(request, verdict, this.oracle.schema, wording);
    const otherVerdict = this.oracle.judge(other);
    if (otherVerdict.refused) {
      throw new Error(`reworded into something wrong: ${otherVerdict.refused.why}\n${request.query}\n${other.query}`);
    }
    result.reworded = other;
    const of = { outline: verdict.operation.operation === 'mutation', timeless: request.query.includes('mergePreview') };
    let one = check;
    for (let time = 1; ; time += 1) {
      const { judged, problems, check: two } = await this.#ask(other, otherVerdict);
      const differences = two ? compared(one, two, of) : [];
      if (differences.length === 0 || time === TIMES) {
        Object.assign(result, { otherProblems: [...problems, ...differences], otherLimit: judged.limit });
        return;
      }
      one = (await this.#ask(request, verdict)).check ?? one;
    }
  }
}

/** The form of a refusal that is right. */
function refusal({ body, status }, { stage, rules }, judged, tell) {
  // Definitions of types are no mistake in the grammar of all of GraphQL, and one in that of requests.
  const wanted = rules.includes('ExecutableDefinitionsRule') ? judged.code : REFUSALS[stage];
  if (![wanted, LIMIT].includes(judged.code)) {
    tell('code', `${judged.code}, and ${wanted} is right: ${body.errors?.[0]?.message}`);
  }
  const formed = ({ message, extensions, ...more }) => typeof message === 'string' && typeof extensions?.code === 'string' && !('path' in more);
  if (!Array.isArray(body.errors) || !body.errors.every(formed)) {
    tell('code', `the form of ${JSON.stringify(body)}`);
  }
  if (!judged.streamed && status !== 400) {
    tell('status', `${status} for a request that was refused`);
  }
}

/** What the server made of a request. */
function judgedBy({ body, streamed = false }) {
  const without = body !== undefined && !('data' in body);
  const code = body?.errors?.[0]?.extensions?.code;
  // The source of a subscription may fail: the request was right, and there is no data (section 6.2.3).
  const failed = without && streamed && !Object.values(REFUSALS).includes(code) && code !== LIMIT;
  return { refused: without && !failed, failed, streamed, code, limit: without && code === LIMIT };
}

/**
 * Data up to the order of keys. Of a mutation only its outline, since each run writes; a preview of a merge has the time
 * of asking in it.
 */
const canonical = (value, of) => {
  if (Array.isArray(value)) {
    return of.outline ? 'list' : value.map((item) => canonical(item, of));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, canonical(value[key], of)]));
  }
  if (of.outline && value !== null) {
    return typeof value;
  }
  return of.timeless && LEAVES.DateTime(value) ? 'a time' : value;
};

function compared(one, two, of) {
  const differences = [];
  const [data, otherData] = [one, two].map(({ body }) => JSON.stringify(canonical(body.data, of)));
  if (data !== otherData) {
    const at = [...data].findIndex((character, index) => character !== otherData[index]);
    const around = (text) => text.slice(Math.max(0, at - 60), at + 60);
    differences.push({ kind: kindOf('reworded data').id, detail: `…${around(data)}… and …${around(otherData)}…` });
  }
  const [places, otherPlaces] = [one, two].map(({ failed }) => [...failed.keys()].sort().join(' '));
  if (places !== otherPlaces) {
    const detail = `nulls by errors at ${places || 'none'}, and at ${otherPlaces || 'none'}`;
    differences.push({ kind: kindOf('reworded errors').id, detail });
  }
  return differences;
}
