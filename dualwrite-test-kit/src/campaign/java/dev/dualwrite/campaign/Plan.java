package dev.dualwrite.campaign;

import dev.dualwrite.Reader;
import dev.dualwrite.jdbc.DualWriteBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * All that is drawn for one run. The same seed gives the same plan; in which order threads come by is not part of it.
 *
 * @param instances those in this JVM; one more is in a child
 * @param sealing whether a side that has handed over is sealed
 * @param cohort by which steps it grows
 * @param autocommitReads whether reads in autocommit count as declared
 * @param targetFirst whether tokens are read on the target first, and else on the source
 * @param moreAtTheEnd whether ownership has to move once more when all faults are over
 */
record Plan(
        long seed,
        List<Table> tables,
        List<Options> instances,
        Options child,
        boolean sealing,
        List<Step> steps,
        List<Fault> faults,
        List<Growth> cohort,
        boolean autocommitReads,
        boolean targetFirst,
        boolean moreAtTheEnd) {

    static Plan of(long seed) {
        Draw draw = new Draw(seed);
        List<Table> tables = new ArrayList<>();
        Draw schema = draw.part("schema");
        int count = schema.between(1, 4);
        for (int i = 1; i <= count; i++) {
            tables.add(Table.draw(schema, i));
        }
        Draw setting = draw.part("instances");
        List<Options> instances = new ArrayList<>(List.of(Options.draw(setting)));
        if (setting.chance(40)) {
            instances.add(Options.draw(setting));
        }
        List<Step> steps = Step.draw(draw.part("steps"));
        Draw reads = draw.part("reads");
        return new Plan(
                seed,
                List.copyOf(tables),
                List.copyOf(instances),
                Options.draw(setting),
                setting.chance(75),
                steps,
                Fault.draw(draw.part("faults"), steps),
                Growth.draw(reads),
                reads.chance(50),
                reads.chance(50),
                draw.part("end").chance(20));
    }

    /** What a client draws its work from. */
    Draw load(int client) {
        return new Draw(seed).part("client " + client);
    }

    /** What all instances have in common. */
    DualWriteBuilder on(DualWriteBuilder builder) {
        builder.tables(tableNames().toArray(new String[0]))
                .appendOnly(Counters.TOKEN)
                .sealing(sealing);
        return autocommitReads ? builder.autocommitReads() : builder;
    }

    /** Whom a client reads as; a third of them have no key. */
    Reader reader(int client) {
        Draw readers = new Draw(seed).part("readers");
        boolean known = true;
        for (int i = 0; i <= client; i++) {
            known = readers.chance(67);
        }
        return Reader.of(known ? "c" + client : "").with(Growth.TENANT, "t" + client % 3);
    }

    List<String> tableNames() {
        List<String> names = new ArrayList<>(tables.stream().map(Table::name).toList());
        names.addAll(List.of(Counters.COUNTER, Counters.TOKEN));
        return names;
    }

    /** For people, one line for each part. */
    String describe() {
        StringBuilder text = new StringBuilder("plan of seed " + seed + (sealing ? ", sealed" : ", not sealed"));
        tables.forEach(table -> text.append("\n  table ").append(table));
        instances.forEach(instance -> text.append("\n  instance ").append(instance));
        text.append("\n  child ").append(child);
        for (int i = 0; i < steps.size(); i++) {
            text.append("\n  step ").append(i).append(' ').append(steps.get(i));
        }
        text.append("\n  cohort ").append(cohort);
        text.append(autocommitReads ? "\n  autocommitReads()" : "");
        text.append(targetFirst ? "\n  tokens are read on the target first" : "");
        faults.forEach(fault -> text.append("\n  fault ").append(fault));
        return text.append(moreAtTheEnd ? "\n  and a move at the end" : "").toString();
    }
}
