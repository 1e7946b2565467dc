import { asked, sum } from "./process";
import { bare, counting, layered, small } from "./published";

test("§3.4: twenty repositories that share three layers read each of them once and write it once", () =>
  counting(async ({ source, destination, open, publish }) => {
    const names = Array.from({ length: 20 }, (_, at) => `app${at}`);
    const declared = await Promise.all(
      names.map((name) =>
        publish(layered(["a", "b", "c", `own ${name}`]), "not", name),
      ),
    );
    const { up } = open();
    await Promise.all(declared.map((inputs) => up({ ...inputs, ...bare })));
    const found = [asked(source), asked(destination)] as const;
    expect(found[0]).toMatchObject({
      challenge: 1,
      "HEAD manifest": 20,
      "GET manifest": 20,
      "GET blob": 3 + 2 * 20,
    });
    expect(found[1]).toMatchObject({
      challenge: 1,
      "POST upload": 5 * 20,
      "PUT upload": 3 + 2 * 20,
      "HEAD blob": 3 * 19, // each mount is looked at (W91)
      "PUT manifest": 2 * 20,
      "GET manifest": 20,
      "HEAD manifest": 2 * 20,
    });
    expect(found.map(sum)).toEqual([83, 300]);
  }));

test("two resources of one source ask it once for each thing", () =>
  counting(async ({ source, open, publish }) => {
    const inputs = await publish(small, "by tag");
    const { up } = open();
    const destination = `${String(inputs.destination)}-too`;
    await Promise.all([up(inputs), up({ ...inputs, destination })]);
    expect(asked(source)).toMatchObject({
      "HEAD manifest": 1,
      "GET manifest": 4,
      "GET referrers": 2,
      "GET blob": 6,
    });
  }));
