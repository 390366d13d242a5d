import { describe, expect, it } from "vitest";
import { markdown, xml } from "./escape.ts";

describe("escaping", () => {
  it("leaves no markup in Markdown, and numbers and names as they are", () => {
    expect(markdown("a|b `c` *d* _e_\nf")).toBe("a\\|b \\`c\\` \\*d\\* \\_e\\_ f");
    expect(markdown("<script>&")).toBe("&lt;script&gt;&amp;");
    expect(markdown("[x](javascript:y) ![z][w] [q]: u")).toBe("[x\\](javascript:y) ![z\\][w] [q\\]: u");
    expect(markdown("# one")).toBe("\\# one");
    expect(markdown("1. one")).toBe("1\\. one");
    expect(markdown("- one")).toBe("\\- one");
    expect(markdown("see https://x.y www.z.w @someone")).toBe("see https:\u200B//x.y www\u200B.z.w @\u200Bsomeone");
    expect(markdown("embedded:small (toy), 0.460 [0.444, 0.476]")).toBe("embedded:small (toy), 0.460 [0.444, 0.476]");
  });

  it("leaves nothing in XML that ends an attribute or is no character", () => {
    expect(xml("<a b=\"c\" d='e'>&\u0007\n")).toBe("&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;\\u0007&#10;");
  });
});
