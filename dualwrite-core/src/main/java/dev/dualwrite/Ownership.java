package dev.dualwrite;

/**
 * Which database decides commits, and whether it may. Read under the fence, once per transaction.
 *
 * @param owner the side whose fence row was read and that has not handed over
 * @param state what that row says
 * @param phase the phase in that row
 * @param epoch rises with every change of ownership or phase
 */
public record Ownership(Side owner, FenceState state, Phase phase, long epoch) {}
