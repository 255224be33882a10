package dev.dualwrite.samples.settlement;

import java.math.BigDecimal;

/** One payment of a file: so much from one account to another. */
public record Instruction(int position, long payer, long payee, BigDecimal amount) {}
