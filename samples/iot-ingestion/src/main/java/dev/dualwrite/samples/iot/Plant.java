package dev.dualwrite.samples.iot;

/** Harm that is done behind everybody's back, to show that the verdict notices. */
public enum Plant {
    NOTHING,
    /** One acknowledged reading is deleted on the owner. */
    LOST,
    /** One row of the history is changed on the follower. */
    CHANGED
}
