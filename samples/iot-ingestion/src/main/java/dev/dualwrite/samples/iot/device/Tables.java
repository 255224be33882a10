package dev.dualwrite.samples.iot.device;

import java.util.List;

/** The application's two tables. */
public final class Tables {
    /** Names, as dualwrite is told them. */
    public static final List<String> NAMES = List.of("device", "reading");

    private static final String DEVICE = """
            CREATE TABLE device (id BIGINT PRIMARY KEY, slot BIGINT NULL, counter BIGINT NOT NULL,
              total BIGINT NOT NULL, lowest BIGINT NOT NULL, highest BIGINT NOT NULL, smoothed BIGINT NOT NULL,
              last_at BIGINT NOT NULL, UNIQUE KEY one_in_slot (slot)) ENGINE=InnoDB""";

    /** The index is not unique: nothing but the application keeps a number from being stored twice, so that it shows. */
    private static final String READING = """
            CREATE TABLE reading (id BIGINT AUTO_INCREMENT PRIMARY KEY, device BIGINT NOT NULL, number BIGINT NOT NULL,
              at BIGINT NOT NULL, value BIGINT NOT NULL, KEY of_device (device, number)) ENGINE=InnoDB""";

    private Tables() {}

    /** Their definitions. */
    public static String[] definitions() {
        return new String[] {DEVICE, READING};
    }
}
