package dev.dualwrite.samples.settlement;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What was settled: how many instructions, and what they amount to. */
public record Turnover(int instructions, BigDecimal amount) {
    static final Turnover NONE = new Turnover(0, new BigDecimal("0.00"));

    static Turnover of(List<Instruction> all) {
        return new Turnover(all.size(), all.stream().map(Instruction::amount).reduce(NONE.amount(), BigDecimal::add));
    }

    Turnover plus(Turnover other) {
        return new Turnover(instructions + other.instructions, amount.add(other.amount));
    }

    byte[] toBytes() {
        return (instructions + " " + amount).getBytes(StandardCharsets.US_ASCII);
    }

    static Turnover ofBytes(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.US_ASCII);
        int space = text.indexOf(' ');
        return new Turnover(Integer.parseInt(text.substring(0, space)), new BigDecimal(text.substring(space + 1)));
    }
}
