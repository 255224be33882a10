package dev.dualwrite.key;

/** The stripes of units. A unit's lane follows from the unit alone, in Java and in SQL alike. */
public final class Lanes {
    /** How many lanes there are. Fixed: it stands in the control tables of every migration. */
    public static final int COUNT = 1024;

    private Lanes() {}

    /** The lane of a unit, 0 to {@link #COUNT} - 1. */
    public static int of(Unit unit) {
        byte[] bytes = unit.bytes();
        return (((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF)) % COUNT;
    }

    /** The same as an expression over a column that holds a unit. */
    public static String expression(String unitColumn) {
        return "(ASCII(LEFT(" + unitColumn + ", 1)) * 256 + ASCII(SUBSTRING(" + unitColumn + ", 2, 1))) % " + COUNT;
    }
}
