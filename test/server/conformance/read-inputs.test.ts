import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { formatInputsSchema } from "../../../scripts/replay/inputs-schema.ts";
import { InputsError, readInputs } from "../../../scripts/replay/read-inputs.ts";

/** What reading a file complains about, one line a fault. */
function faultsOf(text: string): string[] {
  try {
    readInputs("inputs.json", text);
  } catch (error) {
    assert.ok(error instanceof InputsError);
    return error.message.split("\n");
  }
  return [];
}

describe("an inputs file", () => {
  it("is read when it is as its schema says", () => {
    const text = JSON.stringify({
      about: "two months",
      periods: [
        { period: 1, figures: { poolClosing: "90.00" }, expected: { paid: { fee: "1.50" } } },
        { period: 2, expected: { balances: { A: { value: "3.00", basis: "computed" } } } },
      ],
    });
    assert.equal(readInputs("inputs.json", text).inputs.periods.length, 2);
  });

  it("has a published schema that is the reader's own", async () => {
    const file = new URL("../../../scripts/replay/inputs.schema.json", import.meta.url);
    assert.deepEqual(
      JSON.parse(await readFile(file, "utf8")) as unknown,
      JSON.parse(formatInputsSchema()) as unknown,
    );
  });

  it("is refused with the place where it stops being JSON", () => {
    const [fault] = faultsOf('{\n  "periods": [}\n');
    assert.match(fault ?? "", /^inputs\.json:2:1\d: this is not JSON: /);
  });

  it("is refused with every fault at its line and column", () => {
    const text = [
      '{"periods": [',
      '  {"period": 1,',
      '   "figures": {"poolClosing": 90},',
      '   "expected": {"paid": {"fee": "1,50"}, "foo": {}}}',
      "]}",
    ].join("\n");
    const faults = faultsOf(text);
    assert.equal(faults.length, 3);
    assert.ok(
      faults.includes(
        'inputs.json:3:16: periods[1].figures.poolClosing: write a number in quotes, such as "123.45"',
      ),
    );
    assert.ok(
      faults.some((fault) => fault.startsWith("inputs.json:4:26: periods[1].expected.paid.fee: ")),
    );
    assert.ok(
      faults.some((fault) =>
        fault.startsWith("inputs.json:4:42: periods[1].expected.foo: there is no such key"),
      ),
    );
  });

  it("is refused when a figure stands in it twice", () => {
    const text = '{"periods": [{"period": 1, "figures": {"a": "1.00",\n"a": "2.00"}}]}';
    assert.deepEqual(faultsOf(text), ["inputs.json:2:1: Map keys must be unique"]);
  });

  it("is refused when its periods do not follow each other", () => {
    const text = '{"periods": [{"period": 1}, {"period": 3}]}';
    assert.deepEqual(faultsOf(text), [
      "inputs.json:1:30: periods[2].period: write 2: periods are consecutive",
    ]);
  });

  it("begins with a later period only when it states the state before it", () => {
    const [fault] = faultsOf('{"periods": [{"period": 7}]}');
    assert.match(fault ?? "", /give the state before it as `opening`$/);
    assert.deepEqual(
      faultsOf('{"opening": {"balances": {"A": "1.00"}}, "periods": [{"period": 7}]}'),
      [],
    );
  });
});
