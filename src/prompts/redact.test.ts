import { describe, expect, it } from "vitest";
import { openRedactor } from "./redact.ts";

const redact = await openRedactor();

describe("redaction", () => {
  it.each([
    ["Write to ann.o'brien+x@mail.example.co.uk today.", "Write to [email] today."],
    ["müller@bücher.example, please", "[email], please"],
    ["Thanks @old_town.bakery and u/crumb-fan!", "Thanks [handle] and [handle]!"],
    ["Card 4111 1111 1111 1111, exp 12/30", "Card [card], exp 12/30"],
    ["amex 378282246310005.", "amex [card]."],
    ["to DE89 3704 0044 0532 0130 00 THANK YOU", "to [id] THANK YOU"],
    ["IBAN GB29NWBK60161331926819", "IBAN [id]"],
    ["my ssn is 219-09-9999", "my ssn is [id]"],
    ["NI AB 12 34 56 C here", "NI [id] here"],
    ["Passport no. X1234567 was lost", "Passport no. [id] was lost"],
    ["account number: 00-1234-5678", "account number: [id]"],
    ["Call (212) 555-2368 or +44 20 7946 0958.", "Call [phone] or [phone]."],
    ["ring 020 7946 0958 after six", "ring [phone] after six"],
    ["+49 30 901820 in Berlin", "[phone] in Berlin"],
  ])("replaces what is personal: %s", (text, expected) => {
    const result = redact(text);
    expect(result.text).toBe(expected);
    expect(result.replaced).toBe(expected.match(/\[\w+\]/g)?.length);
  });

  it.each([
    "Open 9-17, 4 stars out of 5, since 1998.",
    "We paid 12,50 for 2 @ 6.25 and waited 1 h 20 min.",
    "The 2019 2020 season had 10,000,000 visitors.",
    "Order 1234567890123456 is no card: its checksum is wrong.",
    "0000 0000 0000 0000",
    "Flight AB1234 left at 10:45 on 2024-03-01.",
    "Our id badge and the tax office on 5th street.",
    "",
  ])("leaves what is not: %s", (text) => {
    expect(redact(text)).toEqual({ text, replaced: 0 });
  });

  it("knows the national numbers of the countries it is told", async () => {
    const text = "ruf 030 901820 an";
    expect(redact(text).replaced).toBe(0);
    expect((await openRedactor(["DE"]))(text).text).toBe("ruf [phone] an");
    await expect(openRedactor(["XX"])).rejects.toThrow(
      "redact.countries: XX is no country's code (ISO 3166); did you mean AX, CX, MX, SX or XK?",
    );
    await expect(openRedactor(["UK"])).rejects.toThrow(/UK is no country.* did you mean GB\?$/);
  });

  it.each([
    ["an address", "a".repeat(200_000)],
    ["a number or a domain", `${"1 ".repeat(20_000)}${"a.".repeat(20_000)}`],
  ])("leaves long runs of what might begin %s", (_, text) => expect(redact(text)).toEqual({ text, replaced: 0 }));
});
