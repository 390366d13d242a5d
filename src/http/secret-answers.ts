import { CallError } from "../core/errors.ts";
import type { Secrets } from "./secrets.ts";

/** What of an answer is text. */
interface Answered {
  readonly text: string;
}

/**
 * A provider's way to answer, whose answers and failures hold no secret. What a server sends is searched text by text as it comes;
 * here, where an answer leaves the provider, a secret is found whose parts stood in several texts.
 */
export function withoutSecrets<Request, Answer extends Answered>(
  secrets: Secrets,
  answer: (request: Request) => Promise<Answer>,
): (request: Request) => Promise<Answer> {
  return async (request) => {
    try {
      const given = await answer(request);
      const text = secrets.inText(given.text);
      return text === given.text ? given : { ...given, text };
    } catch (error) {
      throw error instanceof CallError ? secrets.inError(error) : error;
    }
  };
}
