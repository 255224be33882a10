package dev.dualwrite.model;

import java.util.Arrays;

/**
 * The states that were reached, two cells in a byte, each with the state that it was reached from first. Grows by pages, and
 * finds a state by open addressing.
 */
final class States {
    private static final int WIDTH = World.CELLS / 2;
    private static final int PAGE = 1 << 14;

    private byte[][] pages = new byte[64][];
    private int[] from = new int[1 << 16];
    private int[] table = new int[1 << 17];
    private int size;

    int size() {
        return size;
    }

    /** The state's index; a new one is the last. */
    int add(World world, int reachedFrom) {
        byte[] packed = pack(world);
        int slot = slot(packed);
        if (table[slot] != 0) {
            return table[slot] - 1;
        }
        if (size == from.length) {
            from = Arrays.copyOf(from, 2 * size);
        }
        if (size / PAGE == pages.length) {
            pages = Arrays.copyOf(pages, 2 * pages.length);
        }
        if (size % PAGE == 0) {
            pages[size / PAGE] = new byte[PAGE * WIDTH];
        }
        System.arraycopy(packed, 0, pages[size / PAGE], size % PAGE * WIDTH, WIDTH);
        from[size] = reachedFrom;
        table[slot] = ++size;
        if (size > table.length / 2) {
            rehash();
        }
        return size - 1;
    }

    World get(int index) {
        byte[] cells = new byte[World.CELLS];
        byte[] page = pages[index / PAGE];
        int offset = index % PAGE * WIDTH;
        for (int i = 0; i < WIDTH; i++) {
            cells[2 * i] = (byte) (page[offset + i] & 15);
            cells[2 * i + 1] = (byte) ((page[offset + i] >> 4) & 15);
        }
        return new World(cells);
    }

    int reachedFrom(int index) {
        return from[index];
    }

    private static byte[] pack(World world) {
        byte[] cells = world.cells();
        byte[] packed = new byte[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            packed[i] = (byte) (cells[2 * i] | (cells[2 * i + 1] << 4));
        }
        return packed;
    }

    /** Where the state stands in the table, or is to stand. */
    private int slot(byte[] packed) {
        int slot = spread(Arrays.hashCode(packed));
        while (table[slot] != 0) {
            int index = table[slot] - 1;
            int offset = index % PAGE * WIDTH;
            if (Arrays.equals(packed, 0, WIDTH, pages[index / PAGE], offset, offset + WIDTH)) {
                return slot;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private int spread(int hash) {
        long mixed = hash * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & (table.length - 1);
    }

    private void rehash() {
        table = new int[2 * table.length];
        for (int index = 0; index < size; index++) {
            byte[] page = pages[index / PAGE];
            int offset = index % PAGE * WIDTH;
            table[slot(Arrays.copyOfRange(page, offset, offset + WIDTH))] = index + 1;
        }
    }
}
